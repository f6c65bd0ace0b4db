"""A publicity ends: said on its last morning to staff and in the work groups, and to staff when it is over."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.delivery import outgoing
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Notice, NoticeKind, NoticeState, Objection
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

LATEST_AFTER = timedelta(days=4)  # over a long weekend
UNTIL_THE_EVENING = timedelta(hours=11)


@schedule("publicity", "0 9 * * *", grace=timedelta(hours=8))
def tell_of_the_end(work: UnitOfWork, due: datetime) -> None:
    """At nine: what ends today, and what has ended since."""
    wish = select(Notice).where(
        Notice.kind == NoticeKind.PUBLICITY,
        Notice.state == NoticeState.SENT,
        Notice.deadline > work.now - LATEST_AFTER,
        Notice.deadline < work.now + timedelta(days=1),
    )
    for notice in work.session.scalars(wish.order_by(Notice.id)):
        if notice.deadline is None:
            continue
        count = work.session.scalar(select(func.count()).where(Objection.notice_id == notice.id)) or 0
        if notice.deadline <= work.now:
            _tell(work, notice, "over", say("objection.over", notice=notice, count=count))
        elif notice.deadline.date() == work.now.date():
            _tell(work, notice, "closing", say("objection.closing", notice=notice, count=count))
            _tell_groups(work, notice)


def _tell(work: UnitOfWork, notice: Notice, what: str, text: str) -> None:
    outgoing.to_staff(work, Content(text, title="公示进展"), key=f"publicity:{notice.id}:{what}")


def _tell_groups(work: UnitOfWork, notice: Notice) -> None:
    content, key = Content(say("objection.closing_in_group", notice=notice)), f"publicity:{notice.id}:last"
    more = {"notice_id": notice.id, "useful_for": UNTIL_THE_EVENING}
    outgoing.to_work_groups(work, content, purpose="reminder", key=key, **more)
