"""The rules of a filing: what it must say, whether it is in time, which way its life may go, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.clock import CHINA
from bot.rules import working_days

REQUIRED = ("name", "start", "place", "attendance", "contact_name", "contact_phone")
# What the guided dialogue asks, in this order; what is not required may be skipped.
GUIDED = ("name", "start", "place", "kind", "attendance", "contact_name", "contact_phone", "summary")
USUAL_LENGTH = timedelta(hours=2)  # offered where only the start is said

# From a state to those it may change into. Nothing leaves a cancelled filing.
MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "cancelled"}),
    "submitted": frozenset({"accepted", "returned", "withdrawn", "cancelled", "reported"}),
    "accepted": frozenset({"amended", "withdrawn", "cancelled", "reported"}),
    "amended": frozenset({"amended", "accepted", "returned", "withdrawn", "cancelled", "reported"}),
    "returned": frozenset({"draft", "cancelled"}),
    "withdrawn": frozenset({"draft", "cancelled"}),
    "reported": frozenset({"reported", "verified", "queried"}),  # itself again: a report that is added to
    "queried": frozenset({"reported", "verified"}),
    "verified": frozenset({"queried"}),
    "cancelled": frozenset(),
}

OPEN = frozenset({"draft", "returned", "withdrawn"})  # the unit writes in it freely
STANDING = frozenset({"submitted", "accepted", "amended"})  # the office has it; a change is an amendment
HELD = STANDING | {"reported", "verified", "queried"}  # an activity that is to be, or was

# What may be done with a filing, and in which states: by those who act for its unit, and by the staff who decide.
UNIT_ACTS: dict[str, frozenset[str]] = {
    "change": OPEN,
    "submit": OPEN,
    "amend": STANDING,
    "withdraw": STANDING,
    "cancel": OPEN | STANDING,
    "report": STANDING | {"reported", "queried"},
}
STAFF_ACTS: dict[str, frozenset[str]] = {
    "accept": frozenset({"submitted", "amended"}),
    "return": frozenset({"submitted", "amended"}),
    "verify": frozenset({"reported", "queried"}),
    "query": frozenset({"reported", "verified"}),
}


@dataclass(frozen=True, slots=True)
class Timeliness:
    """``late``: working days after the last day, 0 in time. ``over``: the activity has already been held (补报)."""

    last_day: date
    late: int
    over: bool


def timeliness(start: datetime, end: datetime | None, now: datetime, n: int, cut_off: time | None) -> Timeliness:
    """Whether a filing made now for this activity is in time; ``n``: working days before."""
    last = working_days.last_filing_day(start.astimezone(CHINA).date(), n)
    late = working_days.late_working_days(last, working_days.filing_day(now, cut_off))
    return Timeliness(last, late, (end or start + USUAL_LENGTH) <= now)


def missing(values: Mapping[str, Any]) -> list[str]:
    """The required fields that are still empty, in the order in which they are asked."""
    return [name for name in REQUIRED if values.get(name) in (None, "")]


def may_move(before: str, after: str) -> bool:
    """Whether a filing may go from one state to the other."""
    return after in MOVES[before]


def may(act: str, state: str, *, unit: bool = False, staff: bool = False) -> bool:
    """Whether an act is open in this state to one who acts for the unit, or to a member of staff who decides."""
    return (unit and state in UNIT_ACTS.get(act, ())) or (staff and state in STAFF_ACTS.get(act, ()))


def usual_end(start: datetime | None, end: datetime | None, all_day: bool) -> datetime | None:
    """The end that was said, or two hours after the start."""
    return end if start is None or all_day else end or start + USUAL_LENGTH


def report_is_due(state: str, end: datetime | None, now: datetime) -> bool:
    """待总结: the office took the activity, it is over, and nobody has reported on it."""
    return state in ("accepted", "amended") and end is not None and end <= now


def same_day(one: datetime | None, other: datetime | None) -> bool:
    """Whether two instants lie on one day in China; nothing lies on no day."""
    if one is None or other is None:
        return one is other
    return one.astimezone(CHINA).date() == other.astimezone(CHINA).date()
