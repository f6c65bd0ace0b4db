"""How much of each of the official account's calls is left today: as the platform says and as we count, the smaller.

The platform is asked by `bot/delivery/quota_keeper.py`; where it does not say, our own count stands alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Delivery, Notice, NoticeState, PlatformQuota
from bot.settings import OfficialAccount
from bot.store.unit_of_work import UnitOfWork

PATHS = {
    "custom": "message/custom/send",
    "template": "message/template/send",
    "subscription": "message/subscribe/bizsend",
    "mass": "message/mass/send",
}
# What the platform grants a day unless it says otherwise. A subscription account mass-sends to everybody only.
GRANTED = {"custom": 500_000, "template": 100_000, "subscription": 100_000, "mass": 100}
FRESH_ENOUGH = timedelta(hours=1)
FRESH_FOR_A_NOTICE = timedelta(minutes=5)
SOON = timedelta(minutes=30)
RECENT = timedelta(days=2)  # a draft that is older is not about to go


@dataclass(frozen=True, slots=True)
class Quota:
    """One call today. ``at``: when the platform said so; None where only we count."""

    method: str
    used: int
    left: int
    at: datetime | None = None


def today(work: UnitOfWork) -> dict[str, Quota]:
    """Method → what is left of it; empty without an official account."""
    account = work.settings.official_account
    if account is None:
        return {}
    told = {row.path: row for row in work.session.scalars(select(PlatformQuota)) if not row.refused}
    midnight = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    own = _claimed_since(work, midnight)
    return {method: _quota(work, method, own.get(method, 0), told.get(PATHS[method])) for method in _methods(account)}


def to_ask(work: UnitOfWork) -> list[str]:
    """The calls whose quota the platform is to be asked for now: what is old, and sooner where a notice is about to go."""
    account = work.settings.official_account
    if account is None:
        return []
    told = {row.path: row for row in work.session.scalars(select(PlatformQuota))}
    oldest = FRESH_FOR_A_NOTICE if _notice_is_near(work) else FRESH_ENOUGH
    found = []
    for method in _methods(account):
        row = told.get(PATHS[method])
        if row is None or work.now - row.at >= (FRESH_ENOUGH if row.refused else oldest) or row.at > work.now:
            found.append(PATHS[method])
    return found


def keep(work: UnitOfWork, path: str, *, daily_limit: int = 0, used: int = 0, refused: str = "") -> None:
    """Note what the platform said of one call."""
    row = work.session.get(PlatformQuota, path)
    if row is None:
        row = PlatformQuota(path=path, at=work.now)
        work.session.add(row)
    row.daily_limit, row.used, row.refused, row.at = daily_limit, used, refused[:200], work.now


def used_up(work: UnitOfWork, method: str) -> None:
    """The platform refuses a call for today: whatever was thought, nothing is left of it."""
    if method in PATHS:
        held = work.session.get(PlatformQuota, PATHS[method])
        limit = held.daily_limit if held is not None and not held.refused else GRANTED[method]
        keep(work, PATHS[method], daily_limit=limit, used=limit)


def _methods(account: OfficialAccount) -> list[str]:
    if account.kind == "subscription":
        return ["custom"]
    wanted = {"template": account.template_id, "subscription": account.subscription_template_id}
    return [method for method in PATHS if wanted.get(method, "yes")]


def _quota(work: UnitOfWork, method: str, own: int, told: PlatformQuota | None) -> Quota:
    left = max(0, GRANTED[method] - own)
    if told is None:
        return Quota(method, own, left)
    same_day = told.at.astimezone(work.now.tzinfo).date() == work.now.date()  # it counts from midnight, China's time
    used = told.used + _claimed_since(work, told.at, method).get(method, 0) if same_day else own
    return Quota(method, max(used, own), max(0, min(left, told.daily_limit - used)), told.at if same_day else None)


def _claimed_since(work: UnitOfWork, moment: datetime, *methods: str) -> dict[str, int]:
    """Method → how many calls we have made since then; of these methods alone where some are named."""
    wish = (
        select(Delivery.method, func.count())
        .where(Delivery.channel == OFFICIAL_ACCOUNT, Delivery.claimed_at > moment)
        .group_by(Delivery.method)
    )
    if methods:
        wish = wish.where(Delivery.method.in_(methods))
    return dict(work.session.execute(wish).all())


def _notice_is_near(work: UnitOfWork) -> bool:
    waiting = (NoticeState.DRAFT, NoticeState.SUBMITTED)
    soon = (Notice.state == NoticeState.SCHEDULED) & (Notice.scheduled_at <= work.now + SOON)
    open_ = Notice.state.in_(waiting) & (Notice.created_at > work.now - RECENT)
    return work.session.scalar(select(Notice.id).where(open_ | soon).limit(1)) is not None
