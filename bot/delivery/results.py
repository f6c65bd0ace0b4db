"""What came of the attempts, written down in batches: sent, tried again, in doubt, out of reach, given up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import structlog
from sqlalchemy import Table, bindparam, case, select, update

from bot.delivery import chains, consents, quotas, receipts, replanning
from bot.delivery.doubt import tell_of_quota, tell_staff
from bot.delivery.leases import REPEATABLE
from bot.delivery.pausing import is_called_back, pause_where_most_fails
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account, Delivery, DeliveryState
from bot.store.unit_of_work import UnitOfWork

log = structlog.get_logger()

MOST_ATTEMPTS = 6
FIRST_WAIT = 5.0  # seconds; doubles with every attempt, with jitter
LONGEST_WAIT = 900.0
LONGEST_SPREAD = 300.0
OPENIDS_AT_ONCE = 2000  # in one statement
DAY_LIMIT = 45009  # of a minute, where the pause is no longer than that
A_MINUTE = 60.0
REPORTED = ("mass", "template", consents.METHOD)

_TABLE = cast(Table, Delivery.__table__)
_ROW = _TABLE.c
_GONE: dict[str, Any] = {"state": DeliveryState.SENT, "sent_at": bindparam("now"), "error": ""}
_SENT = (
    update(_TABLE).where(_ROW.id.in_(bindparam("ids", expanding=True)), _ROW.claimed_by == bindparam("by"))
    .values(**_GONE)
)  # fmt: skip
_SENT_AS = (
    update(_TABLE).where(_ROW.id == bindparam("row"), _ROW.claimed_by == bindparam("by"))
    .values(**_GONE, platform_id=bindparam("name"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one attempt. ``fault`` None: the platform took it, perhaps under a ``platform_id``."""

    delivery_id: int
    fault: PlatformError | None
    platform_id: str | None = None


def record(work: UnitOfWork, results: Sequence[Result], *, by: str, jitter: random.Random) -> None:
    """Write down what came of attempts of the process ``by``; what another one has taken over is left to it."""
    good = [one for one in results if one.fault is None]
    plain = [one.delivery_id for one in good if not one.platform_id]
    named = [
        {"row": one.delivery_id, "by": by, "now": work.now, "name": one.platform_id} for one in good if one.platform_id
    ]
    scarce = _scarce(work, [one.delivery_id for one in good], by)
    if plain:
        work.session.execute(_SENT, {"ids": plain, "by": by, "now": work.now})
    if named:
        work.session.execute(_SENT_AS, named)
    chains.release(work, [one.delivery_id for one in good])
    if scarce:
        _count_mass_sends(work, [row.recipients or [] for row in scarce if row.method == "mass"])
        consents.spend(work, [row.recipient for row in scarce if row.method == consents.METHOD])
        receipts.apply_early(work, [row.id for row in scarce])
    bad = {one.delivery_id: one.fault for one in results if one.fault is not None}
    if bad:
        _failed(work, bad, by, jitter)


def count_by_hand(work: UnitOfWork, rows: Sequence[Delivery]) -> None:
    """Staff say of these that they came: of those in doubt, what they used up is counted now."""
    doubtful = [row for row in rows if row.state == DeliveryState.AMBIGUOUS]
    _count_mass_sends(work, [row.recipients or [] for row in doubtful if row.method == "mass"])
    consents.spend(work, [row.recipient for row in doubtful if row.method == consents.METHOD])


def _scarce(work: UnitOfWork, delivery_ids: Sequence[int], by: str) -> Sequence[Any]:
    """Those of these rows whose way is counted per follower, or reported on later."""
    if not delivery_ids:
        return []
    wish = select(_ROW.id, _ROW.method, _ROW.recipient, _ROW.recipients).where(
        _ROW.id.in_(delivery_ids), _ROW.claimed_by == by, _ROW.method.in_(REPORTED)
    )
    return work.session.execute(wish).all()


def _count_mass_sends(work: UnitOfWork, lists: Sequence[Sequence[str]]) -> None:
    """Note for each follower that one more mass send of this month came: four is all the platform allows."""
    month = f"{work.now:%Y-%m}"
    for openids in lists:
        for at in range(0, len(openids), OPENIDS_AT_ONCE):
            some = openids[at : at + OPENIDS_AT_ONCE]
            change = update(Account).where(Account.channel == OFFICIAL_ACCOUNT, Account.external_id.in_(some))
            count = case((Account.mass_month == month, Account.mass_count + 1), else_=1)
            work.session.execute(
                change.values(mass_count=count, mass_month=month).execution_options(synchronize_session=False)
            )


def _failed(work: UnitOfWork, faults: dict[int, PlatformError], by: str, jitter: random.Random) -> None:
    wish = select(Delivery).where(Delivery.id.in_(faults), Delivery.claimed_by == by).order_by(Delivery.id)
    rows = list(work.session.scalars(wish))
    for row in rows:
        _judge(work, row, faults[row.id], jitter)
        fault = faults[row.id]
        log.warning("delivery_not_sent", delivery=row.id, state=str(row.state), code=fault.code, attempts=row.attempts)
    work.session.flush()
    given_up = (DeliveryState.FAILED, DeliveryState.UNREACHABLE, DeliveryState.RECALLED)
    chains.drop(work, [row.id for row in rows if row.state in given_up])
    pause_where_most_fails(work, {row.notice_id for row in rows if row.notice_id and row.purpose == "notice"})


def _judge(work: UnitOfWork, row: Delivery, fault: PlatformError, jitter: random.Random) -> None:
    row.error = str(fault)
    harmless = fault.ambiguous and row.method in REPEATABLE
    if fault.unreachable:
        replanning.learn(work, row, fault)
        if is_called_back(work, row) or not replanning.by_next_way(work, row):
            row.state = DeliveryState.UNREACHABLE
    elif fault.ambiguous and not harmless:
        row.state = DeliveryState.AMBIGUOUS
        tell_staff(work, row)
    elif is_called_back(work, row) and not harmless:
        row.state = DeliveryState.RECALLED
    elif (fault.retry or harmless) and row.attempts < MOST_ATTEMPTS:
        row.state = DeliveryState.QUEUED
        row.not_before = work.now + timedelta(seconds=_backoff(row.attempts, fault.after, jitter))
        if fault.after is not None:
            _rest(work, row, fault.after)
        if fault.code == DAY_LIMIT and (fault.after or 0) > A_MINUTE and row.channel == OFFICIAL_ACCOUNT:
            quotas.used_up(work, row.method)
            tell_of_quota(work, row)
    else:
        row.state = DeliveryState.AMBIGUOUS if harmless else DeliveryState.FAILED
        tell_staff(work, row)


def _rest(work: UnitOfWork, row: Delivery, seconds: float) -> None:
    """The platform wants a pause: what would meet the same limit waits as well, and wears out no attempts."""
    until = work.now + timedelta(seconds=seconds)
    same = (Delivery.recipient == row.recipient) if row.channel == WORK_GROUP else (Delivery.method == row.method)
    due = (
        Delivery.state == DeliveryState.QUEUED,
        Delivery.lane == row.lane,
        Delivery.not_before <= work.now,
        Delivery.id != row.id,
    )
    work.session.execute(
        update(Delivery).where(*due, same).values(not_before=until).execution_options(synchronize_session=False)
    )


def _backoff(attempts: int, after: float | None, jitter: random.Random) -> float:
    """Seconds until the next attempt, spread a little; a wait that the platform names is not drawn out by hours."""
    grown: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
    wait = max(after or 0.0, grown)
    return wait + jitter.uniform(0.0, min(0.3 * wait, LONGEST_SPREAD))
