"""An activity is tomorrow: told the afternoon before, or in the morning after a night's downtime, never afterwards."""

import pytest

from bot.model import FilingState
from tests.office import Office
from tests.schedules.year import china, filing, queued, texts, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_afternoon_before_says_when_and_where_and_that_a_report_is_wanted(going: Office) -> None:
    number = filing(going, "li", "垃圾分类讲座", "2020-10-13T09:00")
    filing(going, "he", "改天的展览", "2020-10-14T09:00")
    tick_at(going, "2020-10-12T15:59:55")
    assert queued(going, "reminder") == []
    tick_at(going, "2020-10-12T16:00:05")
    [one] = queued(going, "reminder")
    assert (one.recipient, one.filing_id) == ("li", number)
    for part in ("《垃圾分类讲座》明天举办", "10月13日（周二）09:00–11:00", "莞城街道", "5 天内", "总结 2020-9"):
        assert part in one.content["text"]
    assert one.not_after == china("2020-10-13T09:00")  # once it has begun, the reminder is of no use
    assert "13800138000" not in one.content["text"]


@pytest.mark.parametrize(
    ("state", "reminded"),
    [
        (FilingState.ACCEPTED, True),
        (FilingState.SUBMITTED, True),
        (FilingState.DRAFT, False),
        (FilingState.CANCELLED, False),
        (FilingState.WITHDRAWN, False),
        (FilingState.REPORTED, False),
    ],
)
def test_only_what_is_filed_and_not_yet_reported_is_reminded_of(going: Office, state: str, reminded: bool) -> None:
    filing(going, "li", "讲座", "2020-10-13T09:00", state=state)
    tick_at(going, "2020-10-12T16:00:05")
    assert bool(queued(going, "reminder")) is reminded


def test_night_long_downtime_is_made_good_in_the_morning_in_the_right_words(going: Office) -> None:
    filing(going, "li", "下午的讲座", "2020-10-13T14:00")
    filing(going, "he", "明早的展览", "2020-10-14T09:00")
    tick_at(going, "2020-10-12T15:00:00")
    tick_at(going, "2020-10-13T01:00:00")  # back at one in the night
    [one] = queued(going, "reminder")
    assert "《下午的讲座》今天举办" in one.content["text"]
    assert one.not_before == china("2020-10-13T08:00")
    assert one.not_after == china("2020-10-13T14:00")


def test_reminder_caught_up_late_in_the_evening_is_read_on_the_day_itself(going: Office) -> None:
    filing(going, "li", "讲座", "2020-10-13T14:00")
    tick_at(going, "2020-10-12T15:00:00")
    tick_at(going, "2020-10-12T21:30:00")
    [one] = queued(going, "reminder")
    assert one.not_before == china("2020-10-13T08:00")
    assert "今天举办" in one.content["text"]
    assert one.not_after == china("2020-10-13T14:00")


def test_activity_that_begins_before_anybody_may_be_disturbed_is_not_reminded_of_too_late(going: Office) -> None:
    filing(going, "li", "晨练科普", "2020-10-13T07:30")
    tick_at(going, "2020-10-12T15:00:00")
    tick_at(going, "2020-10-13T01:00:00")
    assert queued(going, "reminder") == []


def test_downtime_past_the_morning_leaves_only_the_days_to_come(going: Office) -> None:
    filing(going, "li", "讲座", "2020-10-13T14:00")
    filing(going, "he", "展览", "2020-10-14T09:00")
    tick_at(going, "2020-10-12T15:00:00")
    tick_at(going, "2020-10-13T12:00:00")
    assert queued(going, "reminder") == []
    tick_at(going, "2020-10-13T16:00:05")
    assert ["展览" in one for one in texts(going, "reminder")] == [True]


def test_activity_of_a_whole_day_is_reminded_of_too(going: Office) -> None:
    filing(going, "li", "机器人体验日", "2020-10-13T00:00", hours=24, all_day=True)
    tick_at(going, "2020-10-12T16:00:05")
    [one] = queued(going, "reminder")
    assert "全天" in one.content["text"]


def test_filing_moved_to_the_next_day_is_reminded_of_again(going: Office) -> None:
    number = filing(going, "li", "讲座", "2020-10-13T09:00")
    tick_at(going, "2020-10-12T16:00:05")

    def move(work: object) -> None:
        from bot.model import Filing

        held = work.session.get_one(Filing, number)  # type: ignore[attr-defined]
        held.start, held.end = china("2020-10-14T09:00"), china("2020-10-14T11:00")

    going.do(move)
    tick_at(going, "2020-10-13T16:00:05")
    assert len(queued(going, "reminder")) == 2
