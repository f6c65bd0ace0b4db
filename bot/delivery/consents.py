"""Consents to subscription notices: one is used up by each notice that is sent.

What waits to be sent has its consent already; so a second one is not planned on it.
"""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Consent, Delivery, DeliveryState
from bot.store.unit_of_work import UnitOfWork

METHOD = "subscription"
# Nobody knows whether one in doubt has used its consent up: then it has.
_TAKEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)

_TABLE = cast(Table, Consent.__table__)
_LEFT = _TABLE.c.left
_OF = Consent.account_id.in_(
    select(Account.id).where(
        Account.channel == OFFICIAL_ACCOUNT, Account.external_id.in_(bindparam("openids", expanding=True))
    )
)
_SPEND = update(Consent).where(_OF, Consent.template_id == bindparam("template")).execution_options(
    synchronize_session=False
)  # fmt: skip


def give(work: UnitOfWork, account_id: int, template_id: str) -> None:
    """One more."""
    insert: Any = sqlite_insert if work.session.get_bind().dialect.name == "sqlite" else postgres_insert
    row = insert(_TABLE).values(account_id=account_id, template_id=template_id, left=1, at=work.now)
    keys = [_TABLE.c.account_id, _TABLE.c.template_id]
    work.session.execute(row.on_conflict_do_update(index_elements=keys, set_={"left": _LEFT + 1, "at": work.now}))


def take_back(work: UnitOfWork, account_id: int, template_id: str) -> None:
    """None is left: the follower refuses what was agreed to."""
    where = (Consent.account_id == account_id, Consent.template_id == template_id)
    work.session.execute(update(Consent).where(*where).values(left=0, at=work.now))


def spend(work: UnitOfWork, openids: Collection[str], *, all_of_them: bool = False) -> None:
    """One notice came to each of these; or the platform says that they have no consent left."""
    if openids and (template := _template(work)):
        after: Any = 0 if all_of_them else case((_LEFT > 0, _LEFT - 1), else_=0)
        work.session.execute(_SPEND.values(left=after), {"openids": list(openids), "template": template})


def left(work: UnitOfWork, accounts: Sequence[Account] | None = None) -> dict[int, int]:
    """Account → consents that can still be planned with; of these accounts, or of everybody's."""
    template = _template(work)
    if not template:
        return {}
    taken = (
        select(Account.id, func.count().label("count"))
        .join(Delivery, Delivery.recipient == Account.external_id)
        .where(Account.channel == OFFICIAL_ACCOUNT, Delivery.method == METHOD, Delivery.state.in_(_TAKEN))
        .group_by(Account.id)
    )
    if accounts is not None:
        taken = taken.where(Account.id.in_([one.id for one in accounts]))
    counted = taken.subquery()
    free = Consent.left - func.coalesce(counted.c.count, 0)
    wish = (
        select(Consent.account_id, free)
        .outerjoin(counted, counted.c.id == Consent.account_id)
        .where(Consent.template_id == template, free > 0)
    )
    if accounts is not None:
        wish = wish.where(Consent.account_id.in_([one.id for one in accounts]))
    return dict(work.session.execute(wish).all())


def _template(work: UnitOfWork) -> str:
    """The configured template; empty where there is none, or the kind of account cannot send any."""
    account = work.settings.official_account
    return account.subscription_template_id if account is not None and account.kind == "service" else ""
