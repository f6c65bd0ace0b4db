"""Rows of pictures and files: what waits for its filing, what a filing has; and taking them away with their bytes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.model import Attachment, AttachmentState, Link
from bot.store.unit_of_work import UnitOfWork

HAD = (AttachmentState.PENDING, AttachmentState.KEPT)
_OF_ATTACHMENTS = (Attachment.sha256, Attachment.shown_sha256, Attachment.thumb_sha256)
_NAMES = (*_OF_ATTACHMENTS, Link.sha256)


def of_filing(session: Session, filing_id: int, purpose: str) -> list[Attachment]:
    """What a filing or its report has, each content once, in the order in which it came."""
    wish = select(Attachment).where(
        Attachment.filing_id == filing_id, Attachment.purpose == purpose, Attachment.state.in_(HAD)
    )
    found: dict[str, Attachment] = {}
    for one in session.scalars(wish.order_by(Attachment.id)):
        found.setdefault(one.sha256 or f"pending {one.id}", one)
    return list(found.values())


def waiting(session: Session, account_id: int) -> list[Attachment]:
    """What this account sent and nobody knows yet what it belongs to."""
    wish = select(Attachment).where(
        Attachment.account_id == account_id,
        Attachment.filing_id.is_(None),
        Attachment.purpose == "",
        Attachment.state.in_(HAD),
    )
    return list(session.scalars(wish.order_by(Attachment.id)))


def unassigned(session: Session, *where: ColumnElement[bool]) -> list[Attachment]:
    """What belongs to no filing and to no notice, whatever became of it: waiting, read as a form, refused, lost."""
    nobodys = (Attachment.filing_id.is_(None), Attachment.notice_id.is_(None), Attachment.purpose != "deliverable")
    return list(session.scalars(select(Attachment).where(*nobodys, *where)))


def remove(work: UnitOfWork, rows: Sequence[Attachment]) -> None:
    """Take rows away; their bytes go after the commit, unless another row refers to them."""
    digests = {name for row in rows for name in (row.sha256, row.shown_sha256, row.thumb_sha256) if name}
    for row in rows:
        work.session.delete(row)
    work.session.flush()
    work.unwanted += unused(work.session, digests)


def unused(session: Session, digests: Iterable[str]) -> list[str]:
    """Those contents to which no row refers."""
    left = set(digests)
    for column in _NAMES:
        if left:
            left -= set(session.scalars(select(column).where(column.in_(left))))
    return sorted(left)


def wanted(session: Session, now: datetime) -> set[str]:
    """Every content to which a row refers; a link that is over leads to nothing, and keeps nothing."""
    open_links = select(Link.sha256).where(or_(Link.expires_at.is_(None), Link.expires_at > now)).distinct()
    found = set(session.scalars(open_links))
    return found.union(*(session.scalars(select(column).distinct()) for column in _OF_ATTACHMENTS))
