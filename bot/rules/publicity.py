"""Until when a publicity 公示 lasts, as its text says: «公示期为10月20日至10月26日», «公示期5个工作日»."""

import re
from datetime import date, datetime, time, timedelta

from bot.clock import CHINA
from bot.rules.numbers import NUMBER, read_number
from bot.rules.reading import read
from bot.rules.working_days import add_working_days

LAST_MINUTE = time(23, 59)
LONGEST_DAYS = 365
_CLAUSE = re.compile(r"公示(?:期限?|时间|至|截止|\d)[^。;\n]{0,80}")
_DAY = re.compile(
    r"(?P<until>至|到|-|截止|截至)?[ ]*(?:(?P<year>20\d\d)年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})(?:日|号)"
    r"(?P<begins>[ ]?(?:起|开始))?(?:[ ]*(?P<hour>\d{1,2}):(?P<minute>\d\d))?"
)
_LASTS = re.compile(rf"(?P<n>{NUMBER})[ ]?个?(?P<unit>工作日|自然日|日历日|天|周|日(?!起|至|到|-))")
# A day so long ago is meant for the next year.
_LONG_AGO = timedelta(days=60)


def ends_at(text: str, now: datetime) -> datetime | None:
    """The end of the period, for a text that is published at ``now``; None where it names none.

    Days are counted from the day after publication, or from the day that the text begins with; a day without an hour
    ends at 23:59.
    """
    for clause in _CLAUSE.finditer(read(text).reading):
        begins, end = _days(clause[0], now.astimezone(CHINA))
        if end is not None:
            return end
        lasts = _LASTS.search(_DAY.sub(" ", clause[0]))
        size = read_number(lasts["n"]) if lasts else None
        if lasts and size and size <= LONGEST_DAYS:
            first = begins or now.astimezone(CHINA).date() + timedelta(days=1)
            return datetime.combine(_last(first, size, lasts["unit"]), LAST_MINUTE, CHINA)
    return None


def _days(clause: str, now: datetime) -> tuple[date | None, datetime | None]:
    """The day on which it begins and the moment when it ends, as far as days are named."""
    begins: date | None = None
    end: datetime | None = None
    before: date | None = None
    for found in _DAY.finditer(clause):
        month = int(found["month"]) if found["month"] else before.month if before else None
        day = _day(found["year"], month, int(found["day"]), before, now.date()) if month else None
        if day is None:
            continue
        if found["begins"] or not found["until"]:
            begins = begins or day
        else:
            hour = time(int(found["hour"]), int(found["minute"])) if _is_hour(found) else LAST_MINUTE
            end = datetime.combine(day, hour, CHINA)
        before = day
    return begins, end


def _day(year: str | None, month: int, day: int, after: date | None, today: date) -> date | None:
    try:
        found = date(int(year) if year else (after or today).year, month, day)
        if not year and found < (after or today - _LONG_AGO):
            found = found.replace(year=found.year + 1)
    except ValueError:
        return None
    return found


def _is_hour(found: re.Match[str]) -> bool:
    return bool(found["hour"]) and int(found["hour"]) < 24 and int(found["minute"]) < 60


def _last(first: date, size: int, unit: str) -> date:
    """The last of so many days, of which ``first`` is the first."""
    if unit == "工作日":
        return add_working_days(first - timedelta(days=1), size)
    return first + timedelta(days=size * (7 if unit == "周" else 1) - 1)
