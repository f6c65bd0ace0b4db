"""Several activities at once, from a pasted table, a 接龙 list or a filled form: each a draft under its own unit.

A line that was sent before finds its draft again, so a list that is sent twice, or mended and sent again, makes no
second ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.model import Filing, FilingState, Flag, Project, Unit
from bot.rules.filing import missing
from bot.rules.understanding import Found, Question
from bot.rules.understanding.batch import match_unit
from bot.store.unit_of_work import UnitOfWork
from handlers.filing import conflicts as filing_conflicts
from handlers.filing.draft import fill, give_unit, judge, mine, new_draft
from handlers.filing.fields import Fields
from handlers.filing.submission import is_ready

ORIGINS = ("table", "chain", "sheet")
WHOSE = "whose"  # the flag of a line that names a unit which is not the sender's
STILL_THE_SAME = timedelta(days=7)  # an unfinished line that comes again later is another activity
LONGEST_REASON = 500
MOST_DOUBTED = 30  # lines that are held against what is filed already; of the others staff hear when they come in


@dataclass(slots=True)
class Line:
    """One activity of several, as it was understood. ``number``: in the sender's own counting.

    ``unit``, ``project``: names that it gives. ``draft``: the number of the draft that it was answered with before.
    """

    number: int
    found: dict[str, Found] = field(default_factory=dict)
    questions: Sequence[Question] = ()
    remarks: str = ""
    unit: str = ""
    project: str = ""
    late_reason: str = ""
    draft: str = ""


@dataclass(slots=True)
class Taken:
    """What became of a line.

    ``filed``: it was filed before, and nothing was changed. ``stranger``: it names a unit that the sender is not bound
    to. ``notes``: what the sender should know, although nothing is lacking.
    """

    number: int
    filing: Filing
    questions: Sequence[Question] = ()
    filed: bool = False
    stranger: Unit | None = None
    notes: list[str] = field(default_factory=list)
    end: datetime | None = None  # that was said, or is usual; for showing it

    @property
    def gaps(self) -> list[str]:
        """The required fields that are still empty; what is asked about is not named twice."""
        asked = {one.field for one in self.questions}
        return [name for name in missing(Fields.of(self.filing).as_dict()) if name not in asked]

    @property
    def late(self) -> bool:
        """Whether it wants the reason for its lateness."""
        return bool(self.filing.late_days and not self.filing.retroactive and not self.filing.late_reason)

    @property
    def ready(self) -> bool:
        """Whether it can be submitted."""
        return not self.filed and self.filing.state == FilingState.DRAFT and is_ready(self.filing)


def take(turn: Turn, lines: Sequence[Line], origin: str) -> list[Taken]:
    """Make or find the draft of every line."""
    everybody = list(turn.session.scalars(select(Unit).where(Unit.active))) if any(one.unit for one in lines) else []
    used: set[int] = set()
    taken = []
    for line in lines:
        unit, stranger, named = _unit(turn, line, everybody)
        filing = _known(turn, line, unit or stranger, used)
        if filing is None:
            filing = new_draft(turn, unit.id if unit else None)
            filing.origin = origin
        elif filing.state != FilingState.DRAFT or not mine(turn, filing):
            used.add(filing.id)
            taken.append(Taken(line.number, filing, filed=True))
            continue
        used.add(filing.id)
        one = _fill(turn, filing, line, stranger, known=named)
        if not named and unit is not None:
            one.notes.append(say("batch.no_unit", words=line.unit, unit=unit))
        taken.append(one)
    _add_doubts(turn, taken)
    return taken


def open_lines(turn: Turn, remembered: Mapping[str, int]) -> list[Taken]:
    """The lines that a conversation remembers (number → filing) and that are still drafts of this person."""
    wish = select(Filing).where(Filing.id.in_(remembered.values()), Filing.state == FilingState.DRAFT)
    drafts = {one.id: one for one in turn.session.scalars(wish) if mine(turn, one)}
    numbers = {int(number): drafts[held] for number, held in remembered.items() if held in drafts}
    return _with_strangers(turn, [Taken(number, one) for number, one in numbers.items()])


def left_over(turn: Turn) -> list[Taken]:
    """Every draft that this person sent in a list and has not submitted, numbered as they come."""
    wish = select(Filing).where(
        Filing.account_id == turn.account.id, Filing.state == FilingState.DRAFT, Filing.origin.in_(ORIGINS)
    )
    drafts = [one for one in turn.session.scalars(wish.order_by(Filing.id)) if mine(turn, one)]
    return _with_strangers(turn, [Taken(number, one) for number, one in enumerate(drafts, 1)])


def _with_strangers(turn: Turn, taken: list[Taken]) -> list[Taken]:
    """The same, with the units about which staff have been asked."""
    wish = (
        select(Flag.filing_id, Flag.detail)
        .where(Flag.filing_id.in_([one.filing.id for one in taken]), Flag.kind == WHOSE, Flag.settled_at.is_(None))
    )  # fmt: skip
    named = {filing_id: detail["unit"] for filing_id, detail in turn.session.execute(wish)}
    for one in taken:
        if one.filing.unit_id is None and one.filing.id in named:
            one.stranger = turn.session.get(Unit, named[one.filing.id])
    return taken


def give_reason(turn: Turn, taken: Collection[Taken], reason: str) -> list[Taken]:
    """Put one reason for lateness under every late draft without one; gives those."""
    late = [one for one in taken if _judged(turn.work, one).late]
    for one in late:
        one.filing.late_reason = reason[:LONGEST_REASON]
    return late


def _judged(work: UnitOfWork, one: Taken) -> Taken:
    judge(work, one.filing)
    return one


def _unit(turn: Turn, line: Line, everybody: Sequence[Unit]) -> tuple[Unit | None, Unit | None, bool]:
    """The sender's unit that a line is for; or the unit that it names, which is not theirs; and whether it is known
    what it names."""
    own = turn.units
    if line.unit:
        named = match_unit(line.unit, [unit.name for unit in own])
        if named:
            return next(unit for unit in own if unit.name == named), None, True
        named = match_unit(line.unit, [unit.name for unit in everybody])
        if named and own:
            return None, next(unit for unit in everybody if unit.name == named), True
    if len(own) == 1:
        return own[0], None, not line.unit
    return next((unit for unit in own if unit.id == turn.conversation.unit_id), None), None, not line.unit


def _known(turn: Turn, line: Line, unit: Unit | None, used: Collection[int]) -> Filing | None:
    """The filing that this line became before."""
    if line.draft:
        found = turn.session.scalars(select(Filing).where(Filing.number == line.draft)).first()
        if found is not None and found.id not in used and mine(turn, found):
            return found
    if "name" not in line.found:
        return None
    start = line.found["start"].value if "start" in line.found else None
    whose = Filing.account_id == turn.account.id
    if unit is not None:
        whose = or_(Filing.unit_id == unit.id, whose & Filing.unit_id.is_(None))
    wish = select(Filing).where(whose, Filing.name == line.found["name"].value, Filing.state != FilingState.CANCELLED)
    alike = [one for one in turn.session.scalars(wish.order_by(Filing.id)) if one.id not in used]
    same = [one for one in alike if one.start is not None and one.start == start]
    since = turn.now - STILL_THE_SAME
    unfinished = [
        one
        for one in alike
        if one.state == FilingState.DRAFT and (one.start is None or start is None) and one.updated_at > since
        and one.account_id == turn.account.id and one.origin in ORIGINS
    ]  # fmt: skip
    return next(iter([*same, *unfinished]), None)


def _add_doubts(turn: Turn, taken: Sequence[Taken]) -> None:
    """Ask the friendly questions about what else is filed for that time or place."""
    own = [unit.id for unit in turn.units]
    for one in [one for one in taken if one.ready][:MOST_DOUBTED]:
        found = filing_conflicts.find(turn.work, one.filing)
        one.notes += filing_conflicts.notice(found, own).splitlines()


def _fill(turn: Turn, filing: Filing, line: Line, stranger: Unit | None, *, known: bool) -> Taken:
    """``known``: whether the unit that the line names, if it names one, is one that there is."""
    taken = Taken(line.number, filing, line.questions, stranger=stranger)
    remarks = [line.remarks] if line.remarks and line.remarks not in filing.remarks else []
    if not known and line.unit not in f"{filing.remarks}\n{line.remarks}":
        remarks.append(f"单位：{line.unit}")
    if line.project:
        project = _project(turn, filing, line.project)
        if project is not None:
            filing.project_id = project.id
        else:
            taken.notes.append(say("batch.no_project", words=line.project))
            remarks += [words] if (words := f"项目：{line.project}") not in filing.remarks else []
    fill(turn, filing, line.found, "\n".join(remarks))
    if line.late_reason and taken.late:
        filing.late_reason = line.late_reason[:LONGEST_REASON]
    return taken


def _project(turn: Turn, filing: Filing, name: str) -> Project | None:
    year = turn.settings.programme.year
    wish = select(Project).where(Project.unit_id == filing.unit_id, Project.year == year)
    found = [one for one in turn.session.scalars(wish) if one.name == name]
    return found[0] if found else None


def move_to_unit(work: UnitOfWork, filing: Filing, unit_id: int) -> None:
    """Say whose a draft is that had no unit."""
    give_unit(work, filing, unit_id)
    judge(work, filing)
