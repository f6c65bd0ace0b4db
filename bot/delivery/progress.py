"""How far a notice is: counts, speed, and when the last of it will go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.delivery import chains
from bot.model import Delivery, DeliveryState, Notice, NoticeState

SPEED_OVER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """One look. ``per_minute``: sent just now; ``ends_at``: when the last is expected to go, where that can be said.

    ``begins_at``: when the first will go, where that is not yet: in the quiet hours.
    """

    total: int
    sent: int
    waiting: int  # queued or under way
    failed: int
    doubtful: int
    unreachable: int
    recalled: int
    per_minute: int
    ends_at: datetime | None
    paused: bool
    begins_at: datetime | None = None

    @property
    def percent(self) -> int:
        """How much has come to its end, 0 to 100; 100 only when everything has."""
        return 100 if not self.total else (self.total - self.waiting) * 100 // self.total

    @property
    def over(self) -> bool:
        return self.waiting == 0

    def to_json(self) -> dict[str, object]:
        """As the event stream says it."""
        return {
            "total": self.total,
            "sent": self.sent,
            "waiting": self.waiting,
            "failed": self.failed,
            "doubtful": self.doubtful,
            "unreachable": self.unreachable,
            "recalled": self.recalled,
            "percent": self.percent,
            "per_minute": self.per_minute,
            "ends_at": self.ends_at.isoformat() if self.ends_at else None,
            "paused": self.paused,
            "begins_at": self.begins_at.isoformat() if self.begins_at else None,
            "over": self.over,
        }


def progress(session: Session, notice: Notice, now: datetime) -> Progress:
    """Count the rows of a notice."""
    # A part that only stayed with the one before it, or that another way has told, was not taken back by anybody.
    beside = (Delivery.state == DeliveryState.RECALLED) & Delivery.error.in_((chains.NOT_ALONE, chains.TOLD_OTHERWISE))
    own = (Delivery.notice_id == notice.id, Delivery.purpose == "notice", ~beside)
    rows = session.execute(select(Delivery.state, func.count()).where(*own).group_by(Delivery.state))
    counts = {DeliveryState(state): count for state, count in rows}
    waiting = sum(counts.get(one, 0) for one in (DeliveryState.WAITING, DeliveryState.QUEUED, DeliveryState.SENDING))
    paused = notice.state == NoticeState.PAUSED
    per_minute = _speed(session, notice, now) if waiting else 0
    return Progress(
        total=sum(counts.values()),
        sent=counts.get(DeliveryState.SENT, 0),
        waiting=waiting,
        failed=counts.get(DeliveryState.FAILED, 0),
        doubtful=counts.get(DeliveryState.AMBIGUOUS, 0),
        unreachable=counts.get(DeliveryState.UNREACHABLE, 0),
        recalled=counts.get(DeliveryState.RECALLED, 0),
        per_minute=per_minute,
        ends_at=_end(session, notice, now, per_minute) if waiting and not paused else None,
        paused=paused,
        begins_at=notice.sent_at if waiting and notice.is_to_come(now) else None,
    )


def _speed(session: Session, notice: Notice, now: datetime) -> int:
    """Sent a minute, measured over the last half minute, or since the first where that is less."""
    since = now - SPEED_OVER
    wish = select(func.count(), func.min(Delivery.sent_at)).where(
        Delivery.notice_id == notice.id, Delivery.state == DeliveryState.SENT, Delivery.sent_at > since
    )
    count, first = session.execute(wish).one()
    if first is None:
        return 0
    seconds = max(1.0, (now - first).total_seconds())
    return round(count * 60 / seconds)


def _end(session: Session, notice: Notice, now: datetime, per_minute: int) -> datetime | None:
    """The later of: when the last row may go by its own hour, and when what is due now will be through at this speed."""
    queued = (
        Delivery.notice_id == notice.id,
        Delivery.purpose == "notice",
        Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.WAITING, DeliveryState.SENDING)),
    )
    last = session.scalar(select(func.max(Delivery.not_before)).where(*queued))
    due = session.scalar(select(func.count()).where(*queued, Delivery.not_before <= now)) or 0
    if due and not per_minute:
        return None
    through = now + timedelta(minutes=due / per_minute) if due else now
    return max(through, last) if last is not None else through
