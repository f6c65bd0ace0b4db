"""Doubts at filing time: what the unit is asked about them, and the flags that staff see.

A unit hears of its own filings by number; of another unit's nothing but that the place is taken at that hour.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import joinedload

from bot.messaging.texts import say
from bot.model import Filing, Flag
from bot.rules.conflicts import DOUBLE_BOOKED, KINDS, OVERLAP, SAME_TEXT, TWO_PLACES, Booking, Conflict, conflicts, span
from bot.rules.filing import HELD
from bot.store.unit_of_work import UnitOfWork
from handlers.filing.fields import Fields

# An exhibition may last this long; what began earlier is not looked at. Copies are looked for as far on either side.
REACH = timedelta(days=60)
MOST = 200  # filings looked at for each question, so that one filing costs the same however many there are
SHOWN = 2


@dataclass(slots=True)
class Doubts:
    """What staff are told about one filing beside another: ``kinds`` in the order in which they were raised."""

    other: Filing
    kinds: list[str] = field(default_factory=list)


def find(work: UnitOfWork, filing: Filing, fields: Fields | None = None) -> list[Conflict]:
    """The doubts that a filing raises, with these fields (default: as it stands); of cancelled and open ones none."""
    fields = fields or Fields.of(filing)
    if fields.start is None:
        return []
    mine = Booking(
        filing.number, filing.unit_id, fields.start, fields.end, fields.all_day, fields.name, fields.summary,
        fields.place, fields.town, fields.contact_phone,
    )  # fmt: skip
    begin, end = span(mine)
    until = max(end, begin + timedelta(days=1))  # a whole day is kept with its hours: what it covers is seen below
    together = and_(
        Filing.start > begin - REACH,
        Filing.start < until,
        or_(Filing.end.is_(None), Filing.end > begin, Filing.all_day),
    )
    found = conflicts(mine, _others(work, filing, together))
    near = and_(Filing.start > begin - REACH, Filing.start < begin + REACH)
    alike = conflicts(mine, _others(work, filing, near))
    return [one for one in found if one.kind != SAME_TEXT] + [one for one in alike if one.kind == SAME_TEXT]


def notice(found: Sequence[Conflict], own_units: Collection[int]) -> str:
    """The friendly question to the unit; empty where there is nothing to ask."""
    known = [one for one in found if one.own or one.other.unit_id in own_units]
    at_once = {one.other.number: one.other for one in known if one.kind in (OVERLAP, TWO_PLACES)}
    alike = [one.other for one in known if one.kind == SAME_TEXT and one.other.number not in at_once]
    taken = any(one.kind == DOUBLE_BOOKED and one not in known for one in found)
    return say("filing.doubts", at_once=list(at_once.values())[:SHOWN], alike=alike[:SHOWN], taken=taken)


def flag(work: UnitOfWork, filing: Filing) -> None:
    """Note the doubts of a filing just submitted; those that no longer hold are settled by themselves.

    What staff have looked at once is not raised again for the same pair.
    """
    work.session.flush()
    found = {(one.kind, one.other.number) for one in find(work, filing)}
    wish = select(Flag).where(Flag.filing_id == filing.id, Flag.kind.in_(KINDS))
    held = {(one.kind, one.key): one for one in work.session.scalars(wish)}
    for pair, one in held.items():
        if pair not in found and one.settled_at is None:
            one.settled_at = work.now
        elif pair in found and one.settled_at is not None and one.settled_by is None:
            one.settled_at = None
    numbers = {number for pair in found - held.keys() for number in pair[1:]}
    ids = dict(work.session.execute(select(Filing.number, Filing.id).where(Filing.number.in_(numbers))).all())
    for kind, number in sorted(found - held.keys()):
        work.session.add(
            Flag(filing_id=filing.id, kind=kind, key=number, other_id=ids[number], detail={}, created_at=work.now)
        )


def settle(work: UnitOfWork, filing: Filing, *, person_id: int | None, report: bool = False) -> None:
    """Staff have looked and accepted: the open doubts of the filing are done with, or those of its ``report`` too."""
    wish = update(Flag).where(Flag.filing_id == filing.id, Flag.settled_at.is_(None))
    if not report:
        wish = wish.where(Flag.kind.in_(KINDS))
    work.session.execute(wish.values(settled_at=work.now, settled_by=person_id))


def release(work: UnitOfWork, filing: Filing) -> None:
    """A filing that no longer stands is in nobody's way: its own open doubts and others' about it are settled."""
    about = or_(Flag.filing_id == filing.id, Flag.other_id == filing.id)
    wish = update(Flag).where(about, Flag.kind.in_(KINDS), Flag.settled_at.is_(None))
    work.session.execute(wish.values(settled_at=work.now))


def flags_of(work: UnitOfWork, filings: Sequence[Filing]) -> dict[int, str]:
    """The open doubts of these filings in words, by row id; those without any are not in it."""
    ids = [one.id for one in filings]
    wish = select(Flag).where(Flag.filing_id.in_(ids), Flag.kind.in_(KINDS), Flag.settled_at.is_(None))
    rows = list(work.session.scalars(wish.order_by(Flag.id)))
    others = _by_id(work, {one.other_id for one in rows if one.other_id is not None})
    by_filing: dict[int, dict[int, Doubts]] = defaultdict(dict)
    for one in rows:
        if one.other_id in others:
            other = others[one.other_id]
            by_filing[one.filing_id].setdefault(other.id, Doubts(other)).kinds.append(one.kind)
    return {filing_id: say("review.flags", doubts=list(found.values())) for filing_id, found in by_filing.items()}


def _others(work: UnitOfWork, filing: Filing, where: ColumnElement[bool]) -> list[Booking]:
    """What else stands there, the newest first."""
    columns = [getattr(Filing, name) for name in Booking.__slots__]
    wish = select(*columns).where(Filing.state.in_(sorted(HELD)), where, Filing.id != filing.id)
    rows = work.session.execute(wish.order_by(Filing.id.desc()).limit(MOST))
    return [Booking(**row) for row in rows.mappings()]


def _by_id(work: UnitOfWork, ids: Collection[int]) -> dict[int, Filing]:
    wish = select(Filing).options(joinedload(Filing.unit)).where(Filing.id.in_(ids))
    return {one.id: one for one in work.session.scalars(wish)}
