"""The staff's morning digest, and to whoever is in charge what is owed for the own notices."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from bot.clock import CHINA
from bot.delivery import outgoing, owing, receipts
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Delivery, DeliveryState, Filing, FilingState, Notice, NoticeState, Person, Role, Unit
from bot.rules.working_days import calendar_is_published, is_working_day
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

TROUBLE = (DeliveryState.AMBIGUOUS, DeliveryState.FAILED, DeliveryState.UNREACHABLE)
SUMMED_UP_AFTER = timedelta(days=14)  # a requirement that is over for longer is for the board
EVERYBODY = (Role.DRAFTER, Role.APPROVER, Role.ADMIN, Role.VIEWER)


@schedule("requirements summary", "20 8 * * *", grace=timedelta(hours=4))
def tell_who_is_in_charge(work: UnitOfWork, due: datetime) -> None:
    """At twenty past eight on working days: what is still owed for the notices of each member of staff."""
    if not is_working_day(work.now.date()):
        return
    held: dict[int, tuple[Person, list[tuple[Notice, list[Unit]]]]] = {}
    for notice in owing.awaiting(work):
        person = notice.in_charge or notice.drafter
        recent = notice.deadline is None or notice.deadline > work.now - SUMMED_UP_AFTER
        if person is not None and recent and directory.role_of(work.session, person.id) is not None:
            held.setdefault(person.id, (person, []))[1].append((notice, owing.units_of(work, notice)))
    for person, lists in held.values():
        content = Content(say("digest.requirements", lists=lists, now=work.now), title="要求进展")
        key = f"requirements:{work.now:%Y%m%d}"
        outgoing.to_person(work, person, content, purpose="staff", key=key, useful_for=timedelta(hours=6))


@schedule("morning digest", "10 8 * * *", grace=timedelta(hours=4))
def morning_digest(work: UnitOfWork, due: datetime) -> None:
    """At ten past eight on working days, and on any day with activities."""
    start = datetime.combine(work.now.date(), time(0), CHINA)
    today = owing.activities(work, start, start + timedelta(days=1))
    if not today and not is_working_day(work.now.date()):
        return
    waits = Filing.state.in_((FilingState.SUBMITTED, FilingState.AMENDED))
    waiting = work.session.scalar(select(func.count()).select_from(Filing).where(waits))
    to_review = select(Notice).where(Notice.state == NoticeState.SUBMITTED)
    overdue = [
        (notice, owing.units_of(work, notice))
        for notice in owing.awaiting(work)
        if notice.deadline is not None and notice.deadline <= work.now
    ]
    recent = (Delivery.state.in_(TROUBLE), Delivery.created_at > work.now - timedelta(days=7))
    trouble = work.session.execute(select(Delivery.state, func.count()).where(*recent).group_by(Delivery.state))
    counted = {str(state): count for state, count in trouble}
    text = say(
        "digest.morning",
        day=work.now,
        activities=today,
        waiting=waiting,
        notices=list(work.session.scalars(to_review.order_by(Notice.id))),
        plans=[one for one in owing.unfiled(work, work.now.date()) if one.last_filing_day <= work.now.date()],
        reports=owing.unreported(work),
        overdue=overdue,
        trouble={str(state): counted.get(state, 0) for state in TROUBLE} if counted else {},
        unreported=len(receipts.overdue(work.session, work.now)),
        computed=not calendar_is_published(work.now.year),
        year=work.settings.programme.year,
    )
    content = Content(text, title="今日简报")
    key = f"digest:{work.now:%Y%m%d}"
    outgoing.to_staff(work, content, key=key, roles=EVERYBODY, useful_for=timedelta(hours=6))
