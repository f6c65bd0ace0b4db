"""When an activity is: the days and hours of a text put together, each with the piece it came from.

Several days or sessions give several moments. What cannot be known gives a reason and the moments to choose from.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import CHINA
from bot.rules.dates import MOST_DAYS, Days
from bot.rules.day_runs import DAY
from bot.rules.reading import read
from bot.rules.sessions import WHOLE_DAY, Scanner, Session, skip
from bot.rules.times import ALL_DAY, CLOCK, PART
from bot.rules.vague import VAGUE

# 三点建议, 有一点, 差一点: not hours.
_TALK = re.compile(r"[^\d]?(?:一点|[一二两三四五六七八九十]{1,2}点(?=[一-龥])(?![半钟整到至开前左]))(?![半钟整到至])")
MOST_FINDINGS = 80
_USUAL = {"上": (9 * 60, 10 * 60), "早": (8 * 60 + 30, 9 * 60), "下": (14 * 60 + 30, 15 * 60),
          "晚": (19 * 60, 19 * 60 + 30), "中": (12 * 60, 12 * 60 + 30), "": (9 * 60, 14 * 60 + 30)}  # fmt: skip


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
    days: tuple[date, ...] = ()  # with no_time: every day that is named


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(0), CHINA) + timedelta(minutes=minutes)


def find_moments(text: str, now: datetime, day: date | None = None) -> tuple[Finding, ...]:
    """Every expression of time in ``text``, in order. ``day``: the day that hours without one belong to."""
    page = read(text)
    return find_in(page.text, page.reading, now, day)


def find_in(text: str, reading: str, now: datetime, day: date | None = None) -> tuple[Finding, ...]:
    """The same for a text that has been read already (``reading``: its folded copy)."""
    scan = Scanner(reading, now, day)
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
        self._reading = reading
        self._left = [(pattern, -1) for pattern in (DAY, CLOCK, VAGUE, ALL_DAY, PART)]

    def after(self, at: int) -> int | None:
        """The first possible beginning from ``at`` on."""
        kept = []
        for pattern, start in self._left:
            if start < at:
                found = pattern.search(self._reading, at)
                if found is None:
                    continue
                start = found.start()
            kept.append((pattern, start))
        self._left = kept
        return min((start for _, start in kept), default=None)


def _one(scan: Scanner, text: str, begin: int) -> Finding | None:
    reading = scan.reading
    days = scan.days.at(begin)
    if days is None:
        return _without_day(scan, text, begin)
    at = skip(reading, days.end)
    sessions, end = scan.sessions_at(at, days)
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
    return Finding(begin, end, piece, options, days.reason or "no_time", 0.5, () if days.reason else days.days)


def _without_day(scan: Scanner, text: str, begin: int) -> Finding | None:
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
            Moment(_at(scan.days.today, m), _at(scan.days.today, s.end) if s.end else None, s.all_day)
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


def in_order(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """Each moment once, the earliest first, and not more than anybody means."""
    return tuple(sorted(dict.fromkeys(moments), key=lambda one: one.start))[:MOST_DAYS]


def _together(text: str, begin: int, end: int, days: Days, sessions: list[Session]) -> Finding:
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
    chosen = tuple(moments[:MOST_DAYS]) if reason else in_order(moments)
    return Finding(begin, end, piece, chosen, reason, days.confidence if not reason else 0.5)
