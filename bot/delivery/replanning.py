"""A way that the platform closes at the last moment: that one recipient gets the next best way, once and never again.

A message in several parts is told as a whole by the next way, divided as that way divides it, whichever part was
refused. Another way is another conversation: a rest that begins in the middle of a sentence cannot be read there, and
a template message only names the matter. So the parts that have arrived are read twice, and nobody misses one.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.delivery import chains, consents, outgoing, wholes
from bot.delivery.reach import Way, way_to
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Delivery, DeliveryState
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork

WINDOW_CLOSED = 45015
NOT_FOLLOWING = 43004
NOT_AGREED = 43101


def learn(work: UnitOfWork, row: Delivery, fault: PlatformError) -> None:
    """What the platform's refusal tells of the recipient, so that nobody plans with it again."""
    if row.channel != OFFICIAL_ACCOUNT:
        return
    account = _account(work, row)
    if fault.code == NOT_AGREED:
        consents.spend(work, [row.recipient], all_of_them=True)
    elif account is not None and fault.code == WINDOW_CLOSED:
        account.last_action_at = None
    elif account is not None and fault.code == NOT_FOLLOWING:
        account.following = False


def by_next_way(work: UnitOfWork, row: Delivery) -> bool:
    """Queue a refused delivery by another way; gives whether there was one.

    An answer that comes too late is not worth a scarce way.
    """
    if row.refused_method or row.purpose == "answer" or row.method == "mass":
        return False
    refused = {(row.method, row.recipient)}
    if row.person_id is not None:
        accounts = directory.accounts_of(work.session, row.person_id)
    else:
        account = _account(work, row)
        accounts = [account] if account is not None else []
        refused.add(("template", row.recipient))  # those are for a person's own affairs
    work.session.flush()
    way = way_to(work, accounts, without=refused)
    if way.closed:
        return False
    units = directory.units_of(work.session, row.person_id)
    whole = replace(wholes.whole_of(work, row), unit="、".join(one.name for one in units))
    chains.supersede(work, row)
    row.refused_method = row.method
    row.channel, row.lane, row.method, row.recipient = way.channel, way.lane, way.method, way.recipient
    row.state, row.not_before, row.error = DeliveryState.QUEUED, work.now, ""
    row.content, *more = wholes.contents(whole, way.channel, way.method)
    for at, part in enumerate(more, 1):
        work.session.add(_part_behind(work, row, way, at, part))
        work.session.flush()  # one by one: they go out in the order of their ids
    work.wake = True
    return True


def _part_behind(work: UnitOfWork, row: Delivery, way: Way, at: int, part: dict[str, Any]) -> Delivery:
    """A part of the message after the first; its name tells it from the parts of the way that closed."""
    name = f"{row.dedupe_key}:{way.method}"
    place = outgoing.place(name, at, way, chained=True)
    if at == 1:
        place["follows"] = row.dedupe_key
    return Delivery(
        purpose=row.purpose,
        channel=way.channel,
        lane=way.lane,
        method=way.method,
        recipient=way.recipient,
        content=part,
        notice_id=row.notice_id,
        filing_id=row.filing_id,
        person_id=row.person_id,
        not_before=work.now,
        not_after=row.not_after,
        urgent=row.urgent,
        created_at=work.now,
        refused_method=row.refused_method,
        **place,
    )


def _account(work: UnitOfWork, row: Delivery) -> Account | None:
    wish = select(Account).where(Account.channel == row.channel, Account.external_id == row.recipient)
    return work.session.scalars(wish).first()
