"""Working days after the State Council's calendar, make-up days included.

A year whose calendar is not published yet is computed from weekends and statutory days;
``calendar_is_published`` tells the two apart, so that the office can say so.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.clock import CHINA

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=16)
def _calendar(year: int) -> "HolidayBase":
    """One year of the calendar; the library is imported on first use because it is slow to load."""
    import holidays

    return holidays.country_holidays("CN", years=year, expand=False)


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``."""
    return bool(_calendar(day.year).is_working_day(day))


def calendar_is_published(year: int) -> bool:
    """Whether the State Council's days off and make-up days of ``year`` are known."""
    return year in (_calendar(year).special_public_holidays or {})


def add_working_days(day: date, n: int) -> date:
    """The ``n``-th working day after ``day`` (before it where ``n`` is negative); ``day`` itself for 0."""
    step = ONE_DAY if n > 0 else -ONE_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """The first working day after ``day``."""
    return add_working_days(day, 1)


def last_filing_day(activity_day: date, n: int) -> date:
    """The ``n``-th working day before the activity: the last day on which a filing is in time."""
    if n < 0:
        raise ValueError("the number of working days cannot be negative")
    return add_working_days(activity_day, -n)


def late_working_days(last_day: date, filed_day: date) -> int:
    """How many working days after the last day a filing came: 0 in time, at least 1 where it is late."""
    if filed_day <= last_day:
        return 0
    late, day = 0, last_day
    while day < filed_day:
        day += ONE_DAY
        late += is_working_day(day)
    return max(late, 1)


def filing_day(moment: datetime, cut_off: time | None = None) -> date:
    """The day for which a filing made at ``moment`` counts: the next one after the cut-off hour.

    ``moment`` is aware and read in China's zone. No cut-off, or midnight, means the day itself.
    """
    local = moment.astimezone(CHINA)
    midnight = cut_off is None or cut_off == time(0)
    if midnight or cut_off is None or local.time() <= cut_off:
        return local.date()
    return local.date() + ONE_DAY
