"""Making and following links that open one thing without a login. Only the hash of a link's secret is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model import Link
from bot.store.unit_of_work import UnitOfWork

# How a link of each purpose is written after the server's public address.
PATHS = {
    "form": "/f/",
    "file": "/d/",
    "calendar": "/calendar/",
    "board": "/board/",
    "notice": "/n/",
    "progress": "/api/notices/{notice_id}/progress?key=",
}
SECRET_BYTES = 24


def make(work: UnitOfWork, purpose: str, *, life: timedelta | None, **columns: object) -> str:
    """A new link, as its whole address; empty where the server has no public address. ``life`` None: until revoked."""
    base = work.settings.server.public_url
    if not base:
        return ""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    ends = work.now + life if life else None
    work.session.add(
        Link(secret_hash=hash_of(secret), purpose=purpose, expires_at=ends, created_at=work.now, **columns)
    )
    work.session.flush()
    return f"{base}{PATHS[purpose].format(**columns)}{secret}"


def example(work: UnitOfWork, purpose: str) -> str:
    """What stands for such a link where one is only to be seen: as long as one, and opening nothing."""
    base = work.settings.server.public_url
    return f"{base}{PATHS[purpose]}{'*' * len(secrets.token_urlsafe(SECRET_BYTES))}" if base else ""


def find(session: Session, purpose: str, secret: str) -> Link | None:
    """The link with this secret, whether or not it is still good; None for an unknown one."""
    wish = select(Link).where(Link.secret_hash == hash_of(secret), Link.purpose == purpose)
    return session.scalars(wish).first()


def is_over(link: Link, now: datetime) -> bool:
    """Whether its time has passed."""
    return link.expires_at is not None and link.expires_at <= now


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
