"""What the platform takes as a template card from a robot."""

import copy

import pytest

from bot.sandbox.cards import check_card
from bot.sandbox.refusals import Refusal

from .robots import control, wire

BUTTONS = {
    "card_type": "button_interaction",
    "task_id": "task-1_a@b",
    "main_title": {"title": "请核对"},
    "button_list": [{"text": "提交", "key": "submit"}],
}
VOTE = {
    "card_type": "vote_interaction",
    "task_id": "vote-1",
    "main_title": {"title": "投票"},
    "checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "甲"}]},
    "submit_button": {"text": "提交", "key": "submit"},
}
CHOICES = {
    "card_type": "multiple_interaction",
    "task_id": "choice-1",
    "main_title": {"title": "选择"},
    "select_list": [{"question_key": "q", "option_list": [{"id": "1", "text": "甲"}]}],
    "submit_button": {"text": "提交", "key": "submit"},
}
NOTICE = {"card_type": "text_notice", "sub_title_text": "通知"}


def button(number, **more):
    return {"text": f"按钮{number}", "key": f"key-{number}", **more}


@pytest.mark.parametrize("card", [BUTTONS, VOTE, CHOICES, NOTICE], ids=lambda card: card["card_type"])
def test_card_is_taken_when_complete(card):
    assert check_card(card) == card


@pytest.mark.parametrize(
    ("card", "change"),
    [
        (BUTTONS, {"card_type": "fireworks"}),
        (BUTTONS, {"task_id": None}),
        (BUTTONS, {"task_id": ""}),
        (BUTTONS, {"task_id": "任务"}),
        (BUTTONS, {"task_id": "x" * 129}),
        (BUTTONS, {"main_title": {}}),
        (BUTTONS, {"main_title": "标题"}),
        (BUTTONS, {"button_list": []}),
        (BUTTONS, {"button_list": [button(n) for n in range(7)]}),
        (BUTTONS, {"button_list": [button(1), button(1)]}),
        (BUTTONS, {"button_list": [{"text": "提交"}]}),
        (BUTTONS, {"button_list": [{"key": "submit"}]}),
        (BUTTONS, {"button_list": [button(1, key="k" * 1025)]}),
        (BUTTONS, {"horizontal_content_list": [{"keyname": "a"}] * 7}),
        (BUTTONS, {"horizontal_content_list": [{"value": "a"}]}),
        (BUTTONS, {"horizontal_content_list": [{"keyname": "a", "type": 1}]}),
        (BUTTONS, {"jump_list": [{"title": "a"}] * 4}),
        (BUTTONS, {"jump_list": [{"title": "a", "type": 1}]}),
        (VOTE, {"submit_button": None}),
        (VOTE, {"checkbox": {"question_key": "q", "option_list": []}}),
        (VOTE, {"checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "甲"}] * 2}}),
        (CHOICES, {"select_list": [*CHOICES["select_list"], *CHOICES["select_list"]]}),
        (CHOICES, {"select_list": []}),
        (NOTICE, {"card_action": {"type": 1}}),
        (NOTICE, {"action_menu": {"desc": "更多", "action_list": [button(1)]}}),
    ],
)
def test_card_is_refused_when_a_part_is_wrong(card, change):
    with pytest.raises(Refusal) as refusal:
        check_card({**copy.deepcopy(card), **change})
    assert refusal.value.code == 40058


async def test_task_id_is_refused_when_the_robot_has_used_it(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        body = {"chatid": "limin", "msgtype": "template_card", "template_card": BUTTONS}
        answers = [await line.ask("aibot_send_msg", body) for _ in range(2)]
        assert [answer["errcode"] for answer in answers] == [0, 40058]
        assert "task_id" in answers[1]["errmsg"]


async def test_choices_travel_with_the_click_when_submitted(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        await line.ask("aibot_send_msg", {"chatid": "limin", "msgtype": "template_card", "template_card": VOTE})
        sent = sandbox.messages("direct:limin")[-1]
        row = {"userid": "limin", "message_id": sent["id"], "key": "submit", "selected": {"q": ["1"]}}
        await control(sandbox, "click", row)
        while (frame := await line.next())["body"].get("event", {}).get("eventtype") != "template_card_event":
            pass
        details = frame["body"]["event"]["template_card_event"]
        assert details["selected_items"] == {
            "selected_item": [{"question_key": "q", "option_ids": {"option_id": ["1"]}}]
        }


async def test_card_beside_a_stream_is_taken_only_once_for_a_message(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        while (frame := await line.next())["cmd"] != "aibot_msg_callback":
            pass
        req_id = frame["headers"]["req_id"]
        body = {
            "msgtype": "stream_with_template_card",
            "stream": {"id": "s", "finish": False, "content": "处理中"},
            "template_card": BUTTONS,
        }
        assert await line.code("aibot_respond_msg", body, req_id) == 0
        body["template_card"] = {**BUTTONS, "task_id": "task-2"}
        assert await line.code("aibot_respond_msg", body, req_id) == 40058
        del body["template_card"]
        body["stream"] = {"id": "s", "finish": True, "content": "完成"}
        assert await line.code("aibot_respond_msg", body, req_id) == 0
        assert [message["type"] for message in sandbox.messages("direct:limin")] == ["text", "card", "markdown"]
