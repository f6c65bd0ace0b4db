"""Units, the persons who act for them, staff, and the accounts they write from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base


class Role(StrEnum):
    """What a member of staff may do. An admin may do everything; a viewer only looks."""

    DRAFTER = "drafter"
    APPROVER = "approver"
    ADMIN = "admin"
    VIEWER = "viewer"


class Unit(Base):
    """An implementing unit 实施单位."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    town: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)

    members: Mapped[list["Membership"]] = relationship(back_populates="unit")


class Person(Base):
    """A natural person: a unit's contact or a member of staff. One person may hold several accounts."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")
    accounts: Mapped[list["Account"]] = relationship(back_populates="person")
    staff: Mapped["Staff | None"] = relationship(back_populates="person")

    def __repr__(self) -> str:  # never the name or the phone: a repr ends in logs
        return f"<Person {self.id}>"


class Membership(Base):
    """A person acts for a unit."""

    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)

    person: Mapped[Person] = relationship(back_populates="memberships")
    unit: Mapped[Unit] = relationship(back_populates="members")


class Staff(Base):
    """A person's role in the office."""

    __tablename__ = "staff"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))

    person: Mapped[Person] = relationship(back_populates="staff")


class Account(Base):
    """A WeCom userid or an official-account openid.

    ``last_action_at``: the holder's last action, from which the 48 hours of customer-service messages run.
    ``direct``: whether this account has spoken to the bot in a direct conversation (else it cannot be pushed to).
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(128))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    following: Mapped[bool] = mapped_column(default=False)
    direct: Mapped[bool] = mapped_column(default=False)
    first_seen_at: Mapped[datetime]
    last_action_at: Mapped[datetime | None]
    mass_month: Mapped[str] = mapped_column(String(7), default="")  # 2020-10: the month that ``mass_count`` is of
    mass_count: Mapped[int] = mapped_column(default=0)  # mass sends received in that month

    person: Mapped[Person | None] = relationship(back_populates="accounts")

    def __repr__(self) -> str:  # an openid is personal data
        return f"<Account {self.id} {self.channel}>"


class InviteCode(Base):
    """A code by which a person binds to a unit, or becomes staff. Only its hash is kept."""

    __tablename__ = "invite_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uses_left: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]

    unit: Mapped[Unit | None] = relationship()
    person: Mapped[Person | None] = relationship()


class WrongCode(Base):
    """A wrong code that an account tried; five in an hour close the door for a while."""

    __tablename__ = "wrong_code"
    __table_args__ = (Index("ix_wrong_code_account_id_at", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
