"""A year of the fund: the programme, its projects and the activities that units planned."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base
from bot.model.people import Unit


class Programme(Base):
    """One year of the fund. Hands out the filing numbers."""

    __tablename__ = "programme"

    year: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    last_filing: Mapped[int] = mapped_column(default=0)


class Project(Base):
    """A funded project of a unit."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("unit_id", "year", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(60), default="")
    amount_fen: Mapped[int | None]  # money in fen, so that sums are exact

    unit: Mapped[Unit] = relationship()


class Activity(Base):
    """An activity that a unit planned for a day; it still has to be filed."""

    __tablename__ = "activity"
    __table_args__ = (UniqueConstraint("unit_id", "name", "planned_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    name: Mapped[str] = mapped_column(String(200))
    planned_on: Mapped[date] = mapped_column(index=True)
    last_filing_day: Mapped[date] = mapped_column(index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"), index=True)  # None: not yet filed

    unit: Mapped[Unit] = relationship()
    project: Mapped[Project | None] = relationship()
