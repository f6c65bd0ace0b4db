"""How each unit stands with a notice: has its page been opened, has it answered, has it handed in what was asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model import Acknowledgement, Notice, Unit


class Stage(StrEnum):
    """How far a unit has come; the value is what the board says. In the order in which the board shows them."""

    UNSEEN = "未回执"
    SEEN = "已看，未回执"
    ANSWERED = "已回执，未报送"
    DONE = "已完成"


ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit, and when each thing happened. ``late``: still owes after the deadline, or settled it after that."""

    unit: str
    seen: datetime | None
    answered: datetime | None
    delivered: datetime | None
    stage: Stage
    late: bool

    @property
    def done(self) -> bool:
        return self.stage is Stage.DONE


def standings(session: Session, notice: Notice, now: datetime) -> list[Standing]:
    """Every active unit that was asked: those who owe first, each stage by name."""
    wish = (
        select(Unit.name, Acknowledgement)
        .join(Unit, Unit.id == Acknowledgement.unit_id)
        .where(Acknowledgement.notice_id == notice.id, Unit.active)
        .order_by(Unit.name)
    )
    found = [_standing(notice, name, row, now) for name, row in session.execute(wish)]
    return sorted(found, key=lambda one: ORDER.index(one.stage))


def _standing(notice: Notice, unit: str, row: Acknowledgement, now: datetime) -> Standing:
    settled = row.delivered_at if notice.deliverable else row.given_at
    if settled is not None:
        stage = Stage.DONE
    elif row.given_at is not None:
        stage = Stage.ANSWERED
    else:
        stage = Stage.SEEN if row.seen_at is not None else Stage.UNSEEN
    late = notice.deadline is not None and (settled or now) > notice.deadline
    return Standing(unit, row.seen_at, row.given_at, row.delivered_at, stage, late)
