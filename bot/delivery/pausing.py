"""Pausing a notice that is being sent, by hand or because most of it fails, and going on with it.

A paused notice keeps its rows as they are; nothing claims them. So going on sends exactly what had not gone.
"""

from collections.abc import Collection

from sqlalchemy import func, select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Delivery, DeliveryState, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork

FEWEST_ATTEMPTS = 20
REASONS_SHOWN = 3
# Nobody knows whether it arrived: for the question whether to go on, that is a failure.
FAILURES = (DeliveryState.FAILED, DeliveryState.AMBIGUOUS)


def pause(work: UnitOfWork, notice: Notice, actor: str, why: str) -> int:
    """Stop sending a notice; gives how many rows wait. Raises `UserError` where it is not being sent."""
    waiting = _waiting(work, notice)
    if notice.state != NoticeState.SENT or not waiting:
        raise UserError(say("delivery.nothing_to_pause", notice=notice))
    notice.state, notice.paused_why = NoticeState.PAUSED, why[:200]
    work.audit(actor, "notice.pause", f"notice:{notice.id}", waiting=waiting)
    return waiting


def resume(work: UnitOfWork, notice: Notice, actor: str) -> int:
    """Go on with what has not gone yet; gives how many rows that is. Raises `UserError` where it is not paused."""
    if notice.state != NoticeState.PAUSED:
        raise UserError(say("delivery.not_paused", notice=notice))
    notice.state, notice.paused_why, notice.resumed_at = NoticeState.SENT, "", work.now
    work.audit(actor, "notice.resume", f"notice:{notice.id}")
    work.wake = True
    return _waiting(work, notice)


def is_called_back(work: UnitOfWork, row: Delivery) -> bool:
    """Whether the notice was called back while this row was under way: then it is not tried again."""
    notice = work.session.get(Notice, row.notice_id) if row.notice_id else None
    gone = (NoticeState.WITHDRAWN, NoticeState.CANCELLED)
    return notice is not None and row.purpose == "notice" and notice.state in gone


def pause_where_most_fails(work: UnitOfWork, notices: Collection[int]) -> None:
    """Pause those of these notices that fail for more than the settings allow, and tell staff what happens."""
    for number in sorted(notices):
        notice = work.session.get_one(Notice, number)
        if notice.state != NoticeState.SENT:
            continue
        failed, attempted = _shares(work, notice)
        if attempted < FEWEST_ATTEMPTS or failed * 100 <= attempted * work.settings.notices.pause_above_percent:
            continue
        waiting = _waiting(work, notice)
        if waiting:
            why = say("delivery.mostly_fails", failed=failed, attempted=attempted)
            notice.state, notice.paused_why = NoticeState.PAUSED, why[:200]
            work.audit("system", "notice.pause", f"notice:{notice.id}", failed=failed, attempted=attempted)
            _tell_staff(work, notice, waiting)


def _tell_staff(work: UnitOfWork, notice: Notice, waiting: int) -> None:
    stamp = f"{work.now.timestamp():.0f}"
    buttons = (
        Button("继续", f"notice.resume:{notice.id}", "primary"),
        Button("撤回", f"notice.stop:{notice.id}", "danger"),
    )
    card = Card(f"通知 {notice.id} 已暂停", f"paused-{notice.id}-{stamp}", buttons)
    text = say("delivery.paused_itself", notice=notice, reasons=_reasons(work, notice), waiting=waiting)
    outgoing.to_staff(work, Content(text, card=card), key=f"notice:{notice.id}:paused:{stamp}", urgent=True)


def _shares(work: UnitOfWork, notice: Notice) -> tuple[int, int]:
    """How many failed, and how many were attempted, since staff last looked at it."""
    ended = (DeliveryState.SENT, *FAILURES)
    wish = (
        select(Delivery.state, func.count())
        .where(Delivery.notice_id == notice.id, Delivery.purpose == "notice", Delivery.state.in_(ended))
        .group_by(Delivery.state)
    )
    if notice.resumed_at is not None:
        wish = wish.where(Delivery.claimed_at >= notice.resumed_at)
    counts = {str(state): count for state, count in work.session.execute(wish)}
    return sum(counts.get(state, 0) for state in FAILURES), sum(counts.values())


def _reasons(work: UnitOfWork, notice: Notice) -> list[tuple[str, int]]:
    """What failed, the most frequent first."""
    wish = (
        select(Delivery.error, func.count())
        .where(Delivery.notice_id == notice.id, Delivery.purpose == "notice", Delivery.state.in_(FAILURES))
        .group_by(Delivery.error)
        .order_by(func.count().desc(), Delivery.error)
        .limit(REASONS_SHOWN)
    )
    return [(error, count) for error, count in work.session.execute(wish)]


def _waiting(work: UnitOfWork, notice: Notice) -> int:
    wish = select(func.count()).where(
        Delivery.notice_id == notice.id,
        Delivery.purpose == "notice",
        Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.WAITING)),
    )
    return work.session.scalar(wish) or 0
