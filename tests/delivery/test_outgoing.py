"""Making rows: once for each occasion, in their hours, by the best way, and nobody lost."""

from datetime import timedelta

import pytest

from bot.delivery import outgoing
from bot.delivery.reach import Way
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP, Content, Incoming
from bot.model import Delivery, Person, Role
from bot.store.unit_of_work import UnitOfWork
from tests.office import GROUP, Office

WAY = Way(WORK_GROUP, "push", GROUP)
SETTINGS = {
    "work_group": {
        "bot_id": "b", "secret": "s",
        "groups": [{"name": "工作群", "chat_id": "G1"}, {"name": "二群", "chat_id": "G2"}],
    },
    "group_webhooks": [{"name": "镇街群", "url": "https://w.example/cgi-bin/webhook/send?key=k"}],
    "apprise": [{"name": "邮箱", "url": "mailto://u:p@example.org"}],
}  # fmt: skip


def _make(office: Office, key: str = "k", text: str = "x", **more: object) -> bool:
    content = Content(text)
    return bool(
        office.do(lambda work: outgoing.by_way(work, WAY, content, purpose="notice", key=key, **more))  # type: ignore[arg-type]
    )


def test_occasion_makes_one_row_however_often_it_comes(office: Office) -> None:
    assert _make(office) is True
    assert _make(office, text="another text") is False
    assert _make(office, key="other") is True
    assert [one.content["text"] for one in office.rows(Delivery)] == ["x", "x"]


def test_occasion_that_was_sent_long_ago_is_still_known(office: Office) -> None:
    _make(office)
    office.do(lambda work: work.session.query(Delivery).update({"state": "sent"}))
    office.at("2021-10-12T10:00:00")
    assert _make(office) is False


def test_row_made_in_quiet_hours_waits_for_the_morning_and_the_urgent_does_not(office: Office) -> None:
    office.at("2020-10-12T22:30:00")
    _make(office, "quiet", useful_for=timedelta(hours=2))
    _make(office, "urgent", urgent=True)
    quiet, urgent = office.rows(Delivery)
    assert quiet.not_before.isoformat() == "2020-10-13T08:00:00+08:00"
    assert quiet.not_after == quiet.not_before + timedelta(hours=2)
    assert urgent.not_before == office.clock.now()
    assert urgent.not_after is None


def test_person_without_any_way_is_listed_and_not_lost(office: Office) -> None:
    office.unit("协会")
    number = office.contact("zhang", "张强", "协会", direct=False)

    def act(work: UnitOfWork) -> None:
        person = work.session.get_one(Person, number)
        outgoing.to_person(work, person, Content("x"), purpose="notice", key="k")

    office.do(act)
    [row] = office.rows(Delivery)
    assert (row.state, row.person_id) == ("unreachable", number)
    assert "没有可用的联系方式" in row.error


def test_unit_is_told_through_each_of_its_contacts(office: Office) -> None:
    unit = office.unit("协会")
    office.contact("li", "李敏", "协会")
    office.contact("oChen", "陈静", "协会", channel=OFFICIAL_ACCOUNT)
    made = office.do(lambda work: outgoing.to_unit(work, unit, Content("x"), purpose="notice", key="k"))
    assert made == 2
    ways = [(one.channel, one.method, one.recipient) for one in office.rows(Delivery)]
    assert ways == [(WORK_GROUP, "push", "li"), (OFFICIAL_ACCOUNT, "custom", "oChen")]


def test_groups_are_every_group_webhook_and_address_of_the_settings(make_office: object) -> None:
    office: Office = make_office(SETTINGS)  # type: ignore[operator]
    for expected in (4, 0):
        made = office.do(lambda work: outgoing.to_groups(work, Content("x"), purpose="notice", key="k"))
        assert made == expected
    rows = office.rows(Delivery)
    assert [(one.channel, one.recipient) for one in rows] == [
        (WORK_GROUP, "G1"), (WORK_GROUP, "G2"), (GROUP_WEBHOOK, "镇街群"), (APPRISE, "邮箱"),
    ]  # fmt: skip
    assert len({one.lane for one in rows}) == 3  # the two groups share the robot's one connection


@pytest.mark.parametrize(
    ("roles", "reached"),
    [((Role.APPROVER,), {"chen"}), ((Role.DRAFTER, Role.APPROVER, Role.ADMIN), {"wang", "chen", "liu"}), ((), set())],
)
def test_staff_are_told_by_their_roles(office: Office, roles: tuple[Role, ...], reached: set[str]) -> None:
    for userid, role in (("wang", "drafter"), ("chen", "approver"), ("liu", "admin"), ("zhao", "viewer")):
        office.staff(userid, userid, role)
    office.do(lambda work: outgoing.to_staff(work, Content("x"), key="k", roles=roles))
    assert {one.recipient for one in office.rows(Delivery)} == reached


def test_whoever_did_it_is_not_told_of_it(office: Office) -> None:
    chen = office.staff("chen", "陈志明", "approver")
    office.staff("liu", "刘倩", "admin")
    office.do(lambda work: outgoing.to_staff(work, Content("x"), key="k", except_for=chen))
    assert [one.recipient for one in office.rows(Delivery)] == ["liu"]


@pytest.mark.parametrize(
    ("channel", "chat", "expected"),
    [
        (WORK_GROUP, GROUP, (WORK_GROUP, "push", GROUP)),
        (WORK_GROUP, "", (WORK_GROUP, "push", "li")),
        (OFFICIAL_ACCOUNT, "", (OFFICIAL_ACCOUNT, "custom", "li")),
    ],
)
def test_late_answer_goes_where_the_question_came_from_even_at_night(
    office: Office, channel: str, chat: str, expected: tuple[str, str, str]
) -> None:
    office.at("2020-10-12T23:00:00")

    def act(work: UnitOfWork) -> None:
        message = Incoming(channel, "m1", "li", work.now, chat=chat)
        for _ in range(2):
            outgoing.answer_later(work, message, Content("答"))

    office.do(act)
    [row] = office.rows(Delivery)
    assert (row.channel, row.method, row.recipient) == expected
    assert row.not_before == office.clock.now()
