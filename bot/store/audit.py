"""The chained audit: writing an entry, and checking that nobody touched the chain."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import to_utc
from bot.model import AuditEntry, AuditHead

START = "0" * 64
HEAD = 1


def append(session: Session, at: datetime, actor: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Add one entry. Holds the head row's lock until the transaction ends, so the chain stays one line."""
    head = session.get(AuditHead, HEAD, with_for_update=True)
    if head is None:
        head = AuditHead(id=HEAD, hash=START)
        session.add(head)
    head.hash = _hash(head.hash, at, actor, action, subject, detail)
    session.add(AuditEntry(at=at, actor=actor, action=action, subject=subject, detail=detail, hash=head.hash))


def first_broken_entry(session: Session) -> int | None:
    """Id of the first entry that does not fit its predecessor, or None when the chain is whole."""
    before = START
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.hash != _hash(before, entry.at, entry.actor, entry.action, entry.subject, entry.detail):
            return entry.id
        before = entry.hash
    return None


def _hash(before: str, at: datetime, actor: str, action: str, subject: str, detail: dict[str, Any]) -> str:
    # Microseconds are as fine as both databases keep.
    body = [before, to_utc(at).isoformat(), actor, action, subject, detail]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
