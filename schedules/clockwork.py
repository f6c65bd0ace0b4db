"""The clockwork: schedules made by a decorator, each occurrence claimed once, missed ones caught up.

An occurrence is claimed by inserting its row (name, due time) in the same transaction that does the work, so two
processes never do it twice, and a crash in the middle leaves it to be done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.clock import CHINA
from bot.delivery import holding
from bot.model import ScheduleRun
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

Job = Callable[[UnitOfWork, datetime], None]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job and its hours. ``grace``: an occurrence missed by more than this is skipped, not caught up."""

    name: str
    cron: str
    job: Job
    grace: timedelta

    def latest_due(self, after: datetime, now: datetime) -> datetime | None:
        """The newest occurrence in (after, now]; of several missed ones only the newest is of use."""
        begin = max(after, now - self.grace)  # before ``now - grace`` nothing is caught up
        found = self._next(begin, now)
        # A long downtime is not walked through occurrence by occurrence: it is looked for ever further back.
        back = timedelta(minutes=1)
        while found is not None and now - back > begin:
            if (near := self._next(now - back, now)) is not None:
                found = near
                break
            back *= 8
        while found is not None and (later := self._next(found, now)) is not None:
            found = later
        return found

    def _next(self, after: datetime, now: datetime) -> datetime | None:
        """The first occurrence in (after, now]."""
        found: datetime | None = _trigger(self.cron).get_next_fire_time(None, after + timedelta(microseconds=1))
        return found if found is not None and found <= now else None


@cache
def _trigger(cron: str) -> CronTrigger:
    return CronTrigger.from_crontab(cron, timezone=CHINA)


SCHEDULES: dict[str, Schedule] = {}


def schedule(name: str, cron: str, *, grace: timedelta = timedelta(hours=20)) -> Callable[[Job], Job]:
    """Make a function a schedule: ``cron`` has the five usual fields, in Asia/Shanghai."""

    def register(job: Job) -> Job:
        SCHEDULES[name] = Schedule(name, cron, job, grace)
        return job

    return register


def run_due(writer: Writer, schedules: dict[str, Schedule] | None = None) -> list[str]:
    """Do everything that is due now; gives the names of what was done. Call it as often as you like.

    Nothing where the installation is held: once it is released, what was missed is caught up as after any downtime.
    """
    if writer.submit(lambda work: holding.is_held(work.session)).result():
        return []
    done = []
    for one in (SCHEDULES if schedules is None else schedules).values():
        try:
            if writer.submit(lambda work, one=one: _do(work, one)).result():  # type: ignore[misc]
                done.append(one.name)
        except Exception:
            # One schedule that fails must not keep the others from their hour; it is due again at the next tick.
            log.exception("schedule_failed", schedule=one.name)
    return done


def _do(work: UnitOfWork, one: Schedule) -> bool:
    last = work.session.scalar(select(func.max(ScheduleRun.due_at)).where(ScheduleRun.name == one.name))
    if last is None:
        # A new installation has missed nothing: from the present minute on.
        last = work.now - timedelta(minutes=1)
        _claim(work, one.name, last)
    due = one.latest_due(last, work.now)
    if due is None or not _claim(work, one.name, due):
        return False
    one.job(work, due)
    return True


def _claim(work: UnitOfWork, name: str, due: datetime) -> bool:
    insert: Any = sqlite_insert if work.session.get_bind().dialect.name == "sqlite" else postgres_insert
    row = insert(ScheduleRun).values(name=name, due_at=due, done_at=work.now)
    claimed = work.session.execute(row.on_conflict_do_nothing().returning(ScheduleRun.name)).scalar()
    return claimed is not None
