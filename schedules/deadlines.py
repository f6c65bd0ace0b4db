"""The last day to file is near: for activities that a unit planned, and for drafts that were not submitted."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.delivery import outgoing, owing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Filing, FilingState
from bot.rules.working_days import add_working_days, is_working_day
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

UNTIL_THE_EVENING = timedelta(hours=11)


@schedule("filing deadlines", "0 9 * * *")
def remind_of_deadlines(work: UnitOfWork, due: datetime) -> None:
    """At nine: two working days before, one before, and on the last day itself; on that day in the group as well."""
    today = work.now.date()
    near = _working_days_on(today, owing.NEAR_WORKING_DAYS)
    plans = [one for one in owing.unfiled(work, today) if today <= one.last_filing_day <= near]
    for plan in plans:
        text = say("reminder.plan", plan=plan, today=today, year=work.settings.programme.year)
        key = f"plan:{plan.id}:{today}"
        content = Content(text, title="活动报备提醒")
        outgoing.to_unit(work, plan.unit_id, content, purpose="reminder", key=key, useful_for=UNTIL_THE_EVENING)
    last = [one for one in plans if one.last_filing_day == today]
    if last and work.settings.work_group is not None:
        text = say("reminder.plans_in_group", plans=last, year=work.settings.programme.year)
        mentions = tuple(owing.mentions_of(work, [one.unit for one in last]))
        for group in work.settings.work_group.groups:
            content = Content(text, mentions=mentions)
            key = f"plans:{today}"
            outgoing.to_chat(work, group.chat_id, content, purpose="reminder", key=key, useful_for=UNTIL_THE_EVENING)
    _remind_of_drafts(work)


def _working_days_on(today: date, days: int) -> date:
    """The day that is ``days`` working days after today. On a day off only what ends on that very day is said."""
    return add_working_days(today, days) if is_working_day(today) else today


def _remind_of_drafts(work: UnitOfWork) -> None:
    today = work.now.date()
    soon = _working_days_on(today, 1)
    wish = select(Filing).where(
        Filing.state.in_((FilingState.DRAFT, FilingState.RETURNED)),
        Filing.last_filing_day >= today,
        Filing.last_filing_day <= soon,
        Filing.person_id.is_not(None),
    )
    for filing in work.session.scalars(wish):
        text = say("reminder.draft", filing=filing, today=today, year=work.settings.programme.year)
        if filing.person is not None:
            key = f"draft:{filing.id}:{today}"
            content = Content(text, title="活动报备提醒")
            outgoing.to_person(work, filing.person, content, purpose="reminder", key=key, useful_for=UNTIL_THE_EVENING)
