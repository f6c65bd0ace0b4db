"""The rules of a filing: what it must say, whether it is in time, and which way its life may go."""

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
    "submitted": frozenset({"accepted", "returned", "withdrawn", "cancelled", "amended", "reported"}),
    "accepted": frozenset({"amended", "withdrawn", "cancelled", "reported"}),
    "amended": frozenset({"amended", "accepted", "returned", "withdrawn", "cancelled", "reported"}),
    "returned": frozenset({"draft", "cancelled"}),
    "withdrawn": frozenset({"draft", "cancelled"}),
    "reported": frozenset({"verified", "queried"}),
    "queried": frozenset({"reported", "verified"}),
    "verified": frozenset({"queried"}),
    "cancelled": frozenset(),
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
