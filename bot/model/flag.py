"""Doubts about a filing or a report that staff should look at. Never shown to the unit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Flag(Base):
    """One doubt. ``kind`` such as overlap · two_places · double_booked · same_text · photo_reused.

    ``other_id``: the other filing it is about. ``key``: names the doubt within its filing, so that it is raised once.
    """

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("filing_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(80), default="")
    other_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"), index=True)
    detail: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # when staff had looked
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
