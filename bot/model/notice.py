"""Notices 通知 and who owes an acknowledgement 回执."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base
from bot.model.people import Person, Unit


class NoticeKind(StrEnum):
    """Kinds of notice; the value is the office's term."""

    APPLICATION = "申报通知"
    GUIDE = "申报指南"
    PUBLICITY = "立项公示"
    FUNDS = "资金下达"
    REQUIREMENT = "监督要求"
    GENERAL = "通知"


class NoticeState(StrEnum):
    """Where a notice is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a second person
    SCHEDULED = "scheduled"  # approved, waits for its hour
    SENT = "sent"  # handed to delivery
    RETURNED = "returned"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # after it went out


class Notice(Base):
    """One notice. Its id is the number that staff say in chat («撤回 12»)."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_state_scheduled_at", "state", "scheduled_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default=NoticeState.DRAFT)
    public: Mapped[bool] = mapped_column(default=False)  # for every follower, not only for the units
    acknowledge: Mapped[bool] = mapped_column(default=False)
    deadline: Mapped[datetime | None]
    link: Mapped[str] = mapped_column(String(500), default="")
    drafter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    scheduled_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    drafter: Mapped[Person | None] = relationship(foreign_keys=[drafter_id])
    approver: Mapped[Person | None] = relationship(foreign_keys=[approver_id])


class Acknowledgement(Base):
    """A unit owes, or gave, an acknowledgement of a notice. Made when the notice goes out."""

    __tablename__ = "acknowledgement"
    __table_args__ = (Index("ix_acknowledgement_owed", "given_at", "notice_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    given_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    how: Mapped[str] = mapped_column(String(20), default="")  # button · words
    chased_at: Mapped[datetime | None]  # the last chase, by whatever way

    notice: Mapped[Notice] = relationship()
    unit: Mapped[Unit] = relationship()
    person: Mapped[Person | None] = relationship()
