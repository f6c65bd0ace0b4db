"""Frames of the gateway in the bot's words, and frames that are none."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.work_group.gateway import MISSHAPEN
from bot.channels.work_group.parsing import parse_event, parse_message
from tests.office import MONDAY, SettableClock

CLOCK = SettableClock(MONDAY)


def _frame(**body: Any) -> dict[str, Any]:
    common = {"msgid": "m1", "aibotid": "robot-1", "from": {"userid": "limin"}, "create_time": 1602468000}
    return {"cmd": "aibot_msg_callback", "headers": {"req_id": "r1"}, "body": common | body}


def _text(content: str, **more: Any) -> dict[str, Any]:
    return _frame(msgtype="text", text={"content": content}, chattype="group", chatid="G1", **more)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("@科普助手 报备", "报备"),
        ("@科普助手\u2005报备", "报备"),
        ("@科普助手\n报备", "报备"),
        ("  @科普助手  ", ""),
        ("@科普助手", ""),
        ("报备 @科普助手", "报备 @科普助手"),
        ("邮箱 a@b.example", "邮箱 a@b.example"),
        ("@科普助手 @张强 负责", "@张强 负责"),
    ],
)
def test_mention_of_the_robot_is_no_part_of_what_was_said(said: str, text: str) -> None:
    assert parse_message(_text(said), CLOCK).text == text


def test_direct_message_has_no_chat_even_where_the_platform_names_one() -> None:
    message = parse_message(_frame(msgtype="text", text={"content": "x"}, chattype="single", chatid="limin"), CLOCK)
    assert (message.chat, message.in_group) == ("", False)


def test_message_without_an_hour_came_now() -> None:
    assert parse_message(_text("x", create_time=None), CLOCK).at == CLOCK.now()


def test_kind_that_nobody_knows_is_unknown() -> None:
    message = parse_message(_frame(msgtype="hologram", hologram={"content": "x"}), CLOCK)
    assert (message.kind, message.text) == ("unknown", "")


def test_very_long_text_is_cut_before_it_reaches_anybody() -> None:
    assert len(parse_message(_text("长" * 100_000), CLOCK).text) == 40_000


@pytest.mark.parametrize("broken", ["a\x00b", "a\ud83db"])
def test_characters_that_no_database_keeps_do_not_come_in(broken: str) -> None:
    quote = {"msgtype": "text", "text": {"content": broken}}
    message = parse_message(_text(f"报备 {broken}", quote=quote), CLOCK)
    for text in (message.text, message.quoted):
        assert "\x00" not in text
        text.encode()
        assert text.startswith(("报备", "a"))


@pytest.mark.parametrize("kind", ["feedback_event", "disconnected_event", "", None, "something_new"])
def test_event_without_use_is_none(kind: Any) -> None:
    assert parse_event(_frame(msgtype="event", event={"eventtype": kind}), CLOCK) is None


@pytest.mark.parametrize("nested", [True, False])
def test_click_is_read_in_both_forms(nested: bool) -> None:
    details = {"card_type": "button_interaction", "event_key": "submit:1", "task_id": "t1"}
    event = {"eventtype": "template_card_event", **({"template_card_event": details} if nested else details)}
    click = parse_event(_frame(msgtype="event", event=event, chattype="group", chatid="G1"), CLOCK)
    assert click is not None
    assert (click.kind, click.key, click.task_id, click.chat, click.account) == (
        "click", "submit:1", "t1", "G1", "limin",
    )  # fmt: skip


def test_event_without_a_number_of_its_own_goes_by_its_frame() -> None:
    frame = _frame(msgtype="event", event={"eventtype": "enter_chat"}, msgid=None)
    event = parse_event(frame, CLOCK)
    assert event is not None
    assert event.message_id == "r1"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["text", "mixed", "group", "event"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["msgtype", "text", "content", "mixed", "msg_item", "from", "userid", "event", "eventtype", "quote", "image",
             "template_card_event", "event_key", "chattype", "chatid", "create_time", "msgid", "url", "aeskey"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    body=JSON, changes=st.dictionaries(st.sampled_from(["msgtype", "text", "mixed", "quote", "event", "from"]), JSON)
)
def test_whatever_comes_is_a_message_or_known_to_be_none(body: Any, changes: dict[str, Any]) -> None:
    whole = _text("x")
    for frame in ({"headers": {"req_id": "r"}, "body": body}, {**whole, "body": whole["body"] | changes}):
        for parse in (parse_message, parse_event):
            try:
                message = parse(frame, CLOCK)
            except MISSHAPEN:
                continue
            assert message is None or isinstance(message.text, str)
