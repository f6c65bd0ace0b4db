"""The day or days at one place of a folded text: lists and runs put together, and held against what stands beside.

«10月24日（周六）» is confirmed by its weekday, «10月25日（周六）» or «明天（10月14日）» on the 12th is asked about.
"""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.clock import CHINA
from bot.rules.dates import DATE, MONTH_DAY, MOST_DAYS, Days, date_at
from bot.rules.numbers import read_number
from bot.rules.relative import RELATIVE, WEEKDAY, WEEKDAYS, numbered, relative_at, run_from, weekday_list
from bot.rules.times import CLOCK, DOTTED

DAY = re.compile(f"{DATE}|{RELATIVE}")
MOST_JOINED = 12
_JOINT = re.compile(r"[ ]?(?:(?P<run>-{1,2}|至|到)|、|,|和|及|与|/)[ ]?")
_OPENING = re.compile(r"[ ]?[(【\[][ ]?")
_CLOSING = re.compile(r"[ ]?[)】\]]")
_NOTE = re.compile(rf"[ ,]{{0,2}}{WEEKDAYS.format('wd')}")
_SHORT_NOTE = re.compile(r"([一二三四五六日])(?=[ ]?[)】\]])")  # 11/14(六)
_TOLD = re.compile(r"[ ]?(?=本|这|下|明|后|大后|今|昨|前)")
_DATED = re.compile(r"[ ,、]?[ ]?(?:即|也就是|就是)?(?=\d|十|[一二三四五六七八九廿卅])")
_NUMBER = re.compile(rf"({MONTH_DAY})[日号](?!楼|线|馆|门|厅|会议)")
_FOR = re.compile(
    r"[ ,(]?(?P<from>起|开始)?[ ,]?(?P<lasting>连续|一连|持续|为期|连办|连开)?"
    r"(?P<n>\d{1,2}|[一两二三四五六七八九十]{1,3})天(?!后|前|内|之|以)[ )]?"
)


class DayReader:
    """Reads days from a folded text, remembering the last date that was written out."""

    def __init__(self, reading: str, now: datetime) -> None:
        self.reading = reading
        self.today = now.astimezone(CHINA).date()
        self._anchor: date | None = None

    def at(self, at: int) -> Days | None:
        """Every day that is named from ``at`` on: one, a list, or a run."""
        days = self.one_at(at)
        for _ in range(MOST_JOINED):
            joint = _JOINT.match(self.reading, days.end) if days and days.days else None
            other = self.one_at(joint.end()) if joint else None
            if days is None or joint is None or other is None:
                break
            joined = self._joined(days, other, bool(joint["run"]))
            if joined is None:
                break
            days = joined
        return self._lasting(days) if days else None

    def one_at(self, at: int) -> Days | None:
        """The day (or the list under one month) at a place, held against a weekday or a date beside it."""
        days = self._plain(at)
        if days is None:
            return None
        days = self._held_against(days)
        if days.dated and days.days and not days.reason:
            self._anchor = days.days[0]
        return days

    def _plain(self, at: int) -> Days | None:
        found = DAY.match(self.reading, at)
        if found is None or not found.group():
            return None
        return date_at(found, self.today) or relative_at(found, self.today, self._anchor)

    def _held_against(self, days: Days) -> Days:
        opening = _OPENING.match(self.reading, days.end)
        begin = opening.end() if opening else days.end
        beside = self._beside(days, begin, bool(opening))
        if beside is None:
            return days
        closing = _CLOSING.match(self.reading, beside.end)
        return replace(beside, end=closing.end() if closing else beside.end)

    def _beside(self, days: Days, begin: int, bracketed: bool) -> Days | None:
        """The same days after what is written at ``begin``; None where nothing there speaks of them."""
        if bracketed and (short := _SHORT_NOTE.match(self.reading, begin)):
            return self._weekdays(days, (WEEKDAY[short[1]],), short.end())
        if note := _NOTE.match(self.reading, begin):
            return self._weekdays(days, weekday_list(note["wd"], note["wds"]), note.end())
        lead = (_TOLD if days.dated else _DATED).match(self.reading, begin)
        told = (self._plain(lead.end()) or self._number(lead.end(), days)) if lead else None
        if lead is None or told is None or not told.days or told.dated == days.dated:
            return None
        if not bracketed and (len(days.days) > 1 or len(told.days) > 1 or "、" in lead.group()):
            return None
        if days.dated:
            return _compared(days, told, replace(days, end=told.end))
        if not bracketed and _reads_as_hours(self.reading, told, days):
            return None
        if (note := _NOTE.match(self.reading, told.end)) and len(told.days) == 1:
            told = check_weekday(told, WEEKDAY[note["wd"]], note.end())
        return _compared(told, days, replace(told, begin=days.begin))

    def _number(self, at: int, days: Days) -> Days | None:
        """«下周六24号»: beside a day a number needs no more around it."""
        found = _NUMBER.match(self.reading, at) if not days.dated else None
        return numbered(read_number(found[1]) or 0, self.today, self._anchor, found.span()) if found else None

    def _weekdays(self, days: Days, numbers: tuple[int, ...], end: int) -> Days | None:
        if days.loose:
            return None
        if len(numbers) == 1 and (days.reason or len(days.days) == 1):
            return check_weekday(days, numbers[0], end)
        if not days.dated or days.reason:
            return None
        real = tuple(d.weekday() for d in days.days)
        if real == numbers or (real[0], real[-1]) == (numbers[0], numbers[-1]) or real[-1:] == numbers:
            return replace(days, end=end)
        return replace(days, end=end, days=days.days[:1], reason="weekday_contradicts_date", confidence=0.5)

    def _joined(self, days: Days, second: Days, run: bool) -> Days | None:
        after = CLOCK.match(self.reading, second.end)
        if days.reason or second.reason or (run and after and CLOCK.search(self.reading, days.begin, days.end)):
            return days if days.reason else replace(days, end=second.end, reason=second.reason, days=second.days)
        first, last = days.days[-1], second.days[0]
        if last <= first or (last - first).days > MOST_DAYS:
            return replace(days, end=second.end, days=(first, last), reason="end_before_start")
        between = range(1, (last - first).days) if run else range(0)
        filled = tuple(first + timedelta(days=i) for i in between)
        return replace(days, end=second.end, days=(days.days + filled + second.days)[:MOST_DAYS])

    def _lasting(self, days: Days) -> Days:
        """«10月24日起连续三天»; after a list «三天» only counts it."""
        found = _FOR.match(self.reading, days.end)
        number = read_number(found["n"]) if found else None
        if found is None or not number or days.reason:
            return days
        if len(days.days) == 1 and number > 1 and (found["from"] or found["lasting"]):
            return run_from(days, number, found.end())
        return replace(days, end=found.end()) if number == len(days.days) > 1 else days


def check_weekday(days: Days, weekday: int, end: int) -> Days:
    """The same days after a weekday written beside them: confirmed, chosen among candidates, or contradicted."""
    if not days.days:
        return replace(days, end=end)
    fitting = tuple(d for d in days.days if d.weekday() == weekday)
    if len(fitting) == 1:
        return replace(days, days=fitting, end=end, reason=None, confidence=0.98)
    first = days.days[0]
    near = first + timedelta(days=(weekday - first.weekday() + 3) % 7 - 3)
    return replace(days, days=(first, near), end=end, reason="weekday_contradicts_date", confidence=0.5)


def _compared(dated: Days, told: Days, base: Days) -> Days:
    """A date held against «明天» or «下周六»: the same day, or both to choose from. ``base``: what spans the two."""
    if not dated.days or not told.days:
        return base
    if told.loose:
        weekdays = {d.weekday() for d in told.days}
        fitting = tuple(d for d in dated.days if d.weekday() in weekdays)
    else:
        fitting = tuple(d for d in dated.days if d in told.days)
    if fitting == dated.days or (dated.reason and len(fitting) == 1):
        return replace(base, days=fitting, reason=None, confidence=0.98, dated=True)
    options = (dated.days[0], told.days[0])
    return replace(base, days=options, reason="weekday_contradicts_date", confidence=0.5, dated=True)


def _reads_as_hours(reading: str, dated: Days, told: Days) -> bool:
    """«下周三10.30-11.30»: hours with a dot, and not the date of that Wednesday."""
    dotted = DOTTED.match(reading, dated.begin)
    return dotted is not None and not set(dated.days) & set(told.days)
