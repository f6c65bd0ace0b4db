from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.rules import working_days as days

DATES = st.dates(date(2018, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("activity", "n", "last"),
    [
        (date(2020, 10, 24), 3, date(2020, 10, 21)),  # T1
        (date(2020, 10, 9), 4, date(2020, 9, 27)),  # T4: a make-up Sunday is a working day
        (date(2020, 10, 11), 2, date(2020, 10, 9)),  # T4: after make-up Saturday 10 October
        (date(2020, 10, 8), 1, date(2020, 9, 30)),
        (date(2020, 10, 12), 0, date(2020, 10, 12)),
        (date(2021, 1, 4), 1, date(2020, 12, 31)),
    ],
)
def test_last_filing_day(activity: date, n: int, last: date) -> None:
    assert days.last_filing_day(activity, n) == last


def test_last_filing_day_refuses_negative_numbers() -> None:
    with pytest.raises(ValueError, match="negative"):
        days.last_filing_day(date(2020, 10, 24), -1)


@pytest.mark.parametrize(
    ("last", "filed", "late"),
    [
        (date(2020, 10, 21), date(2020, 10, 22), 1),  # T3
        (date(2020, 10, 21), date(2020, 10, 21), 0),
        (date(2020, 10, 21), date(2020, 10, 1), 0),
        (date(2020, 10, 21), date(2020, 10, 26), 3),
        (date(2020, 10, 16), date(2020, 10, 17), 1),  # a Saturday after the last day: no working day, but late
        (date(2020, 9, 30), date(2020, 10, 9), 1),
        (date(2020, 9, 26), date(2020, 9, 27), 1),
    ],
)
def test_late_working_days(last: date, filed: date, late: int) -> None:
    assert days.late_working_days(last, filed) == late


@pytest.mark.parametrize(
    ("hour", "cut_off", "day"),
    [
        ((17, 0), None, 21),
        ((23, 59), time(0, 0), 21),
        ((17, 30), time(17, 30), 21),
        ((17, 31), time(17, 30), 22),
        ((0, 5), time(17, 30), 21),
    ],
)
def test_filing_day_counts_for_the_next_day_after_the_cut_off(
    hour: tuple[int, int], cut_off: time | None, day: int
) -> None:
    assert days.filing_day(datetime(2020, 10, 21, *hour, tzinfo=CHINA), cut_off) == date(2020, 10, day)


def test_filing_day_reads_an_instant_of_another_zone_in_china() -> None:
    from datetime import UTC

    assert days.filing_day(datetime(2020, 10, 21, 16, 30, tzinfo=UTC)) == date(2020, 10, 22)


def test_calendar_is_published_up_to_the_last_one_the_library_knows() -> None:
    assert days.calendar_is_published(2020)
    assert not days.calendar_is_published(2099)


def test_a_year_without_calendar_is_computed_from_weekends_and_statutory_days() -> None:
    assert not days.is_working_day(date(2099, 10, 1))
    assert not days.is_working_day(date(2099, 10, 24))  # a Saturday
    assert days.is_working_day(date(2099, 10, 27))


@given(DATES, st.integers(0, 30))
def test_adding_and_taking_working_days_lands_on_working_days(day: date, n: int) -> None:
    later = days.add_working_days(day, n)
    assert (later == day) if n == 0 else (later > day and days.is_working_day(later))
    assert days.late_working_days(day, later) == n


@given(DATES, st.integers(1, 20))
def test_a_filing_on_the_last_day_is_in_time_and_on_the_next_one_late(day: date, n: int) -> None:
    last = days.last_filing_day(day, n)
    assert days.late_working_days(last, last) == 0
    assert days.late_working_days(last, days.next_working_day(last)) == 1
