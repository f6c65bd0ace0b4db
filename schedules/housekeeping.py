"""What nobody needs any more goes."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.delivery import articles
from bot.model import (
    Attachment,
    Filing,
    FilingState,
    InboxMessage,
    InviteCode,
    JobReceipt,
    Link,
    ScheduleRun,
    WrongCode,
)
from bot.store import attachments, drafts
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule

UNBOUND_DRAFTS = timedelta(days=7)
MESSAGES = timedelta(days=30)
RUNS = timedelta(days=90)
RECEIPTS = timedelta(days=90)
LINKS = timedelta(days=30)  # after their end: until then they say that it has come
UNASSIGNED = timedelta(days=7)
# Longer than a link to a file lives, and than any delivery of one is tried.
UNWANTED_FILES = timedelta(days=8)


@schedule("housekeeping", "30 3 * * *")
def tidy_up(work: UnitOfWork, due: datetime) -> None:
    """At half past three in the night."""
    session, now = work.session, work.now
    wish = select(Filing).where(
        Filing.unit_id.is_(None), Filing.state == FilingState.DRAFT, Filing.updated_at < now - UNBOUND_DRAFTS
    )
    for draft in session.scalars(wish):
        drafts.forget(work, draft, why="草稿保留期满")
    session.execute(delete(InboxMessage).where(InboxMessage.received_at < now - MESSAGES))
    session.execute(delete(WrongCode).where(WrongCode.at < now - timedelta(days=1)))
    session.execute(delete(InviteCode).where(InviteCode.expires_at < now - timedelta(days=1)))
    session.execute(delete(Link).where(Link.expires_at < now - LINKS))
    session.execute(delete(JobReceipt).where(JobReceipt.at < now - RECEIPTS))
    session.execute(delete(ScheduleRun).where(ScheduleRun.due_at < now - RUNS))
    attachments.remove(work, attachments.unassigned(session, Attachment.created_at < now - UNASSIGNED))
    work.files.sweep(now - UNWANTED_FILES, attachments.wanted(session, now) | articles.covers_in_use(session))
