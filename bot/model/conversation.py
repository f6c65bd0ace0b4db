"""Where a conversation stands, and which messages have come in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Conversation(Base):
    """What an account and the bot are talking about. It follows the account from the group to direct chat.

    ``topic`` names the dialogue ("" = none); ``state`` is its memory.
    """

    __tablename__ = "conversation"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # the unit spoken for, where there are several
    helped_at: Mapped[datetime | None]  # the last unasked help, at most one an hour
    updated_at: Mapped[datetime]


class InboxMessage(Base):
    """A message that came in, kept to know a repetition and to give it the same answer."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        Index("ix_inbox_message_received_at", "received_at"),
        Index("ix_inbox_message_account_id_received_at", "account_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    received_at: Mapped[datetime]
    reply: Mapped[dict[str, Any] | None]
