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
    now: datetime
    settings: Settings
    files: FileStore
    wake: bool = False  # set where something was queued to go out, so that it goes at once
    unwanted: list[str] = field(default_factory=list)  # contents of the file store to be removed after the commit
    _session: Session | None = None

    @property
    def session(self) -> Session:
        """For rows as objects. Opened on first use: what is asked most needs none."""
        if self._session is None:
            # Only a rollback of the session's reaches the savepoint; that, too, is what a failed flush does by itself.
            self._session = Session(self._connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        return self._session

    @property
    def connection(self) -> Connection:
        """For what is done for every message, in Core's terms: several times cheaper than through the session."""
        if self._session is not None:
            self._session.flush()
        return self._connection

    def end(self, *, keep: bool) -> None:
        """Write or drop what the session still holds, and close it; the savepoint is the writer's."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            if keep:
                session.commit()
            else:
                session.rollback()
        finally:
            session.close()

    def audit(self, actor: str, action: str, subject: str, **detail: Any) -> None:
        """Record who did what, in the same transaction. No phone, no secret, no message text in ``detail``."""
        audit.append(self.session, self.now, actor, action, subject, detail)
