"""Pushes, and what becomes of each fault: repeated, in doubt, out of reach, or refused."""

import traceback
from typing import Any

import pytest

from bot.channels.base import Outgoing
from bot.channels.work_group.rendering import CARD_TEXT, MARKDOWN_LIMIT
from bot.errors import PlatformError
from bot.messaging.types import Button, Card
from tests.channels.work_group.conftest import Line, to
from tests.logs import Logged
from tests.waiting import until

GROUP = "group:G1"
CARD = Card("通知 12 回执", "notice-12", (Button("收到", "acknowledge:12"),))
PRIVATE = "负责人李敏13800138000"


@pytest.fixture
async def talked(line: Line) -> Line:
    """A line whose group has talked to the robot."""
    await line.in_group("limin", "你好")
    await line.heard()
    return line


async def _fault(line: Line, outgoing: Outgoing) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await line.channel.send(outgoing)
    return caught.value


async def test_push_shows_as_markdown_with_its_mentions(talked: Line) -> None:
    await talked.channel.send(to("G1", "**请**报送", mentions=("limin", "zhang")))
    shown = await talked.shown(GROUP)
    assert (shown["text"], shown["via"], shown["mentions"]) == (
        "<@limin><@zhang>\n**请**报送",
        "push",
        ["limin", "zhang"],
    )


async def test_push_with_buttons_is_a_card_that_holds_the_text(talked: Line) -> None:
    await talked.channel.send(to("G1", "请于10月14日前报送进度表", card=CARD))
    card = (await talked.shown(GROUP))["card"]
    assert "请于10月14日前报送进度表" in str(card)
    assert [one["key"] for one in card["buttons"]] == ["acknowledge:12"]


async def test_push_too_long_for_a_card_names_its_buttons_in_words(talked: Line) -> None:
    await talked.channel.send(to("G1", "长" * (CARD_TEXT + 1), card=CARD))
    shown = await talked.shown(GROUP)
    assert shown["card"] is None
    assert shown["text"].endswith("回复“收到”。")


@pytest.mark.parametrize(
    "more", [{}, {"card": CARD}, {"mentions": ("@all", "limin")}, {"card": CARD, "mentions": ("limin",) * 50}]
)
async def test_longest_text_is_cut_to_what_the_platform_takes(talked: Line, more: dict[str, Any]) -> None:
    await talked.channel.send(to("G1", "通知正文。\n" * 5000, link="https://bot.example.org/notices/12", **more))
    shown = await talked.shown(GROUP)
    assert MARKDOWN_LIMIT - 200 < len(shown["text"].encode()) <= MARKDOWN_LIMIT


async def test_chat_that_never_talked_to_the_robot_is_out_of_reach(line: Line) -> None:
    for chat in ("G1", "zhang"):
        fault = await _fault(line, to(chat))
        assert (fault.unreachable, fault.retry, fault.ambiguous) == (True, False, False)
        assert "不能先开口" in str(fault)


@pytest.mark.parametrize(
    ("outcome", "code", "retry", "after"),
    [
        ("busy", -1, True, None),
        ("rate_limit", 45009, True, 60.0),
        ("error:846607", 846607, True, 60.0),
        ("error:40058", 40058, False, None),
        ("error:45002", 45002, False, None),
    ],
)
async def test_refused_push_says_whether_to_try_again(
    talked: Line, outcome: str, code: int, retry: bool, after: float | None
) -> None:
    talked.fault(outcome)
    fault = await _fault(talked, to("G1", PRIVATE))
    assert (fault.code, fault.retry, fault.after) == (code, retry, after)
    assert (fault.ambiguous, fault.unreachable) == (False, False)
    await talked.channel.send(to("G1", "再来"))
    assert (await talked.shown(GROUP))["text"] == "再来"


async def test_push_over_thirty_a_minute_is_paced_and_refused_for_now(talked: Line) -> None:
    pace = talked.channel.pace(to("G1"))
    assert pace is not None
    assert (pace.limit, pace.seconds) == (30, 60)
    other = talked.channel.pace(to("limin"))
    assert other is not None
    assert other.key != pace.key
    for _ in range(30):
        await talked.channel.send(to("G1"))
    assert (await _fault(talked, to("G1"))).after == 60


@pytest.mark.parametrize("outcome", ["timeout_after_accept", "html"])
async def test_push_that_nobody_acknowledged_is_in_doubt(
    talked: Line, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = talked.channel._client._ws_manager  # type: ignore[union-attr]
    monkeypatch.setattr(manager, "_reply_ack_timeout", 0.2)  # else five seconds
    talked.fault(outcome)
    fault = await _fault(talked, to("G1", "可能到了"))
    assert (fault.ambiguous, fault.retry) == (True, False)
    arrived = "可能到了" in talked.sandbox.texts(GROUP)
    assert arrived is (outcome == "timeout_after_accept")


async def test_push_whose_socket_broke_is_in_doubt(talked: Line) -> None:
    talked.fault("disconnect")
    fault = await _fault(talked, to("G1"))
    assert (fault.ambiguous, fault.retry) == (True, False)


async def test_push_without_a_connection_never_left(talked: Line) -> None:
    await talked.channel.close()
    fault = await _fault(talked, to("G1"))
    assert (fault.retry, fault.ambiguous) == (True, False)
    assert "还没有接通" in str(fault)


async def test_push_goes_through_again_after_a_lost_connection(talked: Line) -> None:
    talked.fault("disconnect", "gateway")
    await until(lambda: talked.channel.state == "disconnected")
    assert (await _fault(talked, to("G1"))).retry
    await until(lambda: talked.channel.state == "connected")
    await talked.channel.send(to("G1", "又通了"))
    assert (await talked.shown(GROUP))["text"] == "又通了"


@pytest.mark.parametrize("outcome", ["busy", "rate_limit", "error:93006", "error:99999", "disconnect"])
async def test_no_fault_shows_the_words_or_the_secret(talked: Line, logged: Logged, outcome: str) -> None:
    talked.fault(outcome)
    fault = await _fault(talked, to("G1", PRIVATE))
    shown = "".join(traceback.format_exception(fault)) + repr(fault) + repr(talked.channel) + logged.text
    for private in (PRIVATE, "13800138000", "robot-secret"):
        assert private not in shown
