"""Days and the sessions of a day, read together from one place of a folded text."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import CHINA
from bot.rules.dates import DAY, MOST_DAYS, WEEKDAY, WEEKDAY_NOTE, Days, check_weekday, day_at
from bot.rules.times import ALL_DAY, CLOCK, JOINT, ClockTime, end_minute, minute_of_day, read_clock, start_minute

WHOLE_DAY = (9 * 60, 17 * 60)
MOST_SESSIONS = 8
_GLUE = re.compile(
    r"(?:[\u2300-\u23ff\u2600-\u27bf\U0001f300-\U0001faff "
    r",(、)/|\]\[【】]|每天|每日|均为|都是|各|的|为|是|在|:|活动时间|具体时间|时间"
    r"|开始时间|开始|日期|时段|分别|于|起|开展|举行)*"
)
_OPENS = re.compile(r"开始|起|左右|准时|正式开始|结束")
_CLOSES = re.compile(r"结束|止|完")
_BETWEEN_SESSIONS = re.compile(r"[ ,、;和及与/]{0,3}(?:以及)?[ ]?")
_JOINT_OF_DAYS = re.compile(r"[ ]?(?:(?P<run>-{1,2}|至|到)|、|和|及|与|/)[ ]?")


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
        joint = _JOINT_OF_DAYS.match(self.reading, days.end)
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

    def session_at(self, at: int, inherited: str | None) -> tuple[Session, int, str | None] | None:
        """A session that begins at ``at``: its hours, where it ends, and the part of the day it was in."""
        whole = ALL_DAY.match(self.reading, at)
        if whole:
            rest = self.session_at(skip(self.reading, whole.end()), None)
            if rest and not rest[0].reason:
                return rest
            return Session((WHOLE_DAY[0],), WHOLE_DAY[1], True), whole.end(), None
        found = CLOCK.match(self.reading, at)
        clock = read_clock(found) if found else None
        if found is None:
            return None
        if clock is None:
            return Session((), None, reason="no_such_time"), found.end(), None
        part = clock.part or inherited
        starts, end_at = start_minute(clock, part), found.end()
        joint = JOINT.match(self.reading, end_at)
        if joint is None:
            return Session(starts, None), end_at, part
        return self._until(clock, starts, part, joint.end(), end_at)

    def _until(
        self, clock: ClockTime, starts: tuple[int, ...], part: str | None, at: int, without: int
    ) -> tuple[Session, int, str | None]:
        """The rest of a session after its «to»: an hour, perhaps of another day."""
        day = DAY.match(self.reading, at)
        end_day = self._noted(day_at(day, self.today)) if day else None
        found = CLOCK.match(self.reading, skip(self.reading, end_day.end) if end_day else at)
        until = read_clock(found) if found else None
        if found is None or until is None:
            if found is None and (tail := re.compile("结束|完").match(self.reading, at)):
                return Session(starts, None), tail.end(), part
            return Session(starts, None), without, part
        if end_day and end_day.days:
            return Session(starts, minute_of_day(until, until.part), end_day=end_day), found.end(), part
        first, last = starts[0], starts[-1]
        end = end_minute(until, first, part)
        # 7点到9点 may be of the morning or the evening; 7:30-16:30 is the 24-hour clock.
        if first != last and not until.part and not (until.literal and until.hour > 12):
            return Session(starts, end), found.end(), part
        if end is None and last != first:
            first, end = last, end_minute(until, last, part)
        if end is None:
            return Session(starts, None, reason="end_before_start"), found.end(), part
        return Session((first,), end), found.end(), until.part or part

    def sessions_at(self, at: int, part: str | None) -> tuple[list[Session], int]:
        """All sessions written one after another from ``at``."""
        sessions: list[Session] = []
        end = at
        while len(sessions) < MOST_SESSIONS:
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


def skip(reading: str, at: int) -> int:
    """Past the blanks and words that may stand between a day and its hours."""
    glue = _GLUE.match(reading, at)
    return glue.end() if glue else at
