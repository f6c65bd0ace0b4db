"""A way that closes at the last moment: the next best one is taken, once; and nobody is told twice."""

import asyncio
from typing import Any

import pytest

from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content
from bot.model import Account, Delivery, Person
from tests.delivery.fans import AGREEING, MakeOffice, agreed, follow, publish, reached_twice, ways
from tests.delivery.post import Post, running
from tests.office import Office
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLOSED = PlatformError("对方超过 48 小时没有与公众号互动", code=45015, unreachable=True)
REFUSED = PlatformError("对方没有订阅这类消息", code=43101, unreachable=True)
GONE = PlatformError("对方没有关注公众号", code=43004, unreachable=True)
SILENT = PlatformError("对方还没有与机器人说过话", code=93006, unreachable=True)
TEMPLATED = {"official_account": {**AGREEING["official_account"], "template_id": "T1"}}


def _remind(office: Office, person_id: int, purpose: str = "reminder") -> None:
    from bot.delivery import outgoing

    def act(work: Any) -> None:
        person = work.session.get_one(Person, person_id)
        outgoing.to_person(work, person, Content("明天举办"), purpose=purpose, key="r")

    office.do(act)


async def _deliver(office: Office, *posts: Post) -> list[Delivery]:
    async with running(office, *posts):
        await until(lambda: not [one for one in office.rows(Delivery) if one.state in ("queued", "sending")])
    return office.rows(Delivery)


async def test_follower_whose_window_closed_gets_it_by_the_consent_and_each_gets_it_once(
    make_office: MakeOffice,
) -> None:
    office = make_office(AGREEING)
    recent = office.clock.now()
    follow(office, "oAmy", agreed=1, last_action_at=recent)
    follow(office, "oBob", last_action_at=recent)
    number = await asyncio.to_thread(publish, office)
    assert {way for way, _ in ways(office, number).values()} == {"custom"}
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [CLOSED, None, CLOSED]
    rows = await _deliver(office, post)
    assert [(one.recipient, one.method, one.state, one.refused_method) for one in rows if one.method != "push"] == [
        ("oAmy", "subscription", "sent", "custom"),
        ("oBob", "custom", "unreachable", ""),
    ]
    assert [(one.recipient, one.method) for one in post.sent] == [
        ("oAmy", "custom"), ("oAmy", "subscription"), ("oBob", "custom"),
    ]  # fmt: skip
    assert agreed(office) == {"oAmy": 0}
    assert {one.last_action_at for one in office.rows(Account)} == {None}  # nobody plans with that window again


async def test_second_refusal_ends_it(make_office: MakeOffice) -> None:
    office = make_office(AGREEING)
    follow(office, "oAmy", agreed=2, last_action_at=office.clock.now())
    number = await asyncio.to_thread(publish, office)
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [CLOSED, REFUSED]
    await _deliver(office, post)
    assert ways(office, number) == {"oAmy": ("subscription", "unreachable")}
    assert len(post.sent) == 2


async def test_person_gets_a_template_message_that_names_the_unit(make_office: MakeOffice) -> None:
    office = make_office(TEMPLATED)
    office.unit("虎门科技馆")
    person = office.contact("oHe", "何伟", "虎门科技馆", channel=OFFICIAL_ACCOUNT)
    await asyncio.to_thread(_remind, office, person)
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [CLOSED]
    [row] = await _deliver(office, post)
    assert (row.method, row.state) == ("template", "sent")
    assert post.sent[-1].content.unit == "虎门科技馆"


async def test_person_whom_the_robot_may_not_write_to_is_written_to_on_the_official_account(
    make_office: MakeOffice,
) -> None:
    office, person = reached_twice(make_office, TEMPLATED)
    await asyncio.to_thread(_remind, office, person)
    group, account = Post(WORK_GROUP), Post(OFFICIAL_ACCOUNT)
    group.answers = [SILENT]
    [row] = await _deliver(office, group, account)
    assert (row.channel, row.method, row.recipient, row.state) == (OFFICIAL_ACCOUNT, "custom", "oHe", "sent")


@pytest.mark.parametrize(("fault", "purpose"), [(GONE, "reminder"), (CLOSED, "answer")])
async def test_no_other_way_is_tried_where_none_is_of_use(
    make_office: MakeOffice, fault: PlatformError, purpose: str
) -> None:
    office = make_office(TEMPLATED if purpose == "answer" else None)
    office.unit("虎门科技馆")
    person = office.contact("oHe", "何伟", "虎门科技馆", channel=OFFICIAL_ACCOUNT)
    await asyncio.to_thread(_remind, office, person, purpose)
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [fault]
    [row] = await _deliver(office, post)
    assert (row.method, row.state, len(post.sent)) == ("custom", "unreachable", 1)
    assert office.rows(Account)[0].following is (fault is not GONE)


async def test_notice_in_the_evening_is_planned_for_the_morning_when_it_goes(make_office: MakeOffice) -> None:
    office = make_office(AGREEING)
    office.at("2020-10-12T22:00:00")
    since = office.clock.now().replace(day=10, hour=23)  # 47 hours ago: over at eight, when it goes
    follow(office, "oAmy", agreed=1, last_action_at=since)
    number = await asyncio.to_thread(publish, office)
    assert ways(office, number) == {"oAmy": ("subscription", "queued")}
