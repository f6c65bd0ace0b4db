"""What becomes of a send that failed: tried again, in doubt, out of reach, or given up; and what staff hear of it."""

from typing import Any

import pytest

from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import AuditEntry, Delivery, DeliveryState
from tests.delivery.post import Post, later, queue, queue_mass, reaches, row, running, told
from tests.office import Office
from tests.waiting import until

BUSY = PlatformError("企业微信繁忙", code=-1, retry=True)
LOST = PlatformError("发出后没有得到答复", ambiguous=True)
REFUSED = PlatformError("企业微信拒绝了消息（错误码 40058）", code=40058)
AWAY = PlatformError("对方还没有与机器人说过话", code=93006, unreachable=True)


@pytest.fixture
def office(office: Office) -> Office:
    """An office with two who may approve, and one who may not."""
    office.staff("chen", "陈志明", "approver")
    office.staff("liu", "刘倩", "admin")
    office.staff("wang", "王芳", "drafter")
    return office


async def _fail(office: Office, post: Post, number: int, fault: PlatformError, times: int) -> list[float]:
    """Let every attempt fail; gives the seconds that it was put off each time."""
    waits = []
    post.answers = [fault] * times
    async with running(office, post) as dispatcher:
        for attempt in range(1, times + 1):
            await until(lambda done=attempt: row(office, number).attempts == done and not post.under_way)  # type: ignore[misc]
            await until(lambda: row(office, number).state != "sending")
            waits.append((row(office, number).not_before - office.clock.now()).total_seconds())
            later(office, dispatcher, waits[-1] + 1)
    return waits


async def test_passing_fault_is_tried_again_ever_more_seldom_and_then_given_up(office: Office) -> None:
    number = queue(office, "x")
    waits = await _fail(office, Post(), number, BUSY, 6)
    for wait, grown in zip(waits[:5], (5, 10, 20, 40, 80), strict=True):
        assert grown <= wait <= grown * 1.3 + 0.001
    given_up = row(office, number)
    assert (given_up.state, given_up.attempts, given_up.error) == (DeliveryState.FAILED, 6, "企业微信繁忙")
    assert len(told(office)) == 2


async def test_wait_that_the_platform_names_is_kept(office: Office) -> None:
    limit = PlatformError("超过上限", code=45009, retry=True, after=3600.0)
    [wait] = await _fail(office, Post(), queue(office, "x"), limit, 1)
    assert wait >= 3600
    assert wait <= 3600 + 300, "a wait till midnight does not last till three in the morning"


async def test_fault_that_passes_leaves_nobody_to_be_told(office: Office) -> None:
    post, number = Post(), queue(office, "x")
    await _fail(office, post, number, BUSY, 2)
    async with running(office, post):
        await reaches(office, number, "sent")
    assert row(office, number).error == ""
    assert told(office) == []


async def test_push_in_doubt_is_never_repeated_by_itself_and_staff_are_asked_once(office: Office) -> None:
    post, number = Post(), queue(office, "请报送进度表")
    post.answers = [LOST]
    async with running(office, post) as dispatcher:
        await reaches(office, number, "ambiguous")
        for _ in range(3):
            later(office, dispatcher, 3600)
        await until(lambda: not office.outbox("staff"))
    assert post.texts.count("请报送进度表") == 1
    asked = [one for one in post.sent if one.content.card]
    assert {one.recipient for one in asked} == {"chen", "liu"}
    assert len(asked) == 2
    card = asked[0].content.card
    assert card is not None
    assert [(one.text, one.key) for one in card.buttons] == [
        ("重发", f"resend:{number}"),
        ("算已发", f"counted:{number}"),
    ]
    assert f"发送编号 {number}" in asked[0].content.text


async def test_mass_send_in_doubt_is_repeated_under_its_own_key(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), queue_mass(office, "申报指南")
    post.answers = [LOST, LOST, "34182"]
    async with running(office, post) as dispatcher:
        for attempt in (1, 2):
            await until(lambda done=attempt: len(post.sent) == done and row(office, number).state == "queued")  # type: ignore[misc]
            later(office, dispatcher, 60)
        await reaches(office, number, "sent")
    assert len({one.key for one in post.sent}) == 1
    assert len(post.sent) == 3
    assert row(office, number).platform_id == "34182"
    assert told(office) == []


async def test_mass_send_that_stays_in_doubt_is_left_to_staff(office: Office) -> None:
    number = queue_mass(office, "申报指南")
    await _fail(office, Post(OFFICIAL_ACCOUNT), number, LOST, 6)
    assert row(office, number).state == "ambiguous"
    assert len(told(office)) == 2


@pytest.mark.parametrize(("fault", "state", "asked"), [(REFUSED, "failed", 2), (AWAY, "unreachable", 0)])
async def test_fault_for_good_is_not_tried_again(office: Office, fault: PlatformError, state: str, asked: int) -> None:
    post, number = Post(), queue(office, "x")
    post.answers = [fault]
    async with running(office, post) as dispatcher:
        failed = await reaches(office, number, state)
        later(office, dispatcher, 3600)
        await until(lambda: not office.outbox("staff"))
    assert (failed.error, failed.attempts) == (str(fault), 1)
    assert len(told(office)) == asked


async def test_message_to_staff_that_fails_breeds_no_message_to_staff(office: Office) -> None:
    post, number = Post(), queue(office, "x", purpose="staff")
    post.answers = [LOST]
    async with running(office, post):
        await reaches(office, number, "ambiguous")
    assert len(office.rows(Delivery)) == 1


async def test_what_was_under_way_in_a_crash_is_in_doubt_and_a_mass_send_goes_on(office: Office) -> None:
    push, waits, everybody = queue(office, "push"), queue(office, "waits"), queue_mass(office, "mass")

    def crash(work: Any) -> None:
        for number in (push, everybody):
            found = work.session.get_one(Delivery, number)
            found.state, found.attempts, found.claimed_at = DeliveryState.SENDING, 1, work.now

    office.do(crash)
    group, account = Post(), Post(OFFICIAL_ACCOUNT)
    for _ in range(2):  # and once more: a second start finds nothing new to tell
        async with running(office, group, account):
            await reaches(office, everybody, "sent")
            await reaches(office, waits, "sent")
            doubtful = await reaches(office, push, "ambiguous")
            await until(lambda: not office.outbox("staff"))
    assert "不知是否送达" in doubtful.error
    assert "push" not in group.texts
    assert [one.key.rpartition("-")[0] for one in account.sent] == [f"kepu-{everybody}"]
    assert len(told(office)) == 2


async def _doubtful(office: Office) -> int:
    post, number = Post(), queue(office, "请报送进度表")
    post.answers = [LOST]
    async with running(office, post):
        await reaches(office, number, "ambiguous")
        await until(lambda: not office.outbox("staff"))
    return number


def _said(office: Office, userid: str, text: str) -> str:
    answer = office.say(userid, text)
    return answer.text if answer else ""


@pytest.mark.parametrize("by_button", [True, False])
async def test_staff_have_it_sent_again(office: Office, by_button: bool) -> None:
    import asyncio

    number = await _doubtful(office)
    post = Post()
    async with running(office, post):
        if by_button:
            await asyncio.to_thread(office.click, "chen", f"resend:{number}")
        else:
            await asyncio.to_thread(_said, office, "chen", f"重发 {number}")
        await reaches(office, number, "sent")
    assert post.texts == ["请报送进度表"]
    assert [one.action for one in office.rows(AuditEntry) if one.subject == f"delivery:{number}"] == ["delivery.decide"]


async def test_staff_count_it_as_sent_and_it_does_not_go_again(office: Office) -> None:
    import asyncio

    number = await _doubtful(office)
    await asyncio.to_thread(_said, office, "liu", f"算已发 {number}")
    assert row(office, number).state == "sent"
    again = await asyncio.to_thread(_said, office, "chen", f"重发 {number}")
    assert row(office, number).state == "sent"
    assert again


@pytest.mark.parametrize("userid", ["wang", "stranger"])
@pytest.mark.parametrize("verb", ["重发", "算已发"])
async def test_nobody_else_decides(office: Office, userid: str, verb: str) -> None:
    import asyncio

    number = await _doubtful(office)
    await asyncio.to_thread(_said, office, userid, f"{verb} {number}")
    assert row(office, number).state == "ambiguous"


@pytest.mark.parametrize("number", ["0", "999999", "²", "9" * 40, "abc", "1 OR 1=1"])
def test_number_of_no_delivery_is_answered_in_words(office: Office, number: str) -> None:
    assert "抱歉，处理这条消息时出了点问题" not in _said(office, "chen", f"重发 {number}")
