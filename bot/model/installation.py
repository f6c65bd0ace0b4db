"""Which installation this database belongs to, so that a restored or copied one does not send by itself."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Installation(Base):
    """The one row. ``generation`` grows while the bot runs, and is noted outside the database as well.

    ``held_at`` set: nothing goes out until an operator says so.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(36))
    generation: Mapped[int] = mapped_column(default=0)
    held_at: Mapped[datetime | None]
    held_why: Mapped[str] = mapped_column(String(200), default="")
