"""The sessions of a day: hours that stand one after another in a folded text."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.rules.dates import Days
from bot.rules.day_runs import DayReader
from bot.rules.times import (
    ALL_DAY,
    CLOCK,
    DOTTED,
    JOINT,
    NEXT_DAY,
    ClockTime,
    end_minute,
    minute_of_day,
    read_clock,
    read_dotted,
    start_minute,
)

WHOLE_DAY = (9 * 60, 17 * 60)
MIDNIGHT = 24 * 60
LATEST_END = 22 * 60 + 30  # where the evening would last longer, the morning is meant
MOST_SESSIONS = 8
_GLUE = re.compile(
    r"(?:[\u2300-\u23ff\u2600-\u27bf\U0001f300-\U0001faffT "
    r",(、)/|\]\[【】]|每天|每日|每(?=晚)|当天|当日|均为|都是|都|各|的|为|是|在|从|:|活动时间|具体时间|时间"
    r"|开始时间|开始|日期|时段|分别|于|起|开展|举行|(?:共|一共|连续|为期)?[两二三四五六七八九2-9]天(?!后|前|内)"
    r"|(?:第[一1]|首|上半)场(?=[ :(]))*"
)
_OPENS = re.compile(r"(?:左右|许|准时|正式|前后)?(?:开始|开讲|开场|开幕|开课|开赛|起)?(?:左右|结束)?")
_CLOSES = re.compile(r"(?:左右|准时|之?前)?(?:活动)?(?:结束|止|完|散场|闭幕)")
_THEN = re.compile(r"[ ]?[,、;][ ]?|[ ]?")
_BETWEEN = re.compile(r"[ ,、;和及与/)]{0,3}(?:以及)?[ ]?(?:第[二三四五2-5]场|另一场|另外?)?[ :(]{0,2}")


@dataclass(frozen=True)
class Session:
    """The hours of one session of a day: minutes after midnight."""

    starts: tuple[int, ...]
    end: int | None
    all_day: bool = False
    end_day: Days | None = None
    reason: str | None = None


class Scanner:
    """Reads one expression of time at a time from a folded text."""

    def __init__(self, reading: str, now: datetime, day: date | None) -> None:
        self.reading = reading
        self.known_day = day
        self.days = DayReader(reading, now)

    def sessions_at(self, at: int, days: Days | None) -> tuple[list[Session], int]:
        """All sessions written one after another from ``at``, of the day or days before them."""
        sessions: list[Session] = []
        end, part, dated = at, days.part if days else None, days is not None
        while len(sessions) < MOST_SESSIONS:
            got = self._session_at(at, part, dated)
            if got is None:
                break
            session, stop, part = got
            if sessions and sessions[-1].end is None and session.end is None and _CLOSES.match(self.reading, stop):
                break  # the second hour is an end that stands apart, see ``understanding.when``
            sessions.append(session)
            end = self._past(_OPENS, stop)
            at = self._past(_BETWEEN, end)
        return sessions, end

    def _past(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.reading, at)
        return found.end() if found else at

    def _clock_at(self, at: int, dotted: bool) -> tuple[ClockTime | None, int] | None:
        """The hour at a place and where it ends; (None, …) for an hour that no clock shows."""
        if dotted and (found := DOTTED.match(self.reading, at)):
            return read_dotted(found), found.end()
        found = CLOCK.match(self.reading, at)
        return (read_clock(found), found.end()) if found else None

    def _session_at(self, at: int, inherited: str | None, dated: bool) -> tuple[Session, int, str | None] | None:
        """A session that begins at ``at``: its hours, where it ends, and the part of the day it was in."""
        whole = ALL_DAY.match(self.reading, at)
        if whole:
            rest = self._session_at(skip(self.reading, whole.end()), None, dated)
            if rest and not rest[0].reason and not rest[0].all_day:
                return rest
            return Session((WHOLE_DAY[0],), WHOLE_DAY[1], True), whole.end(), None
        got = self._clock_at(at, dotted=dated)
        if got is None:
            return None
        clock, end_at = got
        if clock is None:
            return Session((), None, reason="no_such_time"), end_at, None
        part = clock.part or inherited
        starts, opened = start_minute(clock, part), self._past(_OPENS, end_at)
        joint = JOINT.match(self.reading, opened)
        if joint:
            return self._until(clock, starts, part, joint.end(), end_at)
        # «9点开始，11点半结束»: an hour close behind that is called the end.
        begin = self._past(_THEN, opened)
        closing = self._clock_at(begin, dotted=True)
        if closing and _CLOSES.match(self.reading, closing[1]):
            return self._until(clock, starts, part, begin, end_at)
        return Session(starts, None), end_at, part

    def _until(
        self, clock: ClockTime, starts: tuple[int, ...], part: str | None, at: int, without: int
    ) -> tuple[Session, int, str | None]:
        """The rest of a session after its «to»: an hour, perhaps of another day."""
        following = NEXT_DAY.match(self.reading, at)
        end_day = None if following else self.days.one_at(at)
        begin = following.end() if following else skip(self.reading, end_day.end) if end_day else at
        got = self._clock_at(begin, dotted=True)
        until = got[0] if got else None
        if got is None or until is None:
            if got is None and (tail := _CLOSES.match(self.reading, at)):
                return Session(starts, None), tail.end(), part
            return Session(starts, None), without, part
        stop = self._past(_CLOSES, got[1])
        if end_day and end_day.days:
            return Session(starts, minute_of_day(until, until.part), end_day=end_day), stop, part
        if following:
            return Session(starts[-1:], minute_of_day(until, until.part) % MIDNIGHT + MIDNIGHT), stop, part
        first, last = starts[0], starts[-1]
        end = end_minute(until, first, part)
        # 7点到9点 may be of the morning or the evening; 7:30-16:30 is the 24-hour clock, 7:30-11:30 too late for one.
        late = end is not None and end + last - first > LATEST_END
        if first != last and not until.part and not (until.literal and until.hour > 12) and not late:
            return Session(starts, end), stop, part
        if end is None and last != first:
            first, end = last, end_minute(until, last, part)
        if end is None:
            return Session(starts, None, reason="end_before_start"), stop, part
        return Session((first,), end), stop, until.part or part


def skip(reading: str, at: int) -> int:
    """Past the blanks and words that may stand between a day and its hours."""
    glue = _GLUE.match(reading, at)
    return glue.end() if glue else at
