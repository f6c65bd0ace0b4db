"""The four inputs of time on the filing page (and the switch for a whole day) as start and end, and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import CHINA
from bot.rules.dates import FAR_AHEAD
from bot.rules.filing import USUAL_LENGTH
from bot.rules.sessions import WHOLE_DAY
from bot.rules.understanding import Found, Question, understand_answer
from bot.rules.wording import format_day

WHEN = ("date", "begin", "until", "until_date", "all_day")
LONGEST = timedelta(days=366)
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_HOURS = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(?::\d\d)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why what was written in ``input`` cannot be taken; ``text``: what the sentence about it needs."""

    input: str
    reason: str
    text: str = ""


class _Wrong(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def shown_when(start: datetime | None, end: datetime | None, all_day: bool, day: date | None = None) -> dict[str, str]:
    """The inputs for a time. ``day``: the day that is known while the hours are not."""
    first = start.astimezone(CHINA) if start else None
    last = end.astimezone(CHINA) if end else None
    begins = first.date() if first else day
    ends = last.date() if last else None
    if last and begins and last == _at(begins + timedelta(days=1), time(0)):
        ends = begins  # midnight ends its own day
    return {
        "date": begins.isoformat() if begins else "",
        "begin": f"{first:%H:%M}" if first and not all_day else "",
        "until": f"{last:%H:%M}" if last and not all_day else "",
        "until_date": ends.isoformat() if ends and ends != begins else "",
        "all_day": "1" if all_day else "",
    }


def read_when(given: Mapping[str, str], now: datetime) -> tuple[dict[str, Found], date | None, Fault | None]:
    """start, end and all_day; the day alone while the hours are missing; and what is wrong with one input."""
    text = given.get("date", "")
    try:
        day = _day("date", text, now)
        if day is None:
            return _values(None, None, False, text), None, None
        last = _day("until_date", given.get("until_date", ""), now)
        if given.get("all_day"):
            if last and last < day:
                return {}, None, Fault("until_date", "ends_before")
            begins, ends = (time(minutes // 60, minutes % 60) for minutes in WHOLE_DAY)
            return _values(_at(day, begins), _at(last or day, ends), True, text), None, None
        begin = _hours("begin", given.get("begin", ""), day, now)
        if begin is None:
            return _values(None, None, False, text), day, None
    except _Wrong as wrong:
        return {}, None, wrong.fault
    start = _at(day, begin)
    try:
        end = _end(given, start, last, now)
    except _Wrong as wrong:
        return _values(start, None, False, text), None, wrong.fault  # what is right of it is kept
    return _values(start, end, False, text), None, None


def needs_a_second_look(start: datetime | None, end: datetime | None, now: datetime) -> str:
    """«passed» or «far»: an honest day, but more often a slip; empty for any other."""
    if start is None:
        return ""
    if (end or start + USUAL_LENGTH) <= now:
        return "passed"
    return "far" if (start.date() - now.date()).days > FAR_AHEAD else ""


def _end(given: Mapping[str, str], start: datetime, last: date | None, now: datetime) -> datetime | None:
    day = last or start.date()
    until = _hours("until", given.get("until", ""), day, now)
    if until is None:
        if last and last > start.date():
            raise _Wrong(Fault("until", "end_hour"))
        return None
    end = _at(day, until)
    if until == time(0) and last is None:
        end += timedelta(days=1)  # the midnight at the end of the day
    if end <= start:
        raise _Wrong(Fault("until", "ends_before_begin" if last is None else "ends_before"))
    if end - start > LONGEST:
        raise _Wrong(Fault("until_date", "too_far_apart"))
    return end


def _day(name: str, text: str, now: datetime) -> date | None:
    """A day as the browser sends it; where it shows a plain box, as people write it."""
    if not text:
        return None
    written = _DAY.fullmatch(text)
    if written:
        try:
            day = date(*map(int, written.groups()))
        except ValueError:
            raise _Wrong(Fault(name, "no_such_day", text)) from None
        if not 2000 <= day.year <= 2100:
            raise _Wrong(Fault(name, "no_such_day", text))
        return day
    got = understand_answer("start", text, now).get("start")
    if isinstance(got, Found):
        start: datetime = got.value
        return start.astimezone(CHINA).date()
    if isinstance(got, Question) and got.options:
        days: list[date] = sorted({one.start.astimezone(CHINA).date() for one in got.options})
        if len(days) == 1:
            return days[0]
        raise _Wrong(Fault(name, "which_day", "还是".join(format_day(one, now.year) for one in days[:3])))
    raise _Wrong(Fault(name, "day", text))


def _hours(name: str, text: str, day: date, now: datetime) -> time | None:
    if not text:
        return None
    written = _HOURS.fullmatch(text)
    if written:
        return time(int(written[1]), int(written[2]))
    got = understand_answer("start", text, now, day).get("start")
    if not isinstance(got, Found):
        raise _Wrong(Fault(name, "hour", text))
    start: datetime = got.value
    return start.astimezone(CHINA).time()


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, CHINA)


def _values(start: datetime | None, end: datetime | None, all_day: bool, text: str) -> dict[str, Found]:
    return {"start": Found(start, text), "end": Found(end, text), "all_day": Found(all_day, text)}
