"""Rows of pictures and files: what waits for its filing, what a filing has; and taking them away with their bytes."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.model import Attachment, AttachmentState, Link
from bot.store.unit_of_work import UnitOfWork

HAD = (AttachmentState.PENDING, AttachmentState.KEPT)
_NAMES = (Attachment.sha256, Attachment.shown_sha256, Attachment.thumb_sha256, Link.sha256)


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
    nobodys = (Attachment.filing_id.is_(None), Attachment.purpose != "deliverable")
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


def wanted(session: Session) -> set[str]:
    """Every content to which a row refers."""
    return {name for column in _NAMES for name in session.scalars(select(column).distinct())}
