"""When an activity is: the days and hours of a text put together, each with the piece it came from.

Several days or sessions give several moments. What cannot be known gives a reason and the moments to choose from.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.clock import CHINA
from bot.rules.dates import DAY, MOST_DAYS, VAGUE, WEEKDAY, WEEKDAY_NOTE, Days, check_weekday, day_at
from bot.rules.reading import read
from bot.rules.times import (
    ALL_DAY,
    CLOCK,
    JOINT,
    PART,
    ClockTime,
    end_minute,
    minute_of_day,
    read_clock,
    start_minute,
)

# 三点建议, 有一点, 差一点: not hours.
_TALK = re.compile(r"[^\d]?(?:一点|[一二两三四五六七八九十]{1,2}点(?=[一-龥])(?![半钟整到至开前左]))(?![半钟整到至])")
MOST_FINDINGS = 40
WHOLE_DAY = (9 * 60, 17 * 60)
_USUAL = {"上": (9 * 60, 10 * 60), "早": (8 * 60 + 30, 9 * 60), "下": (14 * 60 + 30, 15 * 60),
          "晚": (19 * 60, 19 * 60 + 30), "中": (12 * 60, 12 * 60 + 30), "": (9 * 60, 14 * 60 + 30)}  # fmt: skip
_GLUE = re.compile(
    r"(?:[\u2300-\u23ff\u2600-\u27bf\U0001f300-\U0001faff ,(、)/|\]\[【】]|每天|每日|均为|都是|各|的|为|是|在|:|活动时间|具体时间|时间"
    r"|开始时间|开始|日期|时段|分别|于|起|开展|举行)*"
)
_OPENS = re.compile(r"开始|起|左右|准时|正式开始|结束")
_CLOSES = re.compile(r"结束|止|完")
_BETWEEN_SESSIONS = re.compile(r"[ ,、;和及与/]{0,3}(?:以及)?[ ]?")


@dataclass(frozen=True)
class Moment:
    """One occurrence: aware instants in China's zone; ``end`` is None where it was not written."""

    start: datetime
    end: datetime | None = None
    all_day: bool = False


@dataclass(frozen=True)
class Finding:
    """What one piece of the text says about time.

    Without a ``reason``: ``moments`` are its occurrences. With one they are the candidates to ask about:
    no_date, no_time, vague, which_day, invalid_date, date_passed, far_ahead, weekday_contradicts_date,
    morning_or_evening, end_before_start, no_such_time.
    """

    begin: int
    end: int
    text: str
    moments: tuple[Moment, ...]
    reason: str | None = None
    confidence: float = 0.95

    @property
    def day(self) -> date | None:
        """The day of the first moment, where there is one."""
        return self.moments[0].start.date() if self.moments else None


@dataclass(frozen=True)
class _Session:
    """The hours of one session of a day: minutes after midnight."""

    starts: tuple[int, ...]
    end: int | None
    all_day: bool = False
    end_day: Days | None = None
    reason: str | None = None


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(0), CHINA) + timedelta(minutes=minutes)


class _Scanner:
    """Reads one expression of time at a time from a folded text."""

    def __init__(self, reading: str, now: datetime, day: date | None) -> None:
        self.reading = reading
        self.today = now.astimezone(CHINA).date()
        self.known_day = day

    def days_at(self, at: int) -> Days | None:
        found = DAY.match(self.reading, at)
        if found is None or not found.group():
            return None
        days = day_at(found, self.today)
        if found["wd"] is None:
            days = self._noted(days)
        # 10月24日至11月2日, 10月24日和11月2日
        joint = re.compile(r"[ ]?(?:(?P<run>-{1,2}|至|到)|、|和|及|与|/)[ ]?").match(self.reading, days.end)
        if joint and days.days:
            other = DAY.match(self.reading, joint.end())
            if other:
                second = self._noted(day_at(other, self.today))
                return self._joined(days, second, bool(joint["run"]))
        return days

    def _noted(self, days: Days) -> Days:
        note = WEEKDAY_NOTE.match(self.reading, days.end)
        return check_weekday(days, WEEKDAY[note["wd"]], note.end()) if note else days

    def _joined(self, days: Days, second: Days, run: bool) -> Days:
        after = CLOCK.match(self.reading, second.end)
        if days.reason or second.reason or (run and after and self._clock_before(days)):
            return days if days.reason else replace(days, end=second.end, reason=second.reason, days=second.days)
        first, last = days.days[-1], second.days[0]
        if last <= first or (last - first).days > MOST_DAYS:
            return replace(days, end=second.end, days=(first, last), reason="end_before_start")
        between = range(1, (last - first).days) if run else range(0)
        filled = tuple(first + timedelta(days=i) for i in between)
        return replace(days, end=second.end, days=days.days + filled + second.days)

    def _clock_before(self, days: Days) -> bool:
        return CLOCK.search(self.reading, days.begin, days.end) is not None

    def session_at(self, at: int, inherited: str | None) -> tuple[_Session, int, str | None] | None:
        """A session that begins at ``at``: its hours, where it ends, and the part of the day it was in."""
        whole = ALL_DAY.match(self.reading, at)
        if whole:
            rest = self.session_at(_skip(self.reading, whole.end()), None)
            if rest and not rest[0].reason:
                return rest
            return _Session((WHOLE_DAY[0],), WHOLE_DAY[1], True), whole.end(), None
        found = CLOCK.match(self.reading, at)
        clock = read_clock(found) if found else None
        if found is None:
            return None
        if clock is None:
            return _Session((), None, reason="no_such_time"), found.end(), None
        part = clock.part or inherited
        starts, end_at = start_minute(clock, part), found.end()
        joint = JOINT.match(self.reading, end_at)
        if joint is None:
            return _Session(starts, None), end_at, part
        return self._until(clock, starts, part, joint.end(), end_at)

    def _until(
        self, clock: ClockTime, starts: tuple[int, ...], part: str | None, at: int, without: int
    ) -> tuple[_Session, int, str | None]:
        """The rest of a session after its «to»: an hour, perhaps of another day."""
        day = DAY.match(self.reading, at)
        end_day = self._noted(day_at(day, self.today)) if day else None
        found = CLOCK.match(self.reading, _skip(self.reading, end_day.end) if end_day else at)
        until = read_clock(found) if found else None
        if found is None or until is None:
            if found is None and (tail := re.compile("结束|完").match(self.reading, at)):
                return _Session(starts, None), tail.end(), part
            return _Session(starts, None), without, part
        if end_day and end_day.days:
            return _Session(starts, minute_of_day(until, until.part), end_day=end_day), found.end(), part
        first, last = starts[0], starts[-1]
        end = end_minute(until, first, part)
        # 7点到9点 may be of the morning or the evening; 7:30-16:30 is the 24-hour clock.
        if first != last and not until.part and not (until.literal and until.hour > 12):
            return _Session(starts, end), found.end(), part
        if end is None and last != first:
            first, end = last, end_minute(until, last, part)
        if end is None:
            return _Session(starts, None, reason="end_before_start"), found.end(), part
        return _Session((first,), end), found.end(), until.part or part

    def sessions_at(self, at: int, part: str | None) -> tuple[list[_Session], int]:
        """All sessions written one after another from ``at``."""
        sessions: list[_Session] = []
        end = at
        while len(sessions) < 8:
            got = self.session_at(at, part)
            if got is None:
                break
            session, stop, part = got
            closes = _CLOSES.match(self.reading, stop)
            if closes and sessions and sessions[-1].end is None and session.end is None:
                break  # «10点开始，12点结束»: the second hour is the end, see ``whole``
            sessions.append(session)
            note = _OPENS.match(self.reading, stop)
            end = note.end() if note else stop
            joint = _BETWEEN_SESSIONS.match(self.reading, end)
            at = joint.end() if joint else end
        return sessions, end


def _skip(reading: str, at: int) -> int:
    glue = _GLUE.match(reading, at)
    return glue.end() if glue else at


def find_moments(text: str, now: datetime, day: date | None = None) -> tuple[Finding, ...]:
    """Every expression of time in ``text``, in order. ``day``: the day that hours without one belong to."""
    page = read(text)
    return find_in(page.text, page.reading, now, day)


def find_in(text: str, reading: str, now: datetime, day: date | None = None) -> tuple[Finding, ...]:
    """The same for a text that has been read already (``reading``: its folded copy)."""
    scan = _Scanner(reading, now, day)
    out: list[Finding] = []
    at = 0
    starts = _Starts(reading)
    while len(out) < MOST_FINDINGS and (begin := starts.after(at)) is not None:
        finding = _one(scan, text, begin)
        if finding is None:
            at = begin + 1
            continue
        out.append(finding)
        at = max(finding.end, begin + 1)
    return tuple(out)


class _Starts:
    """Where an expression of time may begin; each pattern goes over the text once."""

    def __init__(self, reading: str) -> None:
        self._left = [(p.finditer(reading), -1) for p in (DAY, CLOCK, VAGUE, ALL_DAY, PART)]

    def after(self, at: int) -> int | None:
        """The first possible beginning from ``at`` on."""
        kept, best = [], None
        for matches, start in self._left:
            while start < at and (found := next(matches, None)) is not None:
                start = found.start()
            if start >= at:
                kept.append((matches, start))
                best = start if best is None else min(best, start)
        self._left = kept
        return best


def _one(scan: _Scanner, text: str, begin: int) -> Finding | None:
    reading = scan.reading
    days = scan.days_at(begin)
    if days is None:
        return _without_day(scan, text, begin)
    at = _skip(reading, days.end)
    sessions, end = scan.sessions_at(at, days.part)
    if sessions:
        return _together(text, begin, end, days, sessions)
    part = PART.match(reading, at)
    word = part["alone"] if part else days.part
    end = part.end() if part else days.end
    piece = text[begin:end]
    if days.reason == "invalid_date":
        return Finding(begin, end, piece, (), "invalid_date", 0.3)
    usual = _USUAL.get((word or "")[:1], _USUAL[""])
    asked = days.days[:2] if days.reason else days.days[:1]
    options = tuple(Moment(_at(d, m)) for d in asked for m in usual)
    if word is None and not days.reason:
        # Of several days without hours the whole of them is offered too.
        first, last = days.days[0], days.days[-1]
        options += (Moment(_at(first, WHOLE_DAY[0]), _at(last, WHOLE_DAY[1]), True),)
    return Finding(begin, end, piece, options, days.reason or "no_time", 0.5)


def _without_day(scan: _Scanner, text: str, begin: int) -> Finding | None:
    vague = VAGUE.match(scan.reading, begin)
    if vague:
        return Finding(begin, vague.end(), text[begin : vague.end()], (), "vague", 0.3)
    sessions, end = scan.sessions_at(begin, None)
    if sessions and scan.known_day:
        days = Days((scan.known_day,), begin, begin)
        return _together(text, begin, end, days, sessions)
    if sessions and _TALK.match(scan.reading, max(0, begin - 1)):
        return None
    if sessions:
        moments = tuple(
            Moment(_at(scan.today, m), _at(scan.today, s.end) if s.end else None, s.all_day)
            for s in sessions
            for m in s.starts
        )
        return Finding(begin, end, text[begin:end], moments, "no_date", 0.3)
    part = PART.match(scan.reading, begin)
    if part and scan.known_day:
        usual = _USUAL.get(part["alone"][:1], _USUAL[""])
        options = tuple(Moment(_at(scan.known_day, m)) for m in usual)
        return Finding(begin, part.end(), text[begin : part.end()], options, "no_time", 0.5)
    return None


def _together(text: str, begin: int, end: int, days: Days, sessions: list[_Session]) -> Finding:
    piece = text[begin:end]
    if days.reason == "invalid_date":
        return Finding(begin, end, piece, (), "invalid_date", 0.3)
    reason = days.reason or next((s.reason for s in sessions if s.reason), None)
    moments = []
    for day in days.days:
        for session in sessions:
            for start in session.starts:
                shift = start - session.starts[0]
                last = None
                if session.end_day is not None and session.end is not None:
                    last = _at(session.end_day.days[0], session.end)
                elif session.end is not None:
                    last = _at(day, session.end + shift)
                moment = Moment(_at(day, start), last, session.all_day)
                if last is not None and last <= moment.start:
                    reason = reason or "end_before_start"
                moments.append(moment)
            if len(session.starts) > 1 and not reason:
                reason = "morning_or_evening"
    return Finding(begin, end, piece, tuple(moments[:MOST_DAYS]), reason, days.confidence if not reason else 0.5)
