"""What is left of each call today: the smaller of the platform's word and our own count."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery import quotas
from bot.delivery.quota_keeper import QuotaKeeper
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Delivery, Notice, PlatformQuota
from tests.delivery.fans import AGREEING, MakeOffice, follow, publish, ways
from tests.delivery.post import Post, later, running, told
from tests.office import Office
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CUSTOM = quotas.PATHS["custom"]
DAY_IS_OVER = PlatformError("公众平台接口今天的调用次数已用完", code=45009, retry=True, after=14 * 3600.0)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office(AGREEING)


def _told(office: Office, limit: int, used: int, path: str = CUSTOM) -> None:
    office.do(lambda work: quotas.keep(work, path, daily_limit=limit, used=used))


def _sent(office: Office, count: int) -> None:
    def act(work: Any) -> None:
        for _ in range(count):
            key = f"k{work.now}{_}"
            held = {"purpose": "notice", "lane": "x", "method": "custom", "recipient": "o", "content": {}}
            work.session.add(
                Delivery(channel=OFFICIAL_ACCOUNT, dedupe_key=key, claimed_at=work.now, not_before=work.now,
                         created_at=work.now, **held)
            )  # fmt: skip

    office.do(act)


def _custom(office: Office) -> tuple[int, int, bool]:
    found = office.do(quotas.today)["custom"]
    return found.used, found.left, found.at is not None


def test_own_count_stands_alone_where_the_platform_does_not_say(office: Office) -> None:
    _sent(office, 2)
    assert _custom(office) == (2, 499_998, False)
    office.do(lambda work: quotas.keep(work, CUSTOM, refused="公众号没有这个接口的权限"))
    assert _custom(office) == (2, 499_998, False)


def test_smaller_count_is_believed_and_what_went_since_is_taken_off(office: Office) -> None:
    _sent(office, 3)
    office.at("2020-10-12T10:05:00")
    _told(office, limit=10, used=7)  # somebody else sends with this account too
    assert _custom(office) == (7, 3, True)
    office.at("2020-10-12T10:06:00")
    _sent(office, 2)
    assert _custom(office) == (9, 1, True)
    _told(office, limit=10**6, used=0)
    assert _custom(office) == (5, 499_995, True)


def test_day_begins_anew_at_midnight(office: Office) -> None:
    _sent(office, 3)
    _told(office, limit=10, used=10)
    assert _custom(office)[1] == 0
    office.at("2020-10-13T00:00:30")
    assert _custom(office) == (0, 10, False)


def test_plan_keeps_to_what_the_platform_leaves(office: Office) -> None:
    follow(office, "oAmy", "oBob", "oCat", last_action_at=office.clock.now())
    _told(office, limit=100, used=99)
    number = publish(office)
    assert sorted(way for way, _ in ways(office, number).values()) == ["custom", "mass"]
    assert "2 followers" in ways(office, number)


def test_platform_is_asked_again_sooner_when_a_notice_is_about_to_go(office: Office) -> None:
    every = [quotas.PATHS[one] for one in ("custom", "subscription", "mass")]
    assert office.do(quotas.to_ask) == every
    for path in every:
        _told(office, 100, 0, path)
    office.at("2020-10-12T10:06:00")
    assert office.do(quotas.to_ask) == []
    held = {"kind": "通知", "title": "t", "body": "b"}
    office.do(lambda work: work.session.add(Notice(created_at=work.now, **held)))
    assert office.do(quotas.to_ask) == every
    office.do(lambda work: quotas.keep(work, CUSTOM, refused="没有权限"))
    office.at("2020-10-12T10:20:00")
    assert CUSTOM not in office.do(quotas.to_ask)  # who does not say is left alone for an hour
    office.at("2020-10-12T11:06:00")
    assert CUSTOM in office.do(quotas.to_ask)


class _Account:
    async def quota(self, path: str) -> tuple[int, int]:
        if path == CUSTOM:
            raise PlatformError("公众号没有这个接口的权限", code=48001)
        return 100, 4


async def test_keeper_notes_what_the_platform_says_or_why_it_does_not(office: Office) -> None:
    await QuotaKeeper(office.writer, _Account()).ask()
    kept = {one.path: (one.daily_limit, one.used, one.refused) for one in office.rows(PlatformQuota)}
    assert kept.pop(CUSTOM) == (0, 0, "公众号没有这个接口的权限")
    assert set(kept.values()) == {(100, 4, "")}


async def test_quota_that_ends_midway_lets_the_rest_wait_and_staff_hear_of_it_once(office: Office) -> None:
    office.staff("chen", "陈志明", "approver")
    follow(office, "oAmy", "oBob", "oCat", last_action_at=office.clock.now())
    number = await asyncio.to_thread(publish, office)
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [None, DAY_IS_OVER]
    async with running(office, post) as dispatcher:
        await until(lambda: len(post.sent) == 2)
        await until(lambda: bool(told(office)))
        assert "客服消息额度已用完，通知 1 还有 2 条" in told(office)[0]
        assert _custom(office)[1] == 0
        later(office, dispatcher, timedelta(hours=23).total_seconds())
        await until(lambda: {state for _, state in ways(office, number).values()} == {"sent"})
    assert sorted(one.recipient for one in post.sent) == ["oAmy", "oBob", "oBob", "oCat"]  # Bob's first was refused
    assert len(told(office)) == 1
