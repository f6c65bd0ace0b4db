"""Who owes what: acknowledgements, filings of planned activities, reports; and chasing those who owe, only those."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import joinedload

from bot.delivery import outgoing
from bot.delivery.own_pages import with_own_page
from bot.delivery.reach import way_to
from bot.messaging.texts import say
from bot.messaging.types import WORK_GROUP, Button, Card, Content
from bot.model import (
    OUT,
    Acknowledgement,
    Activity,
    Delivery,
    DeliveryState,
    Filing,
    FilingState,
    Notice,
    NoticeState,
    Unit,
)
from bot.rules.working_days import add_working_days
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork

# A plan whose last day to file is further off owes nothing yet.
NEAR_WORKING_DAYS = 2
# Older plans and reports than this are history, not a debt to list in chat.
LOOK_BACK = timedelta(days=60)
HELD = (FilingState.SUBMITTED, FilingState.ACCEPTED, FilingState.AMENDED)
DONE = (FilingState.REPORTED, FilingState.VERIFIED, FilingState.QUERIED)


@dataclass(frozen=True, slots=True)
class Chased:
    """What one chase of one notice did: units reached, reminded already today, and out of reach (by name)."""

    notice: Notice
    reached: int
    already: int
    unreachable: list[str]


UNANSWERED = Acknowledgement.given_at.is_(None)
UNDELIVERED = Acknowledgement.delivered_at.is_(None)


def awaiting(work: UnitOfWork) -> list[Notice]:
    """Sent notices for which a unit still owes an acknowledgement or what was asked for, newest first."""
    lacking = or_(UNANSWERED, and_(Notice.deliverable != "", UNDELIVERED))
    owed = (
        select(Acknowledgement.notice_id)
        .join(Unit, Unit.id == Acknowledgement.unit_id)
        .where(Acknowledgement.notice_id == Notice.id, Unit.active, lacking)
    )
    out = (Notice.state == NoticeState.SENT, Notice.sent_at <= work.now)  # of one for the morning nobody knows yet
    return list(work.session.scalars(select(Notice).where(owed.exists(), *out).order_by(Notice.id.desc())))


def rows_of(work: UnitOfWork, unit_ids: Collection[int]) -> list[Acknowledgement]:
    """What sent notices have asked of these units, answered or not; of the newest notice first."""
    wish = (
        select(Acknowledgement)
        .join(Notice, Notice.id == Acknowledgement.notice_id)
        .where(Acknowledgement.unit_id.in_(unit_ids), Notice.state.in_(OUT), Notice.sent_at <= work.now)
        .order_by(Notice.id.desc(), Acknowledgement.unit_id)
    )
    return list(work.session.scalars(wish))


def units_of(work: UnitOfWork, notice: Notice) -> list[Unit]:
    """The active units that owe something for the notice, by name."""
    return _units(work, notice, or_(UNANSWERED, UNDELIVERED) if notice.deliverable else UNANSWERED)


def unanswered(work: UnitOfWork, notice: Notice) -> list[Unit]:
    """The active units that have not acknowledged the notice, by name."""
    return _units(work, notice, UNANSWERED)


def undelivered(work: UnitOfWork, notice: Notice) -> list[Unit]:
    """The active units that have not handed in what the notice asks for, by name; none where it asks for nothing."""
    return _units(work, notice, UNDELIVERED) if notice.deliverable else []


def _units(work: UnitOfWork, notice: Notice, lacking: ColumnElement[bool]) -> list[Unit]:
    wish = (
        select(Unit)
        .join(Acknowledgement, Acknowledgement.unit_id == Unit.id)
        .where(Acknowledgement.notice_id == notice.id, lacking, Unit.active)
        .order_by(Unit.name)
    )
    return list(work.session.scalars(wish))


def stop_chases(work: UnitOfWork, notice_id: int, unit_id: int) -> None:
    """A unit that has answered is not reminded: what still waits to go is taken back."""
    work.session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.QUEUED, Delivery.purpose == "chase")
        .where(Delivery.dedupe_key.like(f"chase:{notice_id}:unit:{unit_id}:%"))
        .values(state=DeliveryState.RECALLED)
    )


def unfiled(work: UnitOfWork, today: date) -> list[Activity]:
    """Planned activities without a filing whose last day to file is near or past, the most urgent first."""
    near = add_working_days(today, NEAR_WORKING_DAYS)
    wish = (
        select(Activity)
        .options(joinedload(Activity.unit))
        .where(Activity.filing_id.is_(None), Activity.last_filing_day <= near)
        .where(Activity.planned_on >= today - LOOK_BACK)
        .order_by(Activity.last_filing_day, Activity.id)
    )
    return list(work.session.scalars(wish))


def unreported(work: UnitOfWork) -> list[Filing]:
    """Filed activities whose report is overdue, the oldest first."""
    latest = work.now - timedelta(days=work.settings.programme.report_days)
    wish = (
        select(Filing)
        .options(joinedload(Filing.unit))
        .where(Filing.state.in_(HELD), Filing.end < latest, Filing.end > latest - LOOK_BACK)
        .order_by(Filing.end)
    )
    return list(work.session.scalars(wish))


def activities(work: UnitOfWork, start: datetime, end: datetime) -> list[Filing]:
    """Filed activities that begin in [start, end), in their order."""
    wish = (
        select(Filing)
        .options(joinedload(Filing.unit))
        .where(Filing.state.in_((*HELD, *DONE)), Filing.start >= start, Filing.start < end)
        .order_by(Filing.start, Filing.id)
    )
    return list(work.session.scalars(wish))


def chase(work: UnitOfWork, notice: Notice, moment: datetime) -> Chased:
    """Remind the contacts of every owing unit in direct chat, at most once a day; says who was out of reach."""
    reached = already = 0
    unreachable: list[str] = []
    for unit in units_of(work, notice):
        row = work.session.get_one(Acknowledgement, (notice.id, unit.id))
        if row.chased_at is not None and row.chased_at.date() == moment.date():
            already += 1
            continue
        contacts = directory.contacts_of(work.session, unit.id)
        if all(way_to(work, directory.accounts_of(work.session, one.id)).closed for one in contacts):
            unreachable.append(unit.name)  # true of no contacts at all as well
            continue
        answered = row.given_at is not None
        text = say("chase.direct", notice=notice, unit=unit, now=work.now, answered=answered)
        button = Button("收到", f"acknowledge:{notice.id}:{unit.id}", "primary")
        task = f"chase-{notice.id}-{unit.id}-{moment:%Y%m%d}"
        card = None if answered else Card(f"通知 {notice.id} 待回执", task, (button,))
        content = Content(text, card=card, title="材料待报送" if answered else "通知待回执")
        key = f"chase:{notice.id}:unit:{unit.id}:{moment:%Y%m%d}"
        more = {"notice_id": notice.id, "useful_for": timedelta(hours=12)}
        for person in contacts:
            told = with_own_page(work, notice, person.id, content, WORK_GROUP)
            outgoing.to_person(work, person, told, purpose="chase", key=key, **more)
        row.chased_at = work.now
        reached += 1
    return Chased(notice, reached, already, unreachable)


def chase_in_group(work: UnitOfWork, notice: Notice, moment: datetime) -> None:
    """Name those who still owe, once a day, in the work groups: units and mentions, nothing personal."""
    units = units_of(work, notice)
    if not units:
        return
    text = say("chase.group", notice=notice, units=units, now=work.now)
    content = Content(text, mentions=tuple(mentions_of(work, units)))
    key, more = f"chase:{notice.id}:group:{moment:%Y%m%d}", {"notice_id": notice.id, "useful_for": timedelta(hours=4)}
    outgoing.to_work_groups(work, content, purpose="chase", key=key, **more)


def mentions_of(work: UnitOfWork, units: Sequence[Unit]) -> list[str]:
    """The userids by which the contacts of these units can be mentioned in the work group, each once."""
    found = [
        account.external_id
        for unit in units
        for person in directory.contacts_of(work.session, unit.id)
        for account in directory.accounts_of(work.session, person.id)
        if account.channel == WORK_GROUP
    ]
    return list(dict.fromkeys(found))
