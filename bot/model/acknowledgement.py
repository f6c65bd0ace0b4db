"""What units owe for a notice, and gave: the acknowledgement 回执, and what the notice asked to be handed in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.attachment import Attachment
from bot.model.base import Base
from bot.model.notice import Notice
from bot.model.people import Person, Unit


class Acknowledgement(Base):
    """A unit owes, or gave, an answer to a notice and what it asks for. Made when the notice goes out."""

    __tablename__ = "acknowledgement"
    __table_args__ = (Index("ix_acknowledgement_owed", "given_at", "notice_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    given_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    how: Mapped[str] = mapped_column(String(20), default="")  # button · words
    seen_at: Mapped[datetime | None]  # when a contact first opened its page
    delivered_at: Mapped[datetime | None]  # when the first of what was asked for came in
    chased_at: Mapped[datetime | None]  # the last chase, by whatever way

    notice: Mapped[Notice] = relationship()
    unit: Mapped[Unit] = relationship()
    person: Mapped[Person | None] = relationship()


class Deliverable(Base):
    """Something a unit handed in for a requirement: words, a link, or a file."""

    __tablename__ = "deliverable"
    __table_args__ = (Index("ix_deliverable_notice_id_unit_id", "notice_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))  # text · link · file
    text: Mapped[str] = mapped_column(Text, default="")
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    returned_why: Mapped[str] = mapped_column(Text, default="")  # staff gave it back
    at: Mapped[datetime]

    attachment: Mapped[Attachment | None] = relationship()
