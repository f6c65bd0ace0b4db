"""A way that closes in the middle of a message: the next way tells all of it in its own form, once."""

from typing import Any

import pytest

from bot.channels.official_account.rendering import TEXT_LIMIT
from bot.delivery import forms, outgoing
from bot.delivery.reach import Way
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, File
from bot.model import Account, Delivery, Notice, NoticeState, Person
from tests.delivery.fans import AGREEING, MakeOffice, follow, reached_twice
from tests.delivery.post import Post, running
from tests.office import Office
from tests.waiting import until

CLOSED = PlatformError("对方超过 48 小时没有与公众号互动", code=45015, unreachable=True)
SILENT = PlatformError("对方还没有与机器人说过话", code=93006, unreachable=True)
TEMPLATED = {"official_account": {**AGREEING["official_account"], "template_id": "T1"}}
LONG = "".join(f"第{at}条，请各单位按时报送材料。" for at in range(120))
FILES = (File("a" * 64, "一.pdf"), File("b" * 64, "二.pdf"))


async def _deliver(office: Office, *posts: Post) -> None:
    async with running(office, *posts):
        await until(lambda: not [one for one in office.rows(Delivery) if one.state in ("queued", "sending")])


def _tell(office: Office, person_id: int, content: Content) -> None:
    def act(work: Any) -> None:
        person = work.session.get_one(Person, person_id)
        outgoing.to_person(work, person, content, purpose="reminder", key="r", urgent=True)

    office.do(act)


def _tell_follower(office: Office, openid: str) -> None:
    """What has no link goes to a follower in three texts."""

    def act(work: Any) -> None:
        notice = Notice(kind="通知", title="t", body="b", state=NoticeState.SENT, created_at=work.now)
        work.session.add(notice)
        work.session.flush()
        ways = [("n", Way(OFFICIAL_ACCOUNT, "custom", openid))]
        outgoing.by_ways(work, ways, Content(LONG), purpose="notice", notice_id=notice.id, urgent=True)

    office.do(act)


def _states(office: Office) -> list[tuple[str, str]]:
    return [(one.method, str(one.state)) for one in office.rows(Delivery)]


@pytest.mark.parametrize("closed_at", [1, 2, 3])
async def test_follower_is_told_of_the_whole_by_one_subscription_notice(
    make_office: MakeOffice, closed_at: int
) -> None:
    office = make_office(AGREEING)
    follow(office, "oAmy", agreed=1, last_action_at=office.clock.now())
    _tell_follower(office, "oAmy")
    assert _states(office) == [("custom", "queued"), ("custom", "waiting"), ("custom", "waiting")]
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [*[None] * (closed_at - 1), CLOSED]
    await _deliver(office, post)
    assert [one.method for one in post.sent] == ["custom"] * closed_at + ["subscription"]
    assert post.sent[-1].content.text.count("请各单位按时报送材料") == 120
    arrived, dropped = [("custom", "sent")] * (closed_at - 1), [("custom", "recalled")] * (3 - closed_at)
    assert _states(office) == [*arrived, ("subscription", "sent"), *dropped]


@pytest.mark.parametrize("closed_at", [1, 2, 3])
async def test_contact_gets_the_whole_on_the_account_in_texts_that_fit_there(
    make_office: MakeOffice, closed_at: int
) -> None:
    office, person = reached_twice(make_office, TEMPLATED)
    content = Content(LONG[: len(LONG) // 3], files=FILES)
    _tell(office, person, content)
    assert len(office.rows(Delivery)) == 3
    group, account = Post(WORK_GROUP), Post(OFFICIAL_ACCOUNT)
    group.answers = [*[None] * (closed_at - 1), SILENT]
    await _deliver(office, group, account)
    assert len(group.sent) == closed_at
    wanted = [one.text for one in forms.parts(content, OFFICIAL_ACCOUNT, "custom")]
    assert account.texts == wanted
    assert len(wanted) > 1 or "一.pdf" in wanted[0]
    assert all(len(text.encode()) <= TEXT_LIMIT for text in account.texts)


async def test_several_parts_by_the_next_way_go_in_order_and_a_second_refusal_ends_them(
    make_office: MakeOffice,
) -> None:
    office, person = reached_twice(make_office, TEMPLATED)
    content = Content(LONG, files=FILES)
    _tell(office, person, content)
    group, account = Post(WORK_GROUP), Post(OFFICIAL_ACCOUNT)
    group.answers, account.answers = [SILENT], [None, CLOSED]
    await _deliver(office, group, account)
    wanted = [one.text for one in forms.parts(content, OFFICIAL_ACCOUNT, "custom")]
    assert len(wanted) == 3
    assert account.texts == wanted[:2]
    told = office.rows(Delivery, Delivery.channel == OFFICIAL_ACCOUNT)
    assert [(one.method, str(one.state)) for one in told] == [
        ("custom", "sent"), ("custom", "unreachable"), ("custom", "recalled"),
    ]  # fmt: skip
    assert [one for one in office.rows(Delivery) if one.state in ("queued", "waiting")] == []


async def test_window_closed_midway_with_no_other_way_is_listed_as_unreachable(make_office: MakeOffice) -> None:
    office = make_office()
    follow(office, "oAmy", last_action_at=office.clock.now())
    _tell_follower(office, "oAmy")
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [None, CLOSED]
    await _deliver(office, post)
    assert _states(office) == [("custom", "sent"), ("custom", "unreachable"), ("custom", "recalled")]
    assert [one.last_action_at for one in office.rows(Account)] == [None]
