"""Chasing acknowledgements: first politely in direct chat, then by name in the group, never after the deadline."""

from datetime import datetime, timedelta

from bot.delivery import outgoing, owing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Notice
from bot.rules.working_days import add_working_days
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

# A deadline before this hour leaves no time on its own day: the working day before is the day to chase.
EARLIEST_SAME_DAY = 11
LATEST_AFTER = timedelta(days=7)


@schedule("chase direct", "0 9 * * *", grace=timedelta(hours=6))
def chase_directly(work: UnitOfWork, due: datetime) -> None:
    """At nine on the day of the deadline."""
    for notice in _due_today(work):
        owing.chase(work, notice, work.now)


@schedule("chase in the group", "0 15 * * *", grace=timedelta(hours=3))
def chase_in_group(work: UnitOfWork, due: datetime) -> None:
    """At three on the same day, by mention."""
    for notice in _due_today(work):
        owing.chase_in_group(work, notice, work.now)


@schedule("deadline passed", "*/10 * * * *", grace=timedelta(days=2))
def tell_who_never_answered(work: UnitOfWork, due: datetime) -> None:
    """Once the deadline is over, whoever drafted the notice hears who never answered."""
    for notice in owing.awaiting(work):
        over = notice.deadline is not None and work.now - LATEST_AFTER < notice.deadline <= work.now
        if not over or notice.drafter is None:
            continue
        units = owing.units_of(work, notice)
        content = Content(say("chase.over", notice=notice, units=units), title="回执截止")
        key = f"notice:{notice.id}:over"
        outgoing.to_person(work, notice.drafter, content, purpose="staff", key=key, notice_id=notice.id)


def _due_today(work: UnitOfWork) -> list[Notice]:
    """Awaited notices whose day to chase is today, while their deadline is still to come."""
    today = work.now.date()
    return [
        one
        for one in owing.awaiting(work)
        if (end := one.deadline) is not None and end > work.now and _chase_day(end) == today
    ]


def _chase_day(deadline: datetime) -> object:
    day = deadline.date()
    return day if deadline.hour >= EARLIEST_SAME_DAY else add_working_days(day, -1)
