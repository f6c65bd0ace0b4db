"""Whom a notice reaches: its expression looked up in the rows, as groups, units, followers and members of staff."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import (
    Account,
    Acknowledgement,
    Delivery,
    DeliveryState,
    FollowerTag,
    Membership,
    Notice,
    Person,
    Project,
    Role,
    Staff,
    Unit,
)
from bot.rules import targets, targets_reading
from bot.rules.quota_plan import OPEN_WINDOW
from bot.rules.targets import Leaf
from bot.store.unit_of_work import UnitOfWork

NAMES_SHOWN = 12
_ROLES = {"drafter": Role.DRAFTER, "approver": Role.APPROVER, "admin": Role.ADMIN, "viewer": Role.VIEWER}


@dataclass(frozen=True, slots=True)
class Group:
    """Somewhere many read: a work group, a webhook's group, an address of Apprise."""

    channel: str
    recipient: str
    name: str


@dataclass(frozen=True, slots=True)
class Targets:
    """Row ids, each once; ``followers`` are accounts of the official account, ``staff`` persons."""

    groups: tuple[Group, ...]
    units: frozenset[int]
    followers: frozenset[int]
    staff: frozenset[int]

    @property
    def nobody(self) -> bool:
        return not (self.groups or self.units or self.followers or self.staff)


def read(work: UnitOfWork, text: str) -> dict[str, Any]:
    """The expression that staff typed, as it is kept; raises `UserError` in words that say what to do."""
    units = work.session.scalars(select(Unit.name).where(Unit.active))
    tags = work.session.scalars(select(FollowerTag.tag).distinct())
    known = targets_reading.Known(
        groups=tuple(one.name for one in groups(work)), units=tuple(units), tags=tuple(sorted(tags))
    )
    try:
        return targets.to_json(targets_reading.read(text, known))
    except targets_reading.NotUnderstood as fault:
        raise UserError(str(fault)) from None


def groups(work: UnitOfWork) -> list[Group]:
    """Every group and address of the configuration."""
    settings = work.settings
    found = [
        Group(WORK_GROUP, one.chat_id, one.name) for one in (settings.work_group.groups if settings.work_group else [])
    ]
    found += [Group(GROUP_WEBHOOK, one.name, one.name) for one in settings.group_webhooks]
    return found + [Group(APPRISE, one.name, one.name) for one in settings.apprise]


def evaluate(work: UnitOfWork, notice: Notice) -> Targets:
    """Who gets this notice now: its expression, or where it has none, every group and unit (or follower, if public)."""
    lookup = _Lookup(work)
    usual = lookup.groups | (lookup.followers() if notice.public else lookup.units())
    if notice.targets is None:
        return lookup.made(usual)
    everybody = lookup.groups | lookup.units() | (lookup.followers() if notice.public else frozenset())
    return lookup.made(targets.select(targets.from_json(notice.targets), lookup.leaf, everybody))


def left_out_but_in_the_group(work: UnitOfWork, found: Targets) -> int:
    """How many units are not among the chosen ones and read it all the same, in a work group that it goes to."""
    if not found.units or not any(one.channel == WORK_GROUP for one in found.groups):
        return 0
    wish = select(func.count()).select_from(Unit).where(Unit.active, Unit.id.not_in(found.units))
    return work.session.scalar(wish) or 0


def is_project(project: Project, names: Collection[str]) -> bool:
    """Whether a project is one of those that an expression names: by a part of its name, or its number."""
    return any(one.casefold() in project.name.casefold() or one == project.code for one in names)


def describe(work: UnitOfWork, found: Targets, *, shown: int = NAMES_SHOWN) -> str:
    """How many and who, in words: groups and units by name, followers as a number."""
    names = list(work.session.scalars(select(Unit.name).where(Unit.id.in_(found.units)).order_by(Unit.name)))
    people = list(work.session.scalars(select(Person.name).where(Person.id.in_(found.staff)).order_by(Person.id)))
    chats = [one.name for one in found.groups]
    counted = {"groups": chats, "units": names, "followers": len(found.followers), "staff": people, "shown": shown}
    return say("broadcast.targets", **counted)


class _Lookup:
    """Looks the leaves up; what several leaves need is looked up once."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._groups = {f"group:{at}": one for at, one in enumerate(groups(work))}
        self.groups = frozenset(self._groups)

    def made(self, marks: frozenset[str]) -> Targets:
        ids: dict[str, set[int]] = {"unit": set(), "account": set(), "person": set()}
        for mark in marks - self.groups:
            kind, _, number = mark.partition(":")
            ids[kind].add(int(number))
        chosen = tuple(one for mark, one in self._groups.items() if mark in marks)
        return Targets(chosen, frozenset(ids["unit"]), frozenset(ids["account"]), frozenset(ids["person"]))

    def leaf(self, leaf: Leaf) -> frozenset[str]:
        kind, value = leaf.kind, leaf.value
        if kind == "groups":
            return self.groups
        if kind == "group":
            return frozenset(mark for mark, one in self._groups.items() if one.name == value)
        if kind in ("units", "unit", "town", "project"):
            return self.units(*_of_unit(kind, value, self._work.settings.programme.year))
        if kind in ("followers", "active", "bound", "unbound", "tag"):
            return self.followers(*self._of_follower(kind, value))
        if kind in ("staff", *_ROLES):
            roles = [_ROLES[kind]] if kind in _ROLES else list(_ROLES.values())
            return self._marks("person", select(Staff.person_id).where(Staff.role.in_(roles)))
        if kind == "everybody":
            return self.groups | self.units() | self.followers()
        return self._about(kind, int(value))

    def units(self, *where: Any) -> frozenset[str]:
        return self._marks("unit", select(Unit.id).where(Unit.active, *where))

    def followers(self, *where: Any) -> frozenset[str]:
        if self._work.settings.official_account is None:
            return frozenset()
        held = (Account.channel == OFFICIAL_ACCOUNT, Account.following)
        return self._marks("account", select(Account.id).where(*held, *where))

    def _of_follower(self, kind: str, value: str) -> list[Any]:
        if kind == "tag":
            return [Account.id.in_(select(FollowerTag.account_id).where(FollowerTag.tag == value))]
        if kind == "active":
            return [Account.last_action_at > self._work.now - OPEN_WINDOW]
        acting = select(Membership.person_id)
        if kind == "bound":
            return [Account.person_id.in_(acting)]
        unbound = or_(Account.person_id.is_(None), Account.person_id.not_in(acting))
        return [unbound] if kind == "unbound" else []

    def _about(self, kind: str, notice_id: int) -> frozenset[str]:
        """Conditions on another notice: who answered, who handed in, whom it came to."""
        if self._work.session.get(Notice, notice_id) is None:
            raise UserError(say("broadcast.unknown", number=str(notice_id)))
        if kind in ("got", "not_got"):
            got = self._got(notice_id)
            return got if kind == "got" else (self.groups | self.units() | self.followers()) - got
        column = Acknowledgement.given_at if kind.endswith("answered") else Acknowledgement.delivered_at
        missing = column.is_(None) if kind.startswith("not_") else column.is_not(None)
        owing = select(Acknowledgement.unit_id).where(Acknowledgement.notice_id == notice_id, missing)
        return self.units(Unit.id.in_(owing))

    def _got(self, notice_id: int) -> frozenset[str]:
        sent = (
            Delivery.notice_id == notice_id,
            Delivery.purpose == "notice",
            Delivery.state.in_((DeliveryState.SENT, DeliveryState.AMBIGUOUS)),
        )
        rows = self._work.session.execute(select(Delivery.channel, Delivery.recipient).where(*sent))
        told = {(channel, recipient) for channel, recipient in rows}
        chats = frozenset(mark for mark, one in self._groups.items() if (one.channel, one.recipient) in told)
        persons = select(Delivery.person_id).where(*sent, Delivery.person_id.is_not(None))
        units = self.units(Unit.id.in_(select(Membership.unit_id).where(Membership.person_id.in_(persons))))
        direct = select(Delivery.recipient).where(*sent, Delivery.channel == OFFICIAL_ACCOUNT)
        fans = self.followers(or_(Account.external_id.in_(direct), Account.person_id.in_(persons)))
        return chats | units | fans | self._mass_sent(sent)

    def _mass_sent(self, sent: Iterable[Any]) -> frozenset[str]:
        """Whom a mass send went to is not kept; it went to whoever followed by then."""
        wish: Select[Any] = select(Delivery.sent_at).where(*sent, Delivery.method == "mass").limit(1)
        moment = self._work.session.scalar(wish)
        return self.followers(Account.first_seen_at <= moment + timedelta(seconds=1)) if moment else frozenset()

    def _marks(self, kind: str, wish: Select[Any]) -> frozenset[str]:
        return frozenset(f"{kind}:{number}" for number in self._work.session.scalars(wish))


def _of_unit(kind: str, value: str, year: int) -> list[Any]:
    if kind == "unit":
        return [Unit.name == value]
    if kind == "town":
        return [Unit.town == value]
    if kind == "project":
        named = or_(Project.name.contains(value, autoescape=True), Project.code == value)
        return [Unit.id.in_(select(Project.unit_id).where(and_(Project.year == year, named)))]
    return []
