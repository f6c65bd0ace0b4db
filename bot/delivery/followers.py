"""The followers as the planner of a notice wants them, and how much may be spent on them."""

from collections.abc import Mapping

from sqlalchemy import select

from bot.delivery.quotas import Quota
from bot.delivery.reach import Way
from bot.delivery.targets import Targets
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Delivery, DeliveryState
from bot.rules.quota_plan import Follower, Quotas
from bot.store.unit_of_work import UnitOfWork


def of_notice(
    work: UnitOfWork, found: Targets, people: Mapping[int, Way], consents: Mapping[int, int]
) -> list[Follower]:
    """Those whom it is for, without those who are told as persons already."""
    if not found.followers:
        return []
    month = f"{work.now:%Y-%m}"
    columns = (
        Account.id,
        Account.external_id,
        Account.person_id,
        Account.last_action_at,
        Account.mass_month,
        Account.mass_count,
    )
    wish = select(*columns).where(Account.channel == OFFICIAL_ACCOUNT, Account.following).order_by(Account.id)
    return [
        Follower(
            openid,
            last_action=last,
            consents=consents.get(number, 0),
            mass_received=count if of_month == month else 0,
        )
        for number, openid, person_id, last, of_month, count in work.session.execute(wish)
        if number in found.followers and (person_id is None or person_id not in people or people[person_id].closed)
    ]


def quotas_beside(work: UnitOfWork, left: Mapping[str, Quota], taken: Mapping[str, int], *, parts: int) -> Quotas:
    """What the persons leave for the followers. Templates are for persons' own affairs, not for everybody.

    ``taken``: method → messages to the persons. ``parts``: customer-service messages that carry it to one follower.
    """
    account = work.settings.official_account
    if account is None:
        return Quotas(custom=0, mass_calls=0)

    def room(method: str) -> int:
        return max(0, left[method].left - taken.get(method, 0)) if method in left else 0

    return Quotas(
        service=account.kind == "service",
        custom=room("custom"),
        parts=parts,
        subscription=room("subscription"),
        mass_calls=room("mass"),
    )


def may_mass_send(work: UnitOfWork) -> bool:
    """Whether a subscription account still has the one mass send that the platform grants it a day."""
    midnight = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    spent = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.AMBIGUOUS)
    wish = select(Delivery.id).where(
        Delivery.method == "mass", Delivery.state.in_(spent), Delivery.created_at >= midnight
    )
    return work.session.scalar(wish.limit(1)) is None
