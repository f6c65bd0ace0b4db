"""Messages in several parts: each part waits until the one before it has been sent, and does not go without it.

The parts are rows of their own, tied by ``Delivery.follows``. Where a part is in doubt, the rest waits for staff.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update

from bot.model import Delivery, DeliveryState
from bot.store.unit_of_work import UnitOfWork

# Why a part was not sent; by this it is known again where staff have the first part sent once more.
NOT_ALONE = "前一条没有发出，这一条也没有发"
# Why a part is not sent any more, and does not come back: all of its message is told by another way.
TOLD_OTHERWISE = "整条消息已改用其他方式发送"

_TABLE = cast(Table, Delivery.__table__)
_ROW = _TABLE.c
# Only what is recorded as sent: where another process holds the row meanwhile, this one's word on it does not count.
_BEFORE = select(_ROW.dedupe_key).where(_ROW.id.in_(bindparam("ids", expanding=True)), _ROW.state == DeliveryState.SENT)
_RELEASE = (
    update(_TABLE)
    .where(_ROW.follows.in_(_BEFORE), _ROW.state == DeliveryState.WAITING)
    .values(state=DeliveryState.QUEUED)
)


def release(work: UnitOfWork, sent: Sequence[int]) -> None:
    """These rows have been sent: queue the parts that come after them."""
    if sent and cast(Any, work.session.execute(_RELEASE, {"ids": list(sent)})).rowcount:
        work.wake = True


def drop(work: UnitOfWork, given_up: Sequence[int]) -> None:
    """These rows will not go: neither does what comes after them."""
    _change(work, given_up, DeliveryState.WAITING, DeliveryState.RECALLED, "", NOT_ALONE)


def supersede(work: UnitOfWork, row: Delivery) -> None:
    """This row's message goes by another way as a whole: what waits behind it goes no more."""
    _change(work, [row.id], DeliveryState.WAITING, DeliveryState.RECALLED, "", TOLD_OTHERWISE)


def restore(work: UnitOfWork, again: Sequence[int]) -> None:
    """These rows are sent after all: what was dropped with them waits for them again."""
    _change(work, again, DeliveryState.RECALLED, DeliveryState.WAITING, NOT_ALONE, "")


def _change(
    work: UnitOfWork, first: Sequence[int], before: DeliveryState, after: DeliveryState, because: str, why: str
) -> None:
    """Move everything behind these rows from one state to another, where its ``error`` is ``because``."""
    if not first:
        return
    work.session.flush()
    at_once = {"synchronize_session": False}
    names = list(work.session.scalars(select(Delivery.dedupe_key).where(Delivery.id.in_(first))))
    moved = False
    while names:
        behind = (Delivery.follows.in_(names), Delivery.state == before, Delivery.error == because)
        change = update(Delivery).where(*behind).values(state=after, error=why).returning(Delivery.dedupe_key)
        names = list(work.session.scalars(change.execution_options(**at_once)))
        moved = moved or bool(names)
    if moved:
        work.session.expire_all()
