"""Members write, click and open the chat; the bot's answers go where they belong."""

import asyncio
from datetime import datetime

import pytest

from bot.clock import CHINA
from bot.messaging.types import WORK_GROUP, Button, Card, Content, Incoming
from tests.channels.work_group.conftest import Line
from tests.logs import Logged
from tests.sandbox.robots import control
from tests.waiting import until

GROUP = "group:G1"
SAID = "报备：负责人李敏13800138000"
CARD = Card("请核对", "filing-1", (Button("提交", "submit:1", "primary"), Button("取消", "cancel:1", "danger")), "草稿")


async def test_group_message_comes_in_without_the_mention_and_is_answered_there(line: Line, logged: Logged) -> None:
    line.inbox.answer = lambda message: Content("**请核对**（草稿 2020-0001）")
    await line.in_group("limin", SAID)
    message = await line.heard()
    assert (message.channel, message.account, message.chat, message.kind) == (WORK_GROUP, "limin", "G1", "text")
    assert (message.text, message.in_group) == (SAID, True)
    assert message.at.date() == datetime(2020, 10, 12, tzinfo=CHINA).date()
    answer = await line.shown(GROUP)
    assert (answer["text"], answer["via"], answer["streaming"]) == ("**请核对**（草稿 2020-0001）", "respond", False)
    assert SAID not in logged.text
    assert "13800138000" not in logged.text


async def test_direct_message_is_answered_after_the_welcome(line: Line) -> None:
    line.inbox.answer = lambda message: Content("欢迎" if message.event == "enter_chat" else "已收到")
    await line.direct("limin", "在吗")
    message = await line.heard(2)
    assert [one.event for one in line.inbox.received] == ["enter_chat", ""]
    assert (message.text, message.chat, message.in_group) == ("在吗", "", False)
    await line.shown("direct:limin", 2)
    assert [one["text"] for one in line.sandbox.messages("direct:limin") if one["from"] == "bot"] == ["欢迎", "已收到"]


async def test_silence_is_silence(line: Line) -> None:
    await line.in_group("limin", "大家好")
    await line.heard()
    line.inbox.answer = lambda message: Content("在")
    await line.in_group("limin", "在吗")
    await line.shown(GROUP)
    assert [one["text"] for one in line.sandbox.messages(GROUP) if one["from"] == "bot"] == ["在"]


async def test_quoted_words_come_with_the_message(line: Line) -> None:
    first = await control(line.sandbox, "groups/G1/say", {"userid": "zhang", "text": "请各单位报送"})
    await line.in_group("limin", "收到", quote=first["message"]["id"])
    assert (await line.heard()).quoted == "请各单位报送"


async def test_voice_comes_as_its_words(line: Line) -> None:
    await line.direct("limin", "", voice="报备一场讲座")
    message = await line.heard(2)
    assert (message.kind, message.text) == ("voice", "报备一场讲座")


async def _card_shown(line: Line) -> int:
    line.inbox.answer = lambda message: Content("活动名称 垃圾分类", card=CARD)
    await line.in_group("limin", SAID)
    shown = await line.shown(GROUP, 2)
    assert [one["text"] for one in shown["card"]["buttons"]] == ["提交", "取消"]
    return int(shown["id"])


@pytest.mark.parametrize("flat", [False, True])
async def test_click_comes_in_and_changes_the_card(line: Line, flat: bool) -> None:
    card = await _card_shown(line)
    done = Card("已提交 2020-0001", "filing-1", (), "等待备案。")
    line.inbox.answer = lambda message: Content("已提交", card=done, update_card=True)
    if flat:  # the form in the SDK's types, unlike the document's
        line.fault("flat", "template_card_event")
    await control(line.sandbox, "click", {"userid": "zhang", "message_id": card, "key": "submit:1"})
    click = await line.heard(2)
    assert (click.kind, click.key, click.task_id, click.account, click.chat) == (
        "click", "submit:1", "filing-1", "zhang", "G1",
    )  # fmt: skip
    await until(lambda: line.sandbox.messages(GROUP)[-1]["card"]["updated"])
    [*_, after] = line.sandbox.messages(GROUP)
    assert (after["id"], after["card"]["title"], after["card"]["buttons"]) == (card, "已提交 2020-0001", [])
    assert "updated_for" not in after["card"]


async def test_card_can_change_for_one_member_alone(line: Line) -> None:
    card = await _card_shown(line)
    line.inbox.answer = lambda message: Content(
        "已回执", card=Card("已回执", "filing-1", ()), update_card=True, update_for=(message.account,)
    )
    await control(line.sandbox, "click", {"userid": "zhang", "message_id": card, "key": "submit:1"})
    await until(lambda: line.sandbox.messages(GROUP)[-1]["card"]["updated"])
    assert line.sandbox.messages(GROUP)[-1]["card"]["updated_for"] == ["zhang"]


async def test_click_can_be_answered_in_words(line: Line) -> None:
    card = await _card_shown(line)
    line.inbox.answer = lambda message: Content("请说明原因")
    await control(line.sandbox, "click", {"userid": "limin", "message_id": card, "key": "cancel:1"})
    answer = await line.shown(GROUP, 3)
    assert (answer["text"], answer["via"]) == ("请说明原因", "push")


async def test_messages_of_one_member_keep_their_order_and_hold_up_nobody_else(line: Line) -> None:
    go = asyncio.Event()

    async def answer(message: Incoming) -> Content:
        if message.text == "一":
            await go.wait()
        return Content(f"答{message.text}")

    line.inbox.answer = answer
    for userid, text in (("limin", "一"), ("limin", "二"), ("zhang", "三")):
        await line.in_group(userid, text)
    assert (await line.shown(GROUP))["text"] == "答三"
    go.set()
    await line.shown(GROUP, 3)
    answers = [one["text"] for one in line.sandbox.messages(GROUP) if one["from"] == "bot"]
    assert answers == ["答三", "答一", "答二"]


async def test_message_that_could_not_be_kept_is_tried_again(line: Line, logged: Logged) -> None:
    faults = [ConnectionError(SAID), ConnectionError(SAID)]

    def answer(message: Incoming) -> Content:
        if faults:
            raise faults.pop()
        return Content("已保存")

    line.inbox.answer = answer
    await line.in_group("limin", SAID)
    assert (await line.shown(GROUP))["text"] == "已保存"
    assert [one["event"] for one in logged.lines if one["level"] == "error"] == ["receive_failed"] * 2
    assert SAID not in logged.text


async def test_member_is_told_when_a_message_cannot_be_kept_at_all(line: Line) -> None:
    def answer(message: Incoming) -> Content:
        raise ConnectionError

    line.inbox.answer = answer
    await line.in_group("limin", SAID)
    assert "请过几分钟再发一次" in (await line.shown(GROUP))["text"]
    assert len(line.inbox.received) == 3


async def test_answer_that_the_platform_refuses_leaves_lines_without_words(line: Line, logged: Logged) -> None:
    for target in ("aibot_respond_msg", "aibot_send_msg"):
        line.fault("error:45002", target)
    line.inbox.answer = lambda message: Content(f"回答 {SAID}")
    await line.in_group("limin", SAID)
    await until(lambda: "answer_not_pushed" in logged.text)
    assert "answer_not_sent" in logged.text
    assert SAID not in logged.text


async def test_answer_whose_time_is_over_is_pushed(line: Line) -> None:
    line.fault("error:846605", "aibot_respond_msg")
    line.inbox.answer = lambda message: Content("迟到的回答")
    await line.in_group("limin", SAID)
    answer = await line.shown(GROUP)
    assert (answer["text"], answer["via"]) == ("迟到的回答", "push")


async def test_answer_whose_connection_was_lost_meanwhile_is_pushed_on_the_next(line: Line) -> None:
    async def answer(message: Incoming) -> Content:
        line.fault("disconnect", "gateway")
        await until(lambda: line.channel.state == "disconnected")
        return Content("还是答了")

    line.inbox.answer = answer
    await line.in_group("limin", SAID)
    answered = await line.shown(GROUP)
    assert (answered["text"], answered["via"]) == ("还是答了", "push")


async def test_chat_id_of_a_new_group_is_told_to_the_operator_once(line: Line, logged: Logged) -> None:
    for number in range(1, 3):
        await line.in_group("limin", f"第{number}次")
        await line.heard(number)
    seen = [one for one in logged.lines if one["event"] == "group_seen"]
    assert [one["chat_id"] for one in seen] == ["G1"]
