"""A way that the platform closes at the last moment: that one recipient gets the next best way, once and never again."""

from sqlalchemy import select

from bot.delivery import chains, consents
from bot.delivery.reach import way_to
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

    A later part of a message stays with the first; an answer that comes too late is not worth a scarce way.
    """
    if row.refused_method or row.follows or row.purpose == "answer" or row.method == "mass":
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
    row.refused_method = row.method
    row.channel, row.lane, row.method, row.recipient = way.channel, way.lane, way.method, way.recipient
    units = directory.units_of(work.session, row.person_id)
    row.content = {**row.content, "unit": "、".join(one.name for one in units)}
    row.state, row.not_before, row.error = DeliveryState.QUEUED, work.now, ""
    chains.drop(work, [row.id])
    work.wake = True
    return True


def _account(work: UnitOfWork, row: Delivery) -> Account | None:
    wish = select(Account).where(Account.channel == row.channel, Account.external_id == row.recipient)
    return work.session.scalars(wish).first()
