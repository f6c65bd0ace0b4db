"""The platforms' limits per minute, counted in the database so that all processes keep them together.

Whoever claims rows of a lane holds the lane (see claiming.py), and everything under one limit is in one lane: what is
counted here cannot change before the claim is committed. What must wait gets its own hour, in order, so that staff can
be told when each will go.
"""

from bisect import insort
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update

from bot.channels.base import Pace
from bot.model import Delivery, DeliveryState
from bot.store.unit_of_work import UnitOfWork

# The platform counts when a message arrives, and one may be longer on its way than another.
MARGIN = timedelta(seconds=1)

_TABLE = cast(Table, Delivery.__table__)
_ROW = _TABLE.c
_RECENT = select(_ROW.claimed_at).where(_ROW.pace_key == bindparam("key"), _ROW.claimed_at > bindparam("since"))
_WAITING = (
    select(_ROW.id, _ROW.not_before, _ROW.attempts)
    .where(_ROW.state == DeliveryState.QUEUED, _ROW.pace_key == bindparam("key"))
    .order_by(_ROW.urgent.desc(), _ROW.id)
)
_PUT_OFF = update(_TABLE).where(_ROW.id == bindparam("row")).values(not_before=bindparam("moment"))


class Limits:
    """What each limit still allows within one transaction."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._sent: dict[str, list[datetime]] = {}
        self._full: dict[str, Pace] = {}

    def take(self, pace: Pace) -> bool:
        """Take one of what ``pace`` allows now; False where there is none, and from then on for the same limit."""
        if pace.key in self._full:
            return False
        sent = self._recent(pace)
        if len(sent) >= pace.limit:
            self._full[pace.key] = pace
            return False
        insort(sent, self._work.now)
        return True

    def put_off(self) -> None:
        """Give everything that waits for a full limit, marked with its key, the moment at which it may go."""
        for key, pace in self._full.items():
            times, moves = list(self._recent(pace)), []
            for number, planned, attempts in self._work.session.execute(_WAITING, {"key": key}):
                slot = max(self._work.now, times[-pace.limit] + _window(pace))
                if attempts:  # the platform asked for its own pause after a refusal
                    slot = max(slot, planned)
                insort(times, slot)
                if slot != planned:
                    moves.append({"row": number, "moment": slot})
            if moves:
                self._work.session.execute(_PUT_OFF, moves)

    def _recent(self, pace: Pace) -> list[datetime]:
        """When something last went under this limit, ascending."""
        if pace.key not in self._sent:
            wish = {"key": pace.key, "since": self._work.now - _window(pace)}
            self._sent[pace.key] = sorted(self._work.session.scalars(_RECENT, wish))
        return self._sent[pace.key]


def _window(pace: Pace) -> timedelta:
    return timedelta(seconds=pace.seconds) + MARGIN
