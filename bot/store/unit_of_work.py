"""What a handler or a schedule gets to change rows with."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.store import audit
from bot.store.files import FileStore


@dataclass(slots=True)
class UnitOfWork:
    """One transaction's worth of changes at one moment (``now``: aware, Asia/Shanghai).

    Everything done through `session` and `connection` is kept or dropped together.
    """

    _connection: Connection
    session: Session
    now: datetime
    settings: Settings
    files: FileStore
    wake: bool = False  # set where something was queued to go out, so that it goes at once
    unwanted: list[str] = field(default_factory=list)  # contents of the file store to be removed after the commit

    @property
    def connection(self) -> Connection:
        """For what is done for every message, in Core's terms: several times cheaper than through the session."""
        self.session.flush()
        return self._connection

    def audit(self, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Record who did what, in the same transaction. No phone, no secret, no message text in ``detail``."""
        audit.append(self.session, self.now, actor, action, subject, detail)
