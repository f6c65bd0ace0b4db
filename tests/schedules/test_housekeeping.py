"""In the night goes what nobody needs any more, and nothing else."""

import os
from datetime import timedelta

import pytest

from bot.model import AuditEntry, Filing, FilingState, InboxMessage, InviteCode, Link, ScheduleRun, WrongCode
from bot.store import links
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office
from tests.schedules.year import filing, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MORE = dict.fromkeys(("audience", "summary", "budget", "remarks", "late_reason"), "张三13900139000") | {
    "latitude": 23.02,
    "longitude": 113.75,
}
WRITTEN = ("name", "place", "contact_name", "contact_phone", *MORE)
SAID = "报备 10月24日上午9:00-11:00，莞城文化广场，垃圾分类讲座，预计120人，负责人李敏 13800138000"


def _night(office: Office, day: str) -> None:
    tick_at(office, f"{day}T03:30:05")


@pytest.fixture
def stranger(going: Office) -> Office:
    """Somebody who is bound to no unit has begun to file, on Friday at noon."""
    going.say("stranger", SAID)
    [draft] = going.rows(Filing)
    assert (draft.unit_id, draft.state) == (None, FilingState.DRAFT)
    going.do(lambda work: work.session.query(Filing).update(MORE))
    return going


def test_draft_of_a_stranger_is_kept_for_seven_days_and_then_emptied(stranger: Office) -> None:
    _night(stranger, "2020-10-16")
    [kept] = stranger.rows(Filing)
    assert (kept.state, bool(kept.contact_phone)) == (FilingState.DRAFT, True)
    _night(stranger, "2020-10-17")
    [gone] = stranger.rows(Filing)
    assert gone.state == FilingState.CANCELLED
    assert gone.number == kept.number  # it stays taken
    left = {name: getattr(gone, name) for name in gone.__table__.columns.keys()}  # noqa: SIM118 - rows, not a dict
    assert {name for name in WRITTEN if left[name]} == set()
    assert [entry.action for entry in stranger.rows(AuditEntry) if "expire" in entry.action] == ["filing.expire"]


def test_draft_of_a_unit_is_nobodys_to_throw_away(going: Office) -> None:
    filing(going, "li", "讲座", "2020-10-24T09:00", state=FilingState.DRAFT)
    _night(going, "2020-11-20")
    assert going.rows(Filing)[0].name == "讲座"


def test_old_messages_codes_and_claims_go_and_young_ones_stay(going: Office) -> None:
    going.say("li", "帮助")
    going.say("li", "绑定 AAAA-AAAA")

    def codes(work: UnitOfWork) -> None:
        for number, days in enumerate((-2, 1)):
            expires = work.now + timedelta(days=days)
            work.session.add(InviteCode(code_hash=str(number), expires_at=expires, created_at=work.now))

    going.do(codes)
    assert [len(going.rows(table)) for table in (InboxMessage, WrongCode, InviteCode)] == [2, 1, 2]
    _night(going, "2020-10-10")
    assert [len(going.rows(table)) for table in (InboxMessage, WrongCode, InviteCode)] == [2, 1, 1]
    _night(going, "2020-10-11")
    assert [len(going.rows(table)) for table in (InboxMessage, WrongCode)] == [2, 0]
    _night(going, "2020-11-09")
    assert len(going.rows(InboxMessage)) == 0


def test_claims_are_kept_long_enough_that_nothing_is_done_twice(going: Office) -> None:
    _night(going, "2020-10-10")
    before = {one.due_at for one in going.rows(ScheduleRun)}
    _night(going, "2021-01-15")
    after = {one.due_at for one in going.rows(ScheduleRun)}
    assert not before & after
    assert going.tick() == []


def test_message_that_is_repeated_within_the_month_is_still_known(going: Office) -> None:
    first = going.say("li", "帮助", message_id="m-repeated")
    _night(going, "2020-10-20")
    again = going.say("li", "帮助", message_id="m-repeated")
    assert first is not None
    assert again is None


def test_file_behind_a_link_stays_as_long_as_the_link_leads_to_it(going: Office) -> None:
    kept: list[str] = []

    def give(work: UnitOfWork) -> None:
        for days, content in ((7, b"a week"), (20, b"three weeks")):
            kept.append(work.files.put(content))
            links.make(work, "file", life=timedelta(days=days), sha256=kept[-1], name="a.xlsx")

    going.do(give)
    files = going.writer.files
    for digest in kept:  # as if they had lain there since the clock's day
        os.utime(files.path(digest), (going.clock.now().timestamp(),) * 2)
    _night(going, "2020-10-20")
    assert [files.has(one) for one in kept] == [False, True]
    assert len(going.rows(Link)) == 2  # they still say that their time has passed
