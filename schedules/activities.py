"""An activity is tomorrow."""

from datetime import datetime, time, timedelta

from bot.clock import CHINA
from bot.delivery import outgoing, owing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import FilingState
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule


@schedule("activities tomorrow", "0 16 * * *", grace=timedelta(hours=15))
def remind_of_activities(work: UnitOfWork, due: datetime) -> None:
    """At four in the afternoon before: when, where, and that a report is wanted afterwards."""
    # After downtime over midnight «tomorrow» is still the day after the missed hour, if it has not begun.
    start = datetime.combine(due.date() + timedelta(days=1), time(0), CHINA)
    read_at = outgoing.allowed_from(work)  # in the quiet hours it waits, perhaps for the day itself
    for filing in owing.activities(work, max(start, read_at), start + timedelta(days=1)):
        person = filing.person or filing.account.person
        if person is None or filing.state == FilingState.REPORTED or filing.start is None:
            continue
        days = work.settings.programme.report_days
        text = say("reminder.activity", filing=filing, days=days, today=read_at.date() == filing.start.date())
        content = Content(text, title="活动提醒")
        outgoing.to_person(
            work,
            person,
            content,
            purpose="reminder",
            key=f"activity:{filing.id}:{start.date()}",
            filing_id=filing.id,
            useful_for=filing.start - read_at,
        )
