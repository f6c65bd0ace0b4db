"""Manners in a group: short, nothing personal, one answer a message, no flood."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messaging import manners
from bot.messaging.router import Router
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content, Incoming
from bot.model import Account, Delivery
from tests.office import GROUP, Office
from tests.rules.cases import NOW

ASKED = Incoming("work_group", "m1", "limin", NOW, text="我的报备", chat=GROUP)
LIST = "\n".join(f"第 {number} 行，电话 13800138000" for number in range(12))
CARD = Card("草稿", "task", (Button("提交", "filing.submit:1"),))


def test_short_answer_stays_in_the_group_with_its_phone_masked() -> None:
    said, privately = manners.place(Content("李敏 13800138000"), ASKED, direct=True, busy=False)
    assert said == Content("李敏 138****8000")
    assert privately is None


def test_long_answer_goes_to_direct_chat_whole() -> None:
    said, privately = manners.place(Content(LIST), ASKED, direct=True, busy=False)
    assert said == Content("内容较长，已私聊发给您。")
    assert privately == Content(LIST)


def test_long_answer_to_somebody_who_cannot_be_written_to_is_cut_and_says_how() -> None:
    said, privately = manners.place(Content(LIST), ASKED, direct=False, busy=False)
    assert privately is None
    assert said is not None
    assert len(said.text.splitlines()) == manners.SHOWN + 1
    assert "13800138000" not in said.text
    assert said.text.endswith("（内容较长，请私聊我回复“我的报备”，查看全部。）")


@pytest.mark.parametrize(
    ("lines", "card", "long"),
    [(7, None, False), (8, None, True), (20, CARD, False), (23, CARD, True), (20, Card("t", "t", ()), True)],
)
def test_card_to_be_confirmed_may_be_longer(lines: int, card: Card | None, long: bool) -> None:
    assert manners.is_long(Content("\n".join("行" * lines), card=card)) == long


def test_busy_group_is_spared_whoever_can_be_written_to() -> None:
    answer = Content("好", card=CARD)
    assert manners.place(answer, ASKED, direct=True, busy=True) == (None, answer)
    assert manners.place(answer, ASKED, direct=False, busy=True) == (answer, None)
    thanks = Content("已回执", optional=True)
    assert manners.place(thanks, ASKED, direct=False, busy=True) == (None, None)
    assert manners.place(thanks, ASKED, direct=False, busy=False) == (thanks, None)


def test_address_of_a_page_is_not_taken_for_a_phone_number() -> None:
    text = "见 https://example.org/13800138000/a 或致电13800138000"
    assert manners.masked(Content(text)).text == "见 https://example.org/13800138000/a 或致电138****8000"


@given(st.text(max_size=300), st.booleans(), st.booleans(), st.booleans())
def test_nothing_is_lost_or_said_twice(text: str, direct: bool, busy: bool, optional: bool) -> None:
    answer = Content(f"{text} 电话13800138000", optional=optional)
    said, privately = manners.place(answer, ASKED, direct=direct, busy=busy)
    assert privately is None or (direct and privately == answer)
    assert said is None or "13800138000" not in said.text
    assert said is not None or privately is not None or (busy and optional)


def test_gate_counts_the_last_minute_of_each_group() -> None:
    gate = manners.GroupGate(limit=2)
    gate.count("a", NOW)
    assert not gate.is_busy("a", NOW)
    gate.count("a", NOW + timedelta(seconds=30))
    assert gate.is_busy("a", NOW + timedelta(seconds=59))
    assert not gate.is_busy("b", NOW + timedelta(seconds=59))
    assert not gate.is_busy("a", NOW + timedelta(seconds=60))


# Through the inbox.

ECHO = Router()


@ECHO.click("next")
def _next(turn: Turn) -> Content:
    card = Card("已处理", turn.message.task_id, ())
    return Content("已处理", card=card, update_card=True, following=Content(f"下一步 {turn.account.external_id}"))


@ECHO.last(lambda turn: turn.text == "长")
def _long(turn: Turn) -> Content:
    return Content(LIST)


@ECHO.last(lambda turn: turn.text == "收到")
def _thanks(turn: Turn) -> Content:
    return Content("已回执", optional=True)


@ECHO.last()
def _echo(turn: Turn) -> Content:
    return Content(f"好的 {turn.account.external_id}")


@pytest.fixture
def room(make_office) -> Office:  # type: ignore[no-untyped-def]
    """Forty members; the even ones have written to the bot alone before."""
    office: Office = make_office(routers=[ECHO])

    def join(work) -> None:  # type: ignore[no-untyped-def]
        for number in range(40):
            work.session.add(
                Account(channel="work_group", external_id=f"u{number}", direct=number % 2 == 0, first_seen_at=work.now)
            )

    office.do(join)
    return office


def pushed(office: Office) -> list[tuple[str, str]]:
    return [(one.recipient, one.content["text"]) for one in office.rows(Delivery)]


def test_list_asked_for_in_the_group_arrives_in_direct_chat(room: Office) -> None:
    answer = room.say("u0", "长", chat=GROUP)
    assert answer is not None
    assert answer.text == "内容较长，已私聊发给您。"
    assert pushed(room) == [("u0", LIST)]


def test_list_for_somebody_never_met_alone_stays_short(room: Office) -> None:
    answer = room.say("u1", "长", chat=GROUP)
    assert answer is not None
    assert answer.text.endswith("（内容较长，请私聊我回复“长”，查看全部。）")
    assert pushed(room) == []


def test_list_asked_for_in_direct_chat_is_answered_there(room: Office) -> None:
    answer = room.say("u0", "长")
    assert answer is not None
    assert answer.text == LIST
    assert pushed(room) == []


def test_burst_of_members_does_not_flood_the_group(room: Office) -> None:
    answers = [room.say(f"u{number}", "在吗", chat=GROUP) for number in range(40)]
    in_group = [one for one in answers if one is not None]
    # Ten for everybody, then only those who cannot be answered elsewhere; each is answered exactly once.
    assert [one is not None for one in answers[:10]] == [True] * 10
    assert len(in_group) + len(pushed(room)) == 40
    assert {who for who, _ in pushed(room)} == {f"u{number}" for number in range(10, 40, 2)}
    room.at("2020-10-12T10:01:30")
    assert room.say("u0", "在吗", chat=GROUP) is not None


def test_acknowledgements_in_a_busy_group_need_no_words(room: Office) -> None:
    answers = [room.say(f"u{number}", "收到", chat=GROUP) for number in range(40)]
    assert len([one for one in answers if one is not None]) == 10
    assert pushed(room) == []


def test_click_changes_its_card_and_says_one_thing_more(room: Office) -> None:
    answer = room.click("u1", "next", chat=GROUP)
    assert answer is not None
    assert answer.update_card
    assert answer.following is None
    assert pushed(room) == [(GROUP, "下一步 u1")]


def test_click_in_a_busy_group_is_followed_up_in_direct_chat(room: Office) -> None:
    for number in range(10):
        room.say(f"u{number}", "在吗", chat=GROUP)
    answer = room.click("u2", "next", chat=GROUP)
    assert answer is not None
    assert answer.update_card
    assert pushed(room) == [("u2", "下一步 u2")]


def test_click_in_direct_chat_is_followed_up_there(room: Office) -> None:
    room.click("u0", "next")
    assert pushed(room) == [("u0", "下一步 u0")]
