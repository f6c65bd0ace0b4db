"""Chasing what units owe for a notice by the ladder: direct chat in the morning, by name in the group in the afternoon."""

from datetime import datetime, timedelta

from bot.delivery import outgoing, owing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Notice
from bot.rules.ladder import DIRECT, GROUP, ladder
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

LATEST_AFTER = timedelta(days=7)


@schedule("chase direct", "0 9 * * *", grace=timedelta(hours=6))
def chase_directly(work: UnitOfWork, due: datetime) -> None:
    """At nine on the days of the ladder."""
    for notice in _on_the_ladder(work, due, DIRECT):
        owing.chase(work, notice, work.now)


@schedule("chase in the group", "0 15 * * *", grace=timedelta(hours=3))
def chase_in_group(work: UnitOfWork, due: datetime) -> None:
    """At three on the same days, by mention."""
    for notice in _on_the_ladder(work, due, GROUP):
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


def _on_the_ladder(work: UnitOfWork, due: datetime, way: str) -> list[Notice]:
    """Awaited notices with a step of this way at ``due``; none before a deadline that is over by now, after downtime."""
    awaited = owing.awaiting(work)
    return [one for one in awaited if one.deadline is not None and _falls(work, one.deadline, due, way)]


def _falls(work: UnitOfWork, deadline: datetime, due: datetime, way: str) -> bool:
    steps = ladder(deadline, work.settings.notices.chase_days)
    return any(one.at == due and one.way == way and (one.late > 0 or work.now < deadline) for one in steps)
