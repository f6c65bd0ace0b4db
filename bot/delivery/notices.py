"""Planning a notice: from one approved notice to the rows that carry it to everybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.delivery import outgoing
from bot.delivery.reach import way_to
from bot.messaging.texts import say
from bot.messaging.types import OFFICIAL_ACCOUNT, Button, Card, Content
from bot.model import Account, Acknowledgement, Delivery, DeliveryState, Membership, Notice, NoticeState, Unit
from bot.store.unit_of_work import UnitOfWork

LARGEST_MASS_SEND = 10_000
# What the platform grants: a service account four a month per follower, a subscription account one a day.
MASS_SENDS = {"service": 4, "subscription": 1}


@dataclass(frozen=True, slots=True)
class Reach:
    """Who a notice would get to, before it goes."""

    groups: int
    units: int
    contacts: int  # unit contacts on the official account that can be written to one by one
    closed: int  # those that no way leads to now
    followers: int  # of a mass send; 0 for a notice that is not public
    mass_left: int  # mass sends left in this period


def preview(work: UnitOfWork, notice: Notice) -> Reach:
    """Count the targets, spending nothing."""
    settings = work.settings
    groups = (len(settings.work_group.groups) if settings.work_group else 0) + len(settings.group_webhooks)
    ways = [way_to(work, [account]) for account in _contacts(work)]
    return Reach(
        groups=groups + len(settings.apprise),
        units=len(_units(work)),
        contacts=0 if notice.public else sum(not way.closed for way in ways),
        closed=0 if notice.public else sum(bool(way.closed) for way in ways),
        followers=len(_followers(work)) if notice.public else 0,
        mass_left=mass_sends_left(work),
    )


def plan(work: UnitOfWork, notice: Notice) -> None:
    """Make every row of the notice, and the acknowledgements that it asks for. Harmless to repeat."""
    content = content_of(work, notice)
    key, more = f"notice:{notice.id}", {"notice_id": notice.id}
    outgoing.to_groups(work, content, purpose="notice", key=key, **more)
    if notice.public:
        _plan_mass(work, notice, content)
    else:
        contacts = _contacts(work)
        for person_id in sorted({one.person_id for one in contacts if one.person_id}):
            accounts = [one for one in contacts if one.person_id == person_id]
            _to_accounts(work, person_id, accounts, content, key=key, notice_id=notice.id)
    if notice.acknowledge:
        for unit in _units(work):
            if work.session.get(Acknowledgement, (notice.id, unit.id)) is None:
                work.session.add(Acknowledgement(notice_id=notice.id, unit_id=unit.id))


def send(work: UnitOfWork, notice: Notice) -> None:
    """The notice goes out: its state, its rows, the record."""
    notice.state = NoticeState.SENT
    notice.sent_at = work.now
    plan(work, notice)
    work.audit("system", "notice.send", f"notice:{notice.id}")


def content_of(work: UnitOfWork, notice: Notice) -> Content:
    """The notice as it goes out; each channel makes its own form of this."""
    link = link_to(work, notice)
    card = None
    if notice.acknowledge:
        button = Button("收到", f"acknowledge:{notice.id}", "primary")
        card = Card(title=f"通知 {notice.id} 回执", task_id=f"notice-{notice.id}", buttons=(button,))
    text = say("notice.body", notice=notice, link=link, programme=work.settings.programme)
    mentions = ("@all",) if notice.acknowledge else ()
    return Content(text, card=card, title=f"{notice.kind}：{notice.title}", link=link, mentions=mentions)


def link_to(work: UnitOfWork, notice: Notice) -> str:
    """The notice's own link, else its page on this server where it is public; may be empty."""
    if notice.link or not notice.public:
        return notice.link
    base = work.settings.server.public_url
    return f"{base}/notices/{notice.id}" if base else ""


def mass_sends_left(work: UnitOfWork) -> int:
    """How many mass sends this account still has in the running month (service) or day (subscription)."""
    account = work.settings.official_account
    if account is None:
        return 0
    start = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    if account.kind == "service":
        start = start.replace(day=1)
    return max(0, MASS_SENDS[account.kind] - _mass_notices_since(work, start))


def _mass_notices_since(work: UnitOfWork, start: datetime) -> int:
    spent = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.AMBIGUOUS)
    wish = select(func.count(func.distinct(Delivery.notice_id))).where(
        Delivery.method == "mass", Delivery.state.in_(spent), Delivery.created_at >= start
    )
    return work.session.scalar(wish) or 0


def _plan_mass(work: UnitOfWork, notice: Notice, content: Content) -> None:
    openids = _followers(work)
    for at in range(0, len(openids), LARGEST_MASS_SEND):
        batch = openids[at : at + LARGEST_MASS_SEND]
        key = f"notice:{notice.id}:mass:{at // LARGEST_MASS_SEND}"
        if len(batch) > 1:
            outgoing.mass(work, batch, content, key=key, notice_id=notice.id)
        else:  # the platform takes no mass send to one follower
            wish = select(Account).where(Account.channel == OFFICIAL_ACCOUNT, Account.external_id == batch[0])
            _to_accounts(work, None, list(work.session.scalars(wish)), content, key=key, notice_id=notice.id)


def _to_accounts(
    work: UnitOfWork,
    person_id: int | None,
    accounts: list[Account],
    content: Content,
    *,
    key: str,
    notice_id: int,
) -> None:
    way = way_to(work, accounts)
    name = f"{key}:person:{person_id}" if person_id else f"{key}:one"
    outgoing.by_way(work, way, content, purpose="notice", key=name, person_id=person_id, notice_id=notice_id)


def _contacts(work: UnitOfWork) -> list[Account]:
    """Official-account accounts of the persons who act for a unit that is still active."""
    wish = (
        select(Account)
        .where(Account.channel == OFFICIAL_ACCOUNT, Account.following)
        .where(Account.person_id.in_(select(Membership.person_id).join(Unit).where(Unit.active)))
        .order_by(Account.id)
    )
    return list(work.session.scalars(wish)) if work.settings.official_account else []


def _followers(work: UnitOfWork) -> list[str]:
    if work.settings.official_account is None:
        return []
    wish = select(Account.external_id).where(Account.channel == OFFICIAL_ACCOUNT, Account.following)
    return list(work.session.scalars(wish.order_by(Account.id)))


def _units(work: UnitOfWork) -> list[Unit]:
    return list(work.session.scalars(select(Unit).where(Unit.active).order_by(Unit.id)))
