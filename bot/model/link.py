"""Links with a secret in them that open one thing without a login: a form, a file, a calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Link(Base):
    """One such link. Only the hash of its secret is kept. ``purpose``: form · file · calendar · progress · board · notice.

    ``holder``: hash of the mark that the first browser to open a form was given; another browser is refused.
    """

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filing.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    sha256: Mapped[str] = mapped_column(String(64), default="")  # of the file to give out
    name: Mapped[str] = mapped_column(String(200), default="")  # under which the file is saved
    holder: Mapped[str] = mapped_column(String(64), default="")
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]  # when it had served its purpose
    created_at: Mapped[datetime]
