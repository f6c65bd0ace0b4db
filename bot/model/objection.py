"""Objections 异议 that anybody raises against a publicity 公示; kept as they were said, for staff alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base
from bot.model.notice import Notice
from bot.model.people import Person


class Objection(Base):
    """One objection. ``late``: it came when the period was over."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    late: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    notice: Mapped[Notice] = relationship()
    person: Mapped[Person | None] = relationship()
