"""When those who owe are reminded: on which days, and by which way first.

First politely in direct chat in the morning, then by name in the group in the afternoon; at most once a day by each
way, on working days only. Whoever delivers drops out: that is looked at when a step falls due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import CHINA
from bot.rules.working_days import add_working_days, is_working_day

DIRECT, GROUP = "direct", "group"
HOURS = {DIRECT: time(9, 0), GROUP: time(15, 0)}
# A deadline before this hour leaves no time on its own day: the working day before is the day to remind.
EARLIEST_SAME_DAY = time(11, 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder. ``late``: days after the deadline, 0 or less before it; the words grow firmer with it."""

    at: datetime
    way: str
    late: int


def ladder(deadline: datetime, days: Iterable[int]) -> list[Step]:
    """Every reminder for a deadline, in order; ``days``: counted from it, -1 the day before, 1 the day after.

    A reminder before the deadline that would fall on a day off moves to the last working day before; one after it to
    the next working day. The group is not written to about a deadline that is over within the hour.
    """
    deadline = deadline.astimezone(CHINA)
    chosen: dict[date, int] = {}
    for offset in sorted(set(days)):
        day = _day(deadline, offset)
        if day not in chosen:  # the nearer to the deadline the earlier: two steps that meet are one
            chosen[day] = (day - deadline.date()).days
    steps = [
        Step(datetime.combine(day, HOURS[way], CHINA), way, late)
        for day, late in chosen.items()
        for way in (DIRECT, GROUP)
    ]
    spare = deadline - timedelta(hours=1)
    return sorted(
        (one for one in steps if one.late > 0 or one.at <= spare or (one.way == DIRECT and one.at < deadline)),
        key=lambda one: one.at,
    )


def _day(deadline: datetime, offset: int) -> date:
    day = deadline.date() + timedelta(days=offset)
    if offset > 0:
        return day if is_working_day(day) else add_working_days(day, 1)
    if day == deadline.date() and deadline.time() < EARLIEST_SAME_DAY:
        day -= timedelta(days=1)
    return day if is_working_day(day) else add_working_days(day, -1)
