"""Staff look filings up 查: by number the whole record, else a short list; a unit its own by number."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from bot.clock import CHINA
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Attachment, AttachmentState, Filing, FilingState, FilingVersion, Unit
from bot.rules.searching import Query, read_query, town_of
from handlers.filing import conflicts as filing_conflicts
from handlers.filing import report_doubts
from handlers.filing.draft import end_or_usual, find_own, mine
from handlers.filing.life import state_of

router = Router()

SHOWN = 10


@router.command("查询", "查一下", "查", argument=True)
def look_up(turn: Turn) -> Answer:
    year = turn.settings.programme.year
    query = read_query(turn.argument, turn.now.date(), year)
    if query.number and (turn.role is not None or turn.units):
        return Content(record(turn, find_own(turn, query.number)))
    if turn.role is None:
        return PASS
    if query == Query():
        return Content(say("staff.look_up_how"))
    wish = _matching(turn, query)
    count = turn.session.scalar(select(func.count()).select_from(wish.subquery())) or 0
    found = list(turn.session.scalars(wish.order_by(Filing.start.desc(), Filing.id.desc()).limit(SHOWN)))
    if count == 1:
        return Content(record(turn, found[0]))
    states = {one.id: state_of(one, turn.now, office=True) for one in found}
    doubts = filing_conflicts.flags_of(turn.work, found)
    shown = {"filings": found, "count": count, "states": states, "doubts": doubts, "year": year}
    return Content(say("staff.found", words=turn.argument, **shown))


def record(turn: Turn, filing: Filing) -> str:
    """Everything about one filing; what is for the office alone only for the office."""
    versions = select(func.count()).select_from(FilingVersion).where(FilingVersion.filing_id == filing.id)
    kept = Attachment.state == AttachmentState.KEPT
    files = (
        select(Attachment.purpose, func.count())
        .where(Attachment.filing_id == filing.id, kept)
        .group_by(Attachment.purpose)
    )
    counts = dict(turn.session.execute(files).all())
    office = turn.role is not None and not mine(turn, filing)
    doubts = [filing_conflicts.flags_of(turn.work, [filing]).get(filing.id, "")] if office else []
    return say(
        "staff.record",
        filing=filing,
        end=end_or_usual(filing),
        state=state_of(filing, turn.now, office=office),
        versions=turn.session.scalar(versions),
        attached=counts.get("filing", 0),
        photos=counts.get("report", 0),
        doubts=list(filter(None, doubts)) + (report_doubts.doubts(turn.work, filing) if office else []),
        year=turn.settings.programme.year,
    )


def _matching(turn: Turn, query: Query) -> Select[Any]:
    wish = select(Filing).options(joinedload(Filing.unit)).outerjoin(Unit, Unit.id == Filing.unit_id)
    # What a unit has not submitted is not the office's yet; by its number it can be seen.
    over = and_(Filing.state.in_((FilingState.ACCEPTED, FilingState.AMENDED)), Filing.end <= turn.now)
    states: list[ColumnElement[bool]] = [over if one == "due" else Filing.state == one for one in sorted(query.states)]
    wish = wish.where(or_(*states) if states else Filing.state != FilingState.DRAFT)
    if query.span is not None:
        first, last = (datetime.combine(day, time(0), CHINA) for day in query.span)
        wish = wish.where(Filing.start >= first, Filing.start < last + timedelta(days=1))
    if query.late:
        wish = wish.where(Filing.late_days > 0, Filing.retroactive.is_(False))
    if query.retroactive:
        wish = wish.where(Filing.retroactive)
    if query.phone:
        wish = wish.where(Filing.contact_phone == query.phone)
    return wish.where(*[_says(word) for word in query.words])


def _says(word: str) -> ColumnElement[bool]:
    """A unit's name, words of the activity or its place, its town, or somebody's name."""
    columns = (Filing.name, Filing.place, Filing.kind, Filing.contact_name, Unit.name)
    said = [column.contains(word, autoescape=True) for column in columns]
    town = town_of(word)
    return or_(*said, Filing.town == town) if town else or_(*said)
