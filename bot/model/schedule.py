"""Which occurrence of which schedule has been taken."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class ScheduleRun(Base):
    """One occurrence of one schedule. The primary key is the claim: nobody else can make the same row."""

    __tablename__ = "schedule_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
