"""Photos, files, videos and workbooks that people send. The bytes lie in the file store, once by content."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class AttachmentState(StrEnum):
    """``pending``: still to be fetched from the platform. ``refused``: fetched, and not what it said it was."""

    PENDING = "pending"
    KEPT = "kept"
    REFUSED = "refused"
    LOST = "lost"  # the platform no longer had it


class Attachment(Base):
    """One picture or file of one message.

    ``filing_id`` is empty until it is known what it belongs to. ``purpose``: filing · report · sheet (a filled-in form) ·
    unseen (a file that may be one) · deliverable (handed in for a notice) · notice (staff sent it to go out with their
    notice ``notice_id``) · empty while nobody knows.
    ``source`` says where to fetch it and is emptied once that is done. ``sha256`` names the original as it was sent;
    ``shown_sha256`` and ``thumb_sha256`` name the picture without its hidden data, whole and small.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("channel", "message_id", "position"),
        Index("ix_attachment_filing_id_purpose", "filing_id", "purpose"),
        Index("ix_attachment_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    purpose: Mapped[str] = mapped_column(String(20), default="")
    channel: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)  # of several in one message
    kind: Mapped[str] = mapped_column(String(20))  # image · file · video · voice
    name: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(String(20), default=AttachmentState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str] = mapped_column(String(200), default="")  # in Chinese, for whoever sent it
    mime: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    shown_sha256: Mapped[str] = mapped_column(String(64), default="")
    thumb_sha256: Mapped[str] = mapped_column(String(64), default="")
    fingerprint: Mapped[str] = mapped_column(String(16), default="", index=True)  # of how it looks: 64 bits in hex
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[datetime | None]  # as the camera wrote it
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    created_at: Mapped[datetime]
