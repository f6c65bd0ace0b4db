"""The filing 报备: what a unit says about an activity, its life, its versions and its report."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from bot.model.base import Base
from bot.model.people import Account, Person, Unit
from bot.model.programme import Project


class FilingState(StrEnum):
    """Where a filing is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    REPORTED = "reported"
    AMENDED = "amended"  # accepted once, changed since, waits for staff again 变更待备案
    VERIFIED = "verified"
    QUERIED = "queried"


class Filing(Base):
    """One filing of one activity. ``unit_id`` is empty while its author is not bound to a unit.

    ``late_days``: working days after the last day, 0 when in time; ``retroactive``: the activity was over (补报).
    """

    __tablename__ = "filing"
    __table_args__ = (
        Index("ix_filing_state_start", "state", "start"),
        Index("ix_filing_account_id_state", "account_id", "state"),
        Index("ix_filing_unit_id_state", "unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=FilingState.DRAFT)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))

    name: Mapped[str] = mapped_column(String(200), default="")
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    all_day: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(300), default="")
    town: Mapped[str] = mapped_column(String(40), default="")
    latitude: Mapped[float | None]  # of a location that the unit sent for the place
    longitude: Mapped[float | None]
    kind: Mapped[str] = mapped_column(String(20), default="")
    audience: Mapped[str] = mapped_column(String(200), default="")
    attendance: Mapped[int | None]
    contact_name: Mapped[str] = mapped_column(String(80), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[str] = mapped_column(String(60), default="")
    media_invited: Mapped[bool | None]
    remarks: Mapped[str] = mapped_column(Text, default="")

    last_filing_day: Mapped[date | None]
    late_days: Mapped[int] = mapped_column(default=0)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    retroactive: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    pending: Mapped[dict[str, Any] | None]  # an amendment of a filing that stands, until it is submitted: field → value
    origin: Mapped[str] = mapped_column(String(20), default="chat")  # chat · table · chain · sheet · form
    card: Mapped[int] = mapped_column(default=0)  # counts the cards shown, so that an old card's button is known as old
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    person: Mapped[Person | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    project: Mapped[Project | None] = relationship()
    report: Mapped["Report | None"] = relationship(back_populates="filing")

    @validates("place")
    def _another_place(self, _name: str, place: str) -> str:
        """The point on the map belonged to the place before."""
        if place != self.place:
            self.latitude = self.longitude = None
        return place

    def erase(self) -> None:
        """Cancel it and forget whatever was written; the number stays taken."""
        self.state = FilingState.CANCELLED
        self.name = self.place = self.audience = self.contact_name = self.contact_phone = ""
        self.summary = self.budget = self.remarks = self.late_reason = ""
        self.latitude = self.longitude = self.pending = None


class FilingVersion(Base):
    """The fields of a filing as they were submitted, one row a version; never edited."""

    __tablename__ = "filing_version"
    __table_args__ = (UniqueConstraint("filing_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    place: Mapped[str] = mapped_column(String(160), default="")  # channel and chat
    at: Mapped[datetime]


class FilingTransition(Base):
    """One step in the life of a filing: who, when, where, why; never edited."""

    __tablename__ = "filing_transition"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    place: Mapped[str] = mapped_column(String(160))  # channel and chat
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Report(Base):
    """What a unit says after the activity 总结."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), unique=True)
    attendance: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    links: Mapped[list[str]]
    at: Mapped[datetime]

    filing: Mapped[Filing] = relationship(back_populates="report")
