"""Which process sends a row, and whether it still lives.

A process that sends renews the lease on its rows; a row whose lease has run out belongs to a process that died, and is
in doubt. Leases run by the machine's own clock, which a demo cannot move.
"""

import os
import secrets
import socket
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, or_, select, update

from bot.delivery.doubt import tell_staff
from bot.model import Delivery, DeliveryState
from bot.store.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=12)
RENEW_SECONDS = 4.0
# Sent again under the same key, the platform itself tells whether it had come through.
REPEATABLE = ("mass",)

_TABLE = cast(Table, Delivery.__table__)
_ROW = _TABLE.c
_RENEW = (
    update(_TABLE)
    .where(_ROW.id.in_(bindparam("ids", expanding=True)), _ROW.state == DeliveryState.SENDING)
    .values(leased_until=bindparam("until"))
)


def process_name() -> str:
    """A name of this process that no other has, at most 36 characters."""
    return f"{socket.gethostname()[:16]}/{os.getpid()}/{secrets.token_hex(4)}"


def lease_end() -> datetime:
    """Until when a row that is claimed now is surely looked after."""
    return datetime.now(UTC) + LEASE


def renew(work: UnitOfWork, ids: Collection[int]) -> None:
    """This process still sends these rows."""
    work.session.execute(_RENEW, {"ids": list(ids), "until": lease_end()})


def settle_interrupted(work: UnitOfWork, mine: Collection[int] = (), *, alone: bool = False) -> None:
    """Rows of processes that died: in doubt, except where a repeat is harmless.

    ``mine``: what this process is sending. ``alone``: no other process can be alive (SQLite, at the start).
    """
    wish = select(Delivery).where(Delivery.state == DeliveryState.SENDING).order_by(Delivery.id)
    if not alone:
        wish = wish.where(or_(Delivery.leased_until.is_(None), Delivery.leased_until < datetime.now(UTC)))
    for row in work.session.scalars(wish.with_for_update(skip_locked=True)):
        if row.id in mine:
            continue
        if row.method in REPEATABLE:
            row.state, work.wake = DeliveryState.QUEUED, True
        else:
            row.state, row.error = DeliveryState.AMBIGUOUS, "发送途中程序停止，不知是否送达"
            tell_staff(work, row)


def is_alone(work: UnitOfWork) -> bool:
    """Whether this database serves one process only."""
    return work.session.get_bind().dialect.name == "sqlite"
