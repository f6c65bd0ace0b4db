"""Notices whose hour has come."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.delivery import outgoing
from bot.delivery.notices import send
from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Notice, NoticeState
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule


@schedule("timed notices", "* * * * *", grace=timedelta(days=30))
def send_timed_notices(work: UnitOfWork, due: datetime) -> None:
    """Every minute: send what is due; what is past its window may say what is no longer so: people decide."""
    window = timedelta(minutes=work.settings.notices.window_minutes)
    wish = select(Notice).where(Notice.state == NoticeState.SCHEDULED, Notice.scheduled_at <= work.now)
    for notice in work.session.scalars(wish.order_by(Notice.id)):
        if notice.scheduled_at and work.now <= (notice.send_until or notice.scheduled_at + window):
            send(work, notice)
        else:
            _ask(work, notice)


def _ask(work: UnitOfWork, notice: Notice) -> None:
    buttons = (
        Button("仍然发布", f"notice.late:send:{notice.id}", "primary"),
        Button("取消", f"notice.late:cancel:{notice.id}", "danger"),
    )
    card = Card(f"通知 {notice.id} 错过时间", f"late-{notice.id}", buttons)
    content = Content(say("broadcast.missed", notice=notice), card=card)
    outgoing.to_staff(work, content, key=f"notice:{notice.id}:missed:{notice.scheduled_at}", roles=directory.APPROVING)
