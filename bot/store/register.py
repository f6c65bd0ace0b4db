"""The register of filings: what the office exports, with what was counted beside each."""

import re
from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bot.clock import CHINA
from bot.documents.filing_sheet import Entry
from bot.model import Attachment, AttachmentState, Filing, FilingState, Flag

Span = tuple[datetime, datetime]
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


def month_span(month: str) -> Span | None:
    """The first instant of a month such as 2020-10, and of the next; None for what is no month."""
    found = _MONTH.fullmatch(month)
    if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
        return None
    year, number = int(found[1]), int(found[2])
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=CHINA), datetime(*following, 1, tzinfo=CHINA)


def entries(session: Session, span: Span | None) -> list[Entry]:
    """The filings (drafts left out) of a span of days, or all, in the order of their days."""
    wish = (
        select(Filing)
        .options(joinedload(Filing.unit), joinedload(Filing.project), joinedload(Filing.report))
        .where(Filing.state != FilingState.DRAFT)
        .order_by(Filing.start, Filing.id)
    )
    if span:
        wish = wish.where(Filing.start >= span[0], Filing.start < span[1])
    filings = list(session.scalars(wish))
    photos, flags = _photos(session), _flags(session)
    return [Entry(one, photos[one.id], tuple(flags[one.id])) for one in filings]


def _photos(session: Session) -> Counter[int]:
    wish = (
        select(Attachment.filing_id, func.count())
        .where(Attachment.kind == "image", Attachment.state == AttachmentState.KEPT)
        .group_by(Attachment.filing_id)
    )
    return Counter({filing_id: count for filing_id, count in session.execute(wish) if filing_id is not None})


def _flags(session: Session) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for filing_id, kind in session.execute(select(Flag.filing_id, Flag.kind).where(Flag.settled_at.is_(None))):
        if kind not in found[filing_id]:
            found[filing_id].append(kind)
    return found
