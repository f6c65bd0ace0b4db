"""Drafts: made from what was understood, filled up, and judged for timeliness."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.model import Filing, FilingState, Programme, Project
from bot.rules.filing import USUAL_LENGTH, timeliness
from bot.rules.towns import find_town
from bot.rules.understanding import Found
from bot.store.unit_of_work import UnitOfWork
from handlers.filing_life import FIELDS

# Longer than any honest name or address; what is over goes to the remarks.
LONGEST = {"name": 100, "place": 200, "audience": 100, "contact_name": 40, "contact_phone": 40, "budget": 40}
OPEN_STATES = (FilingState.DRAFT, FilingState.RETURNED, FilingState.WITHDRAWN)


def next_number(work: UnitOfWork) -> str:
    """The programme's next filing number, e.g. 2020-0137."""
    programme = work.settings.programme
    if work.session.get(Programme, programme.year) is None:
        work.session.add(Programme(year=programme.year, name=programme.name, last_filing=0))
        work.session.flush()
    claim = (
        update(Programme)
        .where(Programme.year == programme.year)
        .values(last_filing=Programme.last_filing + 1)
        .returning(Programme.last_filing)
    )
    return f"{programme.year}-{work.session.execute(claim).scalar_one():04d}"


def new_draft(turn: Turn, unit_id: int | None) -> Filing:
    """An empty draft of this account, for a unit or for none yet."""
    filing = Filing(
        number=next_number(turn.work),
        state=FilingState.DRAFT,
        account_id=turn.account.id,
        person_id=turn.account.person_id,
        unit_id=unit_id,
        created_at=turn.now,
        updated_at=turn.now,
    )
    turn.session.add(filing)
    give_unit(turn.work, filing, unit_id)
    turn.session.flush()
    return filing


def give_unit(work: UnitOfWork, filing: Filing, unit_id: int | None) -> None:
    """Say whose filing it is; a unit's only project is taken as the filing's."""
    filing.unit_id = unit_id
    filing.project_id = None
    if unit_id is not None:
        year = work.settings.programme.year
        projects = list(work.session.scalars(select(Project).where(Project.unit_id == unit_id, Project.year == year)))
        if len(projects) == 1:
            filing.project_id = projects[0].id


def fill(turn: Turn, filing: Filing, found: Mapping[str, Found], remarks: str = "") -> list[str]:
    """Write what was understood into the draft; gives the names of the fields that changed."""
    changed = []
    for name, one in found.items():
        if name not in FIELDS:
            continue
        value = _fitting(filing, name, one.value)
        if getattr(filing, name) != value:
            setattr(filing, name, value)
            changed.append(name)
    if "start" in changed and "end" not in found and filing.end is not None:
        filing.end = None  # it belonged to the old start
    if "place" in changed and "town" not in found:
        town = find_town(filing.place)
        filing.town = town.name if town else ""
    if "occurrences" in found and len(found["occurrences"].value) > 1:
        remarks = f"{found['occurrences'].text}\n{remarks}".strip()
    if remarks:
        filing.remarks = f"{filing.remarks}\n{remarks}".strip()
    filing.updated_at = turn.now
    judge(turn.work, filing)
    return changed


def judge(work: UnitOfWork, filing: Filing) -> None:
    """Set the last day to file and how late the draft is, as things stand now."""
    if filing.start is None:
        return
    rules = work.settings.programme
    found = timeliness(filing.start, filing.end, work.now, rules.filing_working_days, rules.cut_off_time)
    filing.last_filing_day, filing.late_days, filing.retroactive = found.last_day, found.late, found.over
    if not found.late:
        filing.late_reason = ""


def end_or_usual(filing: Filing) -> datetime | None:
    """The end that was said, or two hours after the start."""
    if filing.start is None or filing.all_day:
        return filing.end
    return filing.end or filing.start + USUAL_LENGTH


def find_own(turn: Turn, number: str) -> Filing:
    """A filing by its number that this person may see, or `UserError`."""
    filing = turn.session.scalars(select(Filing).where(Filing.number == number)).first()
    # The same words for one that is not there and one that is not theirs: numbers are no secret, contents are.
    if filing is None or not (turn.role or mine(turn, filing)):
        raise UserError(say("filing.unknown", number=number))
    return filing


def mine(turn: Turn, filing: Filing) -> bool:
    """Whether this account wrote the filing, or acts for its unit."""
    return filing.account_id == turn.account.id or (
        filing.unit_id is not None and any(unit.id == filing.unit_id for unit in turn.units)
    )


def open_drafts(turn: Turn) -> list[Filing]:
    """Drafts and returned filings of this account or its units, newest first."""
    units = [unit.id for unit in turn.units]
    wish = (
        select(Filing)
        .where(or_(Filing.account_id == turn.account.id, Filing.unit_id.in_(units)), Filing.state.in_(OPEN_STATES))
        .order_by(Filing.updated_at.desc(), Filing.id.desc())
    )
    return list(turn.session.scalars(wish))


def same_draft(turn: Turn, name: str, start: datetime | None) -> Filing | None:
    """This account's draft of the same activity, so that a text sent twice does not become two."""
    if not name or start is None:
        return None
    wish = select(Filing).where(
        Filing.account_id == turn.account.id,
        Filing.state == FilingState.DRAFT,
        Filing.name == name,
        Filing.start == start,
        Filing.updated_at > turn.now - timedelta(days=7),
    )
    return turn.session.scalars(wish).first()


def _fitting(filing: Filing, name: str, value: Any) -> Any:
    if name == "town":
        return value or ""
    if name == "budget":
        value = f"{value}元" if isinstance(value, int) else str(value)
    limit = LONGEST.get(name)
    if limit is not None and isinstance(value, str) and len(value) > limit:
        filing.remarks = f"{filing.remarks}\n{value}".strip()
        return value[:limit]
    return value
