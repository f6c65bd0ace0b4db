"""Looking people up: who acts for which unit, who is staff, where each can be reached."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.model import Account, Membership, Person, Role, Staff, Unit
from bot.rules.short_names import is_short_for

APPROVING = (Role.APPROVER, Role.ADMIN)
WRITING = (Role.DRAFTER, Role.APPROVER, Role.ADMIN)

# Asked for nearly every message, so built once: building a statement costs more than running it.
_UNITS = (
    select(Unit)
    .join(Membership, Membership.unit_id == Unit.id)
    .where(Membership.person_id == bindparam("person_id"), Unit.active)
    .order_by(Unit.name)
)

# The same within another statement, which is told the ``person``.
UNITS_OF = (
    select(Membership.unit_id)
    .join(Unit, Unit.id == Membership.unit_id)
    .where(Membership.person_id == bindparam("person"), Unit.active)
)


def units_of(session: Session, person_id: int | None) -> list[Unit]:
    """The active units a person acts for, by name."""
    if person_id is None:
        return []
    return list(session.scalars(_UNITS, {"person_id": person_id}))


def contacts_of(session: Session, unit_id: int) -> list[Person]:
    """The persons who act for a unit, in the order in which they were bound."""
    wish = select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.unit_id == unit_id)
    return list(session.scalars(wish.order_by(Person.id)))


def accounts_of(session: Session, person_id: int) -> list[Account]:
    return list(session.scalars(select(Account).where(Account.person_id == person_id).order_by(Account.id)))


def role_of(session: Session, person_id: int | None) -> Role | None:
    """A person's role in the office, or None for everybody else."""
    held = session.get(Staff, person_id) if person_id is not None else None
    return Role(held.role) if held else None


def staff(session: Session, roles: Iterable[Role] = WRITING) -> list[Person]:
    """The members of staff in any of these roles."""
    wish = select(Person).join(Staff, Staff.person_id == Person.id).where(Staff.role.in_(list(roles)))
    return list(session.scalars(wish.order_by(Person.id)))


def find_units(session: Session, words: str) -> list[Unit]:
    """Units whose name contains ``words``; the exact name alone where it is one."""
    exact = session.scalars(select(Unit).where(Unit.name == words)).first()
    if exact:
        return [exact]
    return list(session.scalars(select(Unit).where(Unit.name.contains(words, autoescape=True)).order_by(Unit.name)))


def units_meant_by(session: Session, words: str) -> list[Unit]:
    """Active units of whose name ``words`` may be short, to ask whether one of them is meant."""
    wish = select(Unit).where(Unit.active).order_by(Unit.name)
    return [one for one in session.scalars(wish) if is_short_for(words, one.name)]
