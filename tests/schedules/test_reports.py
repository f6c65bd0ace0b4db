"""A report is due: asked for the day after, the day before the last day, and one, four and seven days after it."""

from datetime import date, timedelta

import pytest

from bot.model import Filing, FilingState
from tests.office import Office
from tests.schedules.year import filing, queued, texts, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _days_of_reminders(office: Office, first: date, days: int) -> list[date]:
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        before = len(queued(office, "reminder"))
        tick_at(office, f"{day}T10:00:05")
        found += [day] * (len(queued(office, "reminder")) - before)
    return found


def test_report_is_asked_for_on_its_ladder_and_then_left_to_staff(going: Office) -> None:
    filing(going, "li", "讲座", "2020-10-12T09:00")
    asked = _days_of_reminders(going, date(2020, 10, 12), 20)
    # Five days: the last one is the 17th.
    assert [day.day for day in asked] == [13, 16, 18, 21, 24]
    said = texts(going, "reminder")
    assert "请在 10月17日（周六）前回复“总结 2020-9" in said[0]
    assert "总结已逾期 1 天" in said[2]
    assert "总结已逾期 7 天" in said[4]
    assert all(one.recipient == "li" for one in queued(going, "reminder"))


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (FilingState.ACCEPTED, True),
        (FilingState.SUBMITTED, True),
        (FilingState.REPORTED, False),
        (FilingState.CANCELLED, False),
        (FilingState.DRAFT, False),
    ],
)
def test_only_a_filed_activity_owes_a_report(going: Office, state: str, asked: bool) -> None:
    filing(going, "li", "讲座", "2020-10-12T09:00", state=state)
    assert bool(_days_of_reminders(going, date(2020, 10, 13), 1)) is asked


def test_report_that_came_ends_the_ladder(going: Office) -> None:
    number = filing(going, "li", "讲座", "2020-10-12T09:00")
    assert len(_days_of_reminders(going, date(2020, 10, 13), 1)) == 1
    going.do(lambda work: work.session.query(Filing).filter_by(id=number).update({"state": FilingState.REPORTED}))
    assert _days_of_reminders(going, date(2020, 10, 14), 12) == []


def test_activity_that_ends_after_midnight_counts_from_its_end(going: Office) -> None:
    filing(going, "li", "观星夜", "2020-10-12T22:00", hours=4)
    assert _days_of_reminders(going, date(2020, 10, 13), 2) == [date(2020, 10, 14)]


@pytest.mark.parametrize(("days", "ladder"), [(1, [13, 14, 17, 20]), (2, [13, 15, 18, 21]), (10, [13, 21, 23, 26, 29])])
def test_ladder_follows_the_programmes_own_days(make_office: object, days: int, ladder: list[int]) -> None:
    office: Office = make_office({"programme": {"name": "专项", "year": 2020, "report_days": days}})  # type: ignore[operator]
    office.unit("甲协会")
    office.contact("li", "李敏", "甲协会")
    office.at("2020-10-12T12:00:00")
    office.tick()
    filing(office, "li", "讲座", "2020-10-12T09:00")
    assert [day.day for day in _days_of_reminders(office, date(2020, 10, 13), 18)] == ladder
