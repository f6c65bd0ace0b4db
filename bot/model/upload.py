"""What was uploaded to a platform, so that it is uploaded once."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Upload(Base):
    """The platform's name (an id or an address) for something uploaded. ``key``: account, kind and content."""

    __tablename__ = "upload"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
