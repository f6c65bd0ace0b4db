"""What the official account's platform told: what became of a job, and how much of each call is left today."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class JobReceipt(Base):
    """The platform's word on a mass send or another job, by its own id; kept once, however often it is repeated.

    It may come before the delivery is recorded as sent; ``applied``: whether it has found its delivery.
    """

    __tablename__ = "job_receipt"

    method: Mapped[str] = mapped_column(String(20), primary_key=True)
    platform_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    status: Mapped[str] = mapped_column(String(100))
    total: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    url: Mapped[str] = mapped_column(String(500), default="")  # of the article that came of it, for everybody to read
    applied: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class PlatformQuota(Base):
    """How often one call may still be made today, as the platform said at ``at``; or why it does not say."""

    __tablename__ = "platform_quota"

    path: Mapped[str] = mapped_column(String(60), primary_key=True)
    daily_limit: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    refused: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
