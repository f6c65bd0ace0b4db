"""A report is due: the day after the activity, the day before the last day, and some days after it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.delivery import outgoing, owing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Filing
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

ONE_DAY = timedelta(days=1)
# Days after the last day on which an overdue report is asked for again; then it is for staff.
AFTER = (1, 4, 7)


@schedule("reports due", "0 10 * * *")
def remind_of_reports(work: UnitOfWork, due: datetime) -> None:
    """At ten, each reminder once."""
    days, today = work.settings.programme.report_days, work.now.date()
    wish = select(Filing).where(
        Filing.state.in_(owing.HELD),
        Filing.end <= work.now,
        Filing.end > work.now - timedelta(days=days + AFTER[-1] + 2),
    )
    for filing in work.session.scalars(wish):
        person = filing.person or filing.account.person
        if person is None or filing.end is None:
            continue
        passed = (today - filing.end.date()).days
        last = filing.end.date() + timedelta(days=days)
        if passed not in {1, days - 1, *(days + n for n in AFTER)}:
            continue
        text = say("reminder.report", filing=filing, last=last, late=(today - last).days, year=filing.end.year)
        outgoing.to_person(
            work,
            person,
            Content(text, title="活动总结提醒"),
            purpose="reminder",
            key=f"report:{filing.id}:{today}",
            filing_id=filing.id,
            useful_for=timedelta(hours=10),
        )
