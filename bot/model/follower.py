"""What is known of a follower beyond the account: tags, and consents to subscription notices."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class FollowerTag(Base):
    """A segment that a follower belongs to, by the office's own name."""

    __tablename__ = "follower_tag"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class Consent(Base):
    """How many subscription notices of one template a follower has still agreed to; one goes for each."""

    __tablename__ = "consent"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    left: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
