"""Drafts: made from what was understood, filled up, and judged for timeliness; and whose they are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.model import Filing, FilingState, FilingVersion, Programme, Project
from bot.rules.filing import OPEN, STANDING, Timeliness, same_day, timeliness
from bot.rules.people import is_sender
from bot.rules.understanding import Found
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork
from handlers.filing.fields import Fields, from_json, to_json, understood

# Written by this person, whichever of their accounts they used. SQL finds nobody's filings for a person that is NULL.
_WRITTEN_BY = or_(Filing.account_id == bindparam("account"), Filing.person_id == bindparam("person"))


def _mine(written_by: ColumnElement[bool], units: Any) -> ColumnElement[bool]:
    return or_(and_(written_by, Filing.unit_id.is_(None)), Filing.unit_id.in_(units))


ALL_MINE = _mine(_WRITTEN_BY, directory.UNITS_OF)


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
    """Write what was understood into the draft, or into the amendment of a filing that stands.

    Gives the names of the fields that changed.
    """
    changed = understood(Fields.proposed(filing), _with_sender(turn, found), remarks)
    if filing.state in STANDING:
        held = {**(filing.pending or {}), **to_json(changed)}
        own = to_json(Fields.of(filing).as_dict())
        # What was changed back is no change; a reason without a change explains nothing.
        kept = {name: value for name, value in held.items() if name not in own or own[name] != value}
        filing.pending = kept if from_json(kept) else None
    else:
        for name, value in changed.items():
            setattr(filing, name, value)
        judge(turn.work, filing)
    filing.updated_at = turn.now
    return list(changed)


def _with_sender(turn: Turn, found: Mapping[str, Found]) -> dict[str, Found]:
    """Of «负责人我» the name, and the number where none was given; nobody is called 我."""
    named, person = found.get("contact_name"), turn.person
    if named is None or not is_sender(str(named.value)):
        return dict(found)
    own = {name: one for name, one in found.items() if name != "contact_name"}
    if person and person.name:
        own["contact_name"] = Found(person.name, named.text)
        if person.phone:
            own.setdefault("contact_phone", Found(person.phone, named.text))
    return own


def timely(work: UnitOfWork, fields: Fields, moment: datetime | None = None) -> Timeliness | None:
    """Whether it is in time, filed at ``moment`` (default now); None without a day."""
    if fields.start is None:
        return None
    rules = work.settings.programme
    return timeliness(fields.start, fields.end, moment or work.now, rules.filing_working_days, rules.cut_off_time)


def judge(work: UnitOfWork, filing: Filing) -> None:
    """Set the last day to file and how late the draft is, as things stand now.

    What the office sent back for a correction counts from when it was filed, as long as its day stays and is to come.
    """
    found = timely(work, Fields.of(filing))
    if found is None:
        return
    if filing.state == FilingState.RETURNED and not found.over:
        found = timely(work, Fields.of(filing), _first_filed_for_its_day(work, filing)) or found
    filing.last_filing_day, filing.late_days, filing.retroactive = found.last_day, found.late, found.over
    if not found.late:
        filing.late_reason = ""


def end_or_usual(filing: Filing) -> datetime | None:
    """The end that was said, or two hours after the start."""
    return Fields.of(filing).usual_end


def find_own(turn: Turn, number: str) -> Filing:
    """A filing by its number that this person may see, or `UserError`."""
    filing = turn.session.scalars(select(Filing).where(Filing.number == number)).first()
    # The same words for one that is not there and one that is not theirs: numbers are no secret, contents are.
    if filing is None or not (turn.role or mine(turn, filing)):
        raise UserError(say("filing.unknown", number=number))
    return filing


def find_mine(turn: Turn, number: str) -> Filing:
    """A filing that this person may change: staff look at all, but change none in a unit's name."""
    filing = find_own(turn, number)
    if not mine(turn, filing):
        raise UserError(say("filing.unknown", number=number))
    return filing


def mine(turn: Turn, filing: Filing) -> bool:
    """Whether this person acts for the filing's unit; where it has none yet, whether they wrote it."""
    if filing.unit_id is not None:
        return any(unit.id == filing.unit_id for unit in turn.units)
    person = turn.person_id
    return filing.account_id == turn.sender.id or (person is not None and filing.person_id == person)


def all_mine(turn: Turn) -> ColumnElement[bool]:
    """The same as a condition on the table."""
    told = whose(turn)
    written_by = Filing.account_id == told["account"]
    if told["person"] is not None:  # compared with None it would find everybody's who has no person
        written_by = or_(written_by, Filing.person_id == told["person"])
    return _mine(written_by, [unit.id for unit in turn.units])


def whose(turn: Turn) -> dict[str, Any]:
    """What `ALL_MINE` must be told, where a statement with it is built once."""
    return {"account": turn.sender.id, "person": turn.person_id}


def open_drafts(turn: Turn) -> list[Filing]:
    """Drafts and returned filings that this person began themselves, newest first."""
    wish = (
        select(Filing)
        .where(_WRITTEN_BY, ALL_MINE, Filing.state.in_(OPEN))
        .order_by(Filing.updated_at.desc(), Filing.id.desc())
    )
    return list(turn.session.scalars(wish, whose(turn)))


def untouched(turn: Turn) -> Filing | None:
    """A draft that was begun for the page and in which nothing stands yet: it is taken before another is made."""
    begun = (one for one in open_drafts(turn) if one.origin == "form" and Fields.of(one) == Fields())
    return next(begun, None)


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


def _first_filed_for_its_day(work: UnitOfWork, filing: Filing) -> datetime | None:
    """When it was first submitted for the day on which the activity still is."""
    wish = select(FilingVersion).where(FilingVersion.filing_id == filing.id).order_by(FilingVersion.version)
    for version in work.session.scalars(wish):
        if same_day(Fields.kept(version.fields).start, filing.start):
            return version.at
    return None
