"""Pausing: by hand or by itself; what had gone never goes again; staff decide on doubts."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import AuditEntry, Delivery, Notice
from tests.delivery.post import Post, queue, row, running, told
from tests.delivery.test_large_runs import fill, states
from tests.office import Office
from tests.waiting import until

REFUSED = PlatformError("公众平台拒绝了请求（错误码 40058）", code=40058)
LOST = PlatformError("发出后没有得到答复", ambiguous=True)


@pytest.fixture
def office(office: Office) -> Office:
    """An office with an approver and a drafter; neither is on the official account."""
    office.staff("chen", "陈志明", "approver")
    office.staff("wang", "王芳", "drafter")
    return office


def said(office: Office, userid: str, text: str) -> str:
    answer = office.say(userid, text)
    return answer.text if answer else ""


def notice(office: Office, number: int) -> Notice:
    found: Notice
    [found] = office.rows(Notice, Notice.id == number)
    return found


async def test_paused_run_stops_and_going_on_sends_only_the_rest(office: Office) -> None:
    post = Post(OFFICIAL_ACCOUNT)
    gate = post.hold("5")
    number = fill(office, 30)
    async with running(office, post):
        await until(lambda: post.under_way == ["5"])
        answer = await asyncio.to_thread(said, office, "wang", f"暂停 {number}")
        assert f"通知 {number} 已暂停，还有 24 条未发" in answer
        gate.set()
        await until(lambda: states(office)["sending"] == 0)
        await asyncio.sleep(0.1)
        assert len(post.sent) == 6
        assert "已暂停（王芳要求暂停）" in await asyncio.to_thread(said, office, "chen", f"进度 {number}")
        assert "继续发送，还有 24 条" in await asyncio.to_thread(said, office, "chen", f"继续 {number}")
        await until(lambda: states(office) == {"sent": 30})
    assert Counter(post.texts) == {str(at): 1 for at in range(30)}
    actions = [one.action for one in office.rows(AuditEntry) if one.subject == f"notice:{number}"]
    assert actions == ["notice.pause", "notice.resume"]


async def test_paused_run_holds_up_nothing_else(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 30)
    await asyncio.to_thread(said, office, "wang", f"暂停 {number}")
    async with running(office, post):
        other = queue(office, "other", to="o-other", channel=OFFICIAL_ACCOUNT, method="custom")
        await until(lambda: row(office, other).state == "sent")
    assert post.texts == ["other"]


@pytest.mark.parametrize("fault", [REFUSED, LOST])
async def test_run_that_mostly_fails_pauses_itself_and_asks_staff(office: Office, fault: PlatformError) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 60)
    post.answers = [None] * 8 + [fault] * 52
    async with running(office, post):
        await until(lambda: notice(office, number).state == "paused")
        await until(lambda: states(office)["sending"] == 0)
    assert len(post.sent) == 20  # no sooner, and not one more
    [asked] = {text for text in told(office) if "已自动暂停" in text}
    assert "20 条中有 12 条未成功，还有 40 条未发" in asked
    assert f"{fault}（12 条）" in asked
    card = next(one.content["card"] for one in office.outbox("staff", None) if "已自动暂停" in one.content["text"])
    assert [button["text"] for button in card["buttons"]] == ["继续", "撤回"]


async def test_going_on_after_failures_looks_only_at_what_comes_after(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 60)
    post.answers = [REFUSED] * 20 + [None] * 5 + [REFUSED]
    async with running(office, post):
        await until(lambda: notice(office, number).state == "paused")
        office.at(office.clock.now() + timedelta(minutes=1))
        await asyncio.to_thread(office.click, "chen", f"notice.resume:{number}")
        await until(lambda: states(office) == {"failed": 21, "sent": 39})
    assert notice(office, number).state == "sent"


async def test_many_doubts_are_told_in_one_message_and_decided_at_once(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 30)
    post.answers = [LOST] * 8
    async with running(office, post):
        await until(lambda: states(office) == {"ambiguous": 8, "sent": 22})
    assert sum("不知是否送达或发送失败" in text for text in told(office)) == 1
    listed = await asyncio.to_thread(said, office, "chen", f"待确认 {number}")
    assert f"通知 {number} 有 8 条待确认或失败" in listed
    doubtful = [one.id for one in office.rows(Delivery) if one.state == "ambiguous"]
    await asyncio.to_thread(said, office, "chen", f"重发 {doubtful[0]}、{doubtful[1]}")
    assert [row(office, one).state for one in doubtful[:3]] == ["queued", "queued", "ambiguous"]
    assert "等 6 条 已记为已发" in await asyncio.to_thread(said, office, "chen", f"算已发 通知{number}")
    assert "没有待确认的发送" in await asyncio.to_thread(said, office, "chen", "待确认")


@pytest.mark.parametrize(("userid", "text"), [("wang", "继续 {}"), ("stranger", "暂停 {}"), ("stranger", "继续 {}")])
async def test_nobody_else_pauses_or_goes_on(office: Office, userid: str, text: str) -> None:
    number = fill(office, 3)
    if "继续" in text:
        await asyncio.to_thread(said, office, "chen", f"暂停 {number}")
    before = notice(office, number).state
    await asyncio.to_thread(said, office, userid, text.format(number))
    assert notice(office, number).state == before


async def test_notice_that_is_out_cannot_be_paused(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 3)
    async with running(office, post):
        await until(lambda: states(office) == {"sent": 3})
    assert "不用暂停" in await asyncio.to_thread(said, office, "chen", f"暂停 {number}")
    assert "不用继续" in await asyncio.to_thread(said, office, "chen", f"继续 {number}")


async def test_message_under_way_when_its_notice_is_called_back_is_not_tried_again(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 3)
    gate = post.hold("0")
    post.answers = [PlatformError("公众平台繁忙", code=-1, retry=True)]
    async with running(office, post):
        await until(lambda: post.under_way == ["0"])
        await asyncio.to_thread(said, office, "wang", f"撤回 {number}")
        gate.set()
        await until(lambda: states(office) == {"recalled": 3})


async def test_paused_notice_can_be_called_back_by_the_button(office: Office) -> None:
    post, number = Post(OFFICIAL_ACCOUNT), fill(office, 30)
    post.answers = [REFUSED] * 30
    async with running(office, post):
        await until(lambda: notice(office, number).state == "paused")
        await asyncio.to_thread(office.click, "chen", f"notice.stop:{number}")
        await until(lambda: states(office)["recalled"] == 10)
    assert notice(office, number).state in ("withdrawn", "cancelled")
