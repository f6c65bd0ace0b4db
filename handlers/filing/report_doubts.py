"""Doubts about a report: raised once each, told to staff, never to the unit."""

from typing import Any

from sqlalchemy import select

from bot.delivery import outgoing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Attachment, AttachmentState, Filing, Flag, Report
from bot.rules.truth import FAR_KM, attendance_is_far, distance_km, look_alikes, taken_on_another_day
from bot.store.unit_of_work import UnitOfWork

REUSED, OTHER_DAY, ELSEWHERE, HEAD_COUNT = "photo_reused", "photo_day", "photo_place", "attendance"
KINDS = (REUSED, OTHER_DAY, ELSEWHERE, HEAD_COUNT)


def check_picture(work: UnitOfWork, filing: Filing, picture: Attachment) -> None:
    """Compare a picture of a report with those of all others, and with the activity's day and place."""
    if picture.purpose != "report" or picture.kind != "image" or picture.state != AttachmentState.KEPT:
        return
    raised = [_raise(work, filing, REUSED, str(other), other_id=other) for other in _used_for(work, filing, picture)]
    taken = picture.taken_at
    if taken is not None and filing.start is not None and taken_on_another_day(taken, filing.start, filing.end):
        day = taken.date().isoformat()
        raised.append(_raise(work, filing, OTHER_DAY, day, taken=day))
    away = _kilometres_away(filing, picture)
    if away > FAR_KM:
        raised.append(_raise(work, filing, ELSEWHERE, "", km=round(away)))
    for flag in filter(None, raised):
        text = say("report.doubtful", filing=filing, doubt=_in_words(work, flag))
        outgoing.to_staff(work, Content(text), key=f"flag:{flag.id}", filing_id=filing.id)


def check_head_count(work: UnitOfWork, filing: Filing, report: Report) -> None:
    """Compare the head count with the forecast; a count that was corrected takes its doubt away."""
    flag = _find(work, filing, HEAD_COUNT, "")
    counts = {"came": report.attendance, "expected": filing.attendance}
    if report.attendance is None or not attendance_is_far(report.attendance, filing.attendance):
        if flag is not None and flag.settled_at is None:
            flag.settled_at = work.now
    elif flag is None:
        _raise(work, filing, HEAD_COUNT, "", **counts)
    elif flag.detail != counts:  # another count than the one that staff may have looked at
        flag.detail, flag.settled_at, flag.settled_by = counts, None, None


def doubts(work: UnitOfWork, filing: Filing) -> list[str]:
    """The open doubts about a filing's report, in words for staff."""
    wish = select(Flag).where(Flag.filing_id == filing.id, Flag.kind.in_(KINDS), Flag.settled_at.is_(None))
    return [_in_words(work, flag) for flag in work.session.scalars(wish.order_by(Flag.id))]


def _used_for(work: UnitOfWork, filing: Filing, picture: Attachment) -> list[int]:
    """The other filings whose reports have this picture, or one that looks the same."""
    others = select(Attachment.filing_id, Attachment.fingerprint).where(
        Attachment.purpose == "report",
        Attachment.state == AttachmentState.KEPT,
        Attachment.filing_id.is_not(None),
        Attachment.filing_id != filing.id,
    )
    same = {number for number, _ in work.session.execute(others.where(Attachment.sha256 == picture.sha256)) if number}
    if not picture.fingerprint:
        return sorted(same)
    rows = work.session.execute(others.where(Attachment.fingerprint != ""))
    return sorted(same.union(look_alikes(picture.fingerprint, ((number or 0, print_) for number, print_ in rows))))


def _kilometres_away(filing: Filing, picture: Attachment) -> float:
    """How far from the place that the unit showed on the map; 0 where either is not known."""
    if picture.latitude is None or picture.longitude is None or filing.latitude is None or filing.longitude is None:
        return 0.0
    return distance_km((picture.latitude, picture.longitude), (filing.latitude, filing.longitude))


def _raise(
    work: UnitOfWork, filing: Filing, kind: str, key: str, other_id: int | None = None, **detail: Any
) -> Flag | None:
    """Note a doubt; None where it was raised before, also where staff have settled it since."""
    if _find(work, filing, kind, key) is not None:
        return None
    flag = Flag(filing_id=filing.id, kind=kind, key=key, other_id=other_id, detail=detail, created_at=work.now)
    work.session.add(flag)
    work.session.flush()
    return flag


def _find(work: UnitOfWork, filing: Filing, kind: str, key: str) -> Flag | None:
    wish = select(Flag).where(Flag.filing_id == filing.id, Flag.kind == kind, Flag.key == key)
    return work.session.scalars(wish).first()


def _in_words(work: UnitOfWork, flag: Flag) -> str:
    other = work.session.get(Filing, flag.other_id) if flag.other_id else None
    return say("report.doubt", kind=flag.kind, other=other, detail=flag.detail)
