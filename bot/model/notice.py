"""Notices 通知: what is said, its versions, who reviewed it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base
from bot.model.people import Person


class NoticeKind(StrEnum):
    """Kinds of notice; the value is the office's term."""

    APPLICATION = "申报通知"
    GUIDE = "申报指南"
    PUBLICITY = "立项公示"
    FUNDS = "资金下达"
    REQUIREMENT = "监督管理要求"
    CHECK = "检查通知"
    FILING = "报备提醒"
    ACCEPTANCE = "结题验收"
    RECTIFICATION = "整改"
    EMERGENCY = "紧急"
    GENERAL = "通知"


class NoticeState(StrEnum):
    """Where a notice is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for the next person who reviews
    SCHEDULED = "scheduled"  # approved, waits for its hour
    SENT = "sent"  # handed to delivery; how far it is, its rows tell
    PAUSED = "paused"  # was being sent; the rest waits until somebody says so
    RETURNED = "returned"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # after it went out


OUT = (NoticeState.SENT, NoticeState.PAUSED)  # somebody may have it, and what it asks for is asked for


class Notice(Base):
    """One notice. Its id is the number that staff say in chat («撤回 12»); ``number`` is the office's 文号.

    ``targets``: whom it is for, as an expression; None for every unit and group (and every follower, where public).
    ``files``: attachments in their order, each ``{"sha256", "name", "kind", "mime", "size"}`` (kind: image · file).
    ``deliverable``: what each unit owes besides an answer.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_state_scheduled_at", "state", "scheduled_at"),
        Index("ix_notice_number", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default=NoticeState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    public: Mapped[bool] = mapped_column(default=False)  # for every follower, not only for the units
    acknowledge: Mapped[bool] = mapped_column(default=False)
    deliverable: Mapped[str] = mapped_column(String(100), default="")  # in the office's words, such as 三季度进度表
    deadline: Mapped[datetime | None]
    targets: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    cover_sha256: Mapped[str] = mapped_column(String(64), default="")  # picture of the official account's article
    link: Mapped[str] = mapped_column(String(500), default="")
    drafter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # the last of those who reviewed
    in_charge_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # hears who owes; the drafter if empty
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it went without review (urgent), or was withdrawn
    scheduled_at: Mapped[datetime | None]
    send_until: Mapped[datetime | None]  # past it staff are asked before it goes
    sent_at: Mapped[datetime | None]
    paused_why: Mapped[str] = mapped_column(String(200), default="")
    resumed_at: Mapped[datetime | None]  # failures before this have been looked at by staff
    created_at: Mapped[datetime]

    def is_to_come(self, now: datetime) -> bool:
        """Whether nobody outside the office knows of it yet: not sent, or sent for the morning."""
        return self.sent_at is None or self.sent_at > now

    drafter: Mapped[Person | None] = relationship(foreign_keys=[drafter_id])
    approver: Mapped[Person | None] = relationship(foreign_keys=[approver_id])
    in_charge: Mapped[Person | None] = relationship(foreign_keys=[in_charge_id])


class NoticeVersion(Base):
    """A notice as it was submitted for review, one row a version; never edited."""

    __tablename__ = "notice_version"
    __table_args__ = (UniqueConstraint("notice_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]  # kind, title, body, targets, files, deadline and the rest
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class NoticeReview(Base):
    """One person's word on one version. ``step`` counts from 1; how many there are is set per kind."""

    __tablename__ = "notice_review"
    __table_args__ = (UniqueConstraint("notice_id", "version", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    version: Mapped[int]
    step: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()
