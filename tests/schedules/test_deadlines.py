"""The last day to file is near: reminders two working days before, one before, and on the day itself."""

from datetime import date

import pytest

from bot.model import Activity, FilingState
from tests.office import GROUP, Office
from tests.schedules.year import filing, plan, queued, texts, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LAST = date(2020, 10, 21)  # a Wednesday, for a Saturday's activity


def _days_of_reminders(office: Office, first: int, last: int, who: str = "li") -> list[int]:
    found = []
    for day in range(first, last + 1):
        before = len(queued(office, "reminder"))
        tick_at(office, f"2020-10-{day:02}T09:00:05")
        found += [day for one in queued(office, "reminder")[before:] if one.recipient == who]
    return found


def test_plan_is_reminded_of_two_working_days_before_one_before_and_on_the_day(going: Office) -> None:
    plan(going, "甲协会", "垃圾分类讲座", date(2020, 10, 24), LAST)
    assert _days_of_reminders(going, 16, 23) == [19, 20, 21]
    said = texts(going, "reminder")
    assert all("垃圾分类讲座" in one for one in said)
    assert "最迟 10月21日（周三）报备" in said[0]
    assert "今天是最后一天" in said[2]


def test_days_before_are_working_days(going: Office) -> None:
    plan(going, "甲协会", "讲座", date(2020, 10, 22), date(2020, 10, 19))  # a Monday: Thursday and Friday come before
    assert _days_of_reminders(going, 14, 20) == [15, 16, 19]


def test_make_up_saturday_is_a_working_day(going: Office) -> None:
    plan(going, "甲协会", "讲座", date(2020, 10, 15), date(2020, 10, 12))  # Saturday the 10th is worked
    assert _days_of_reminders(going, 10, 13) == [10, 12]


def test_only_the_unit_that_planned_is_reminded_and_the_group_on_the_last_day(going: Office) -> None:
    plan(going, "甲协会", "讲座", date(2020, 10, 24), LAST)
    tick_at(going, "2020-10-20T09:00:05")
    assert {one.recipient for one in queued(going, "reminder")} == {"li"}
    tick_at(going, "2020-10-21T09:00:05")
    [in_group] = [one for one in queued(going, "reminder") if one.recipient == GROUP]
    assert "甲协会《讲座》" in in_group.content["text"]
    assert in_group.content["mentions"] == ["li"]
    assert "李敏" not in in_group.content["text"]


def test_filed_plan_is_left_alone(going: Office) -> None:
    done = filing(going, "li", "讲座", "2020-10-24T09:00", state=FilingState.SUBMITTED)
    plan(going, "甲协会", "讲座", date(2020, 10, 24), LAST, done)
    assert _days_of_reminders(going, 19, 22) == []


def test_plan_filed_in_the_morning_is_not_named_on_the_next_days(going: Office) -> None:
    number = plan(going, "甲协会", "讲座", date(2020, 10, 24), LAST)
    tick_at(going, "2020-10-19T09:00:05")
    done = filing(going, "li", "讲座", "2020-10-24T09:00", state=FilingState.SUBMITTED)
    going.do(lambda work: work.session.query(Activity).filter_by(id=number).update({"filing_id": done}))
    assert _days_of_reminders(going, 20, 22) == []


def test_last_day_on_a_day_off_is_said_on_that_day(going: Office) -> None:
    """Where an office asks for no days at all, the last day is the activity's own."""
    plan(going, "甲协会", "讲座", date(2020, 10, 17), date(2020, 10, 17))
    assert _days_of_reminders(going, 17, 18) == [17]


@pytest.mark.parametrize("state", [FilingState.DRAFT, FilingState.RETURNED])
def test_draft_is_reminded_of_the_day_before_and_on_the_last_day(going: Office, state: str) -> None:
    filing(going, "li", "讲座", "2020-10-24T09:00", state=state, last_filing_day=LAST)
    assert _days_of_reminders(going, 19, 22) == [20, 21]
    assert all("还没有提交" in one for one in texts(going, "reminder"))


def test_draft_whose_last_day_is_monday_is_not_reminded_of_over_the_weekend(going: Office) -> None:
    filing(going, "li", "讲座", "2020-10-22T09:00", state=FilingState.DRAFT, last_filing_day=date(2020, 10, 19))
    assert _days_of_reminders(going, 14, 20) == [16, 19]


def test_reminder_missed_by_an_hour_is_caught_up_and_the_day_after_it_is_not_doubled(going: Office) -> None:
    plan(going, "甲协会", "讲座", date(2020, 10, 24), LAST)
    tick_at(going, "2020-10-18T12:00:00")
    tick_at(
        going, "2020-10-20T02:00:00"
    )  # down over Monday's nine o'clock: caught up in the night, said in the morning
    [caught_up] = queued(going, "reminder")
    assert caught_up.not_before.isoformat() == "2020-10-20T08:00:00+08:00"
    tick_at(going, "2020-10-20T09:00:05")
    assert len(queued(going, "reminder")) == 1


def test_reminder_is_of_no_use_in_the_evening_any_more(going: Office) -> None:
    plan(going, "甲协会", "讲座", date(2020, 10, 24), LAST)
    tick_at(going, "2020-10-19T09:00:05")
    [one] = queued(going, "reminder")
    assert one.not_after is not None
    assert one.not_after.hour == 20
