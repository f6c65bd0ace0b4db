"""What goes out: one row per recipient and message (or per batch of a mass send). The rows are the truth."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class DeliveryState(StrEnum):
    """queued → sending → one of the others.

    ``waiting``: a later part of a long message, queued once the part before it has been sent.
    ``ambiguous``: nobody can know whether it arrived; staff decide. ``unreachable``: no channel may reach this one.
    """

    WAITING = "waiting"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    UNREACHABLE = "unreachable"
    RECALLED = "recalled"


class Delivery(Base):
    """One thing to send.

    ``lane``: deliveries of one lane go one after the other, so at most one of them is ever in doubt; a large run goes
    several at a time, and then one a recipient. ``claimed_by`` and ``leased_until``: the process that sends it, and
    until when it is sure to be alive (by the machine's own clock).
    ``dedupe_key``: names the occasion (such as ``notice:12:chat:abc``); a second row for it is refused.
    ``follows``: the ``dedupe_key`` of the part before, of a message that goes out in several.
    ``not_before``/``not_after``: the window in which it may go; past it, it is no longer of use.
    ``refused_method``: the way that was planned and that the platform refused; a second one is not tried.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_state_lane_urgent_not_before", "state", "lane", "urgent", "not_before"),
        Index("ix_delivery_notice_id_state", "notice_id", "state"),
        Index("ix_delivery_pace_key_claimed_at", "pace_key", "claimed_at"),
        Index("ix_delivery_channel_claimed_at", "channel", "claimed_at"),  # the calls of a day
        Index("ix_delivery_follows", "follows"),
        Index("ix_delivery_platform_id", "platform_id"),  # by which the platform speaks of it later
        Index("ix_delivery_recipient", "recipient"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30))  # notice · reminder · chase · answer · staff
    channel: Mapped[str] = mapped_column(String(20))
    lane: Mapped[str] = mapped_column(String(160))
    method: Mapped[str] = mapped_column(String(20), default="push")
    recipient: Mapped[str] = mapped_column(String(160))
    recipients: Mapped[list[str] | None] = mapped_column(JSON)  # openids of a mass send
    content: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.QUEUED)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    follows: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    urgent: Mapped[bool] = mapped_column(default=False)  # may go in quiet hours
    not_before: Mapped[datetime]
    not_after: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(String(36), default="")
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    pace_key: Mapped[str] = mapped_column(String(160), default="")
    platform_id: Mapped[str] = mapped_column(String(120), default="")
    refused_method: Mapped[str] = mapped_column(String(20), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
