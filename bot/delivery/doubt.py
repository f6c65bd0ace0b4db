"""Deliveries that staff must know of: in doubt, or failed for good."""

from sqlalchemy import func, select

from bot.delivery import outgoing
from bot.messaging.texts import say
from bot.messaging.types import CHANNEL_NAMES, Button, Card, Content
from bot.model import Delivery, DeliveryState
from bot.rules.quota_plan import NAMES as WAY_NAMES
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork

ASKED_ABOUT = (DeliveryState.AMBIGUOUS, DeliveryState.FAILED)
# Of one notice so many are told of one by one; more than that is one message an hour, with the list to ask for.
ONE_BY_ONE = 3


def tell_staff(work: UnitOfWork, row: Delivery) -> None:
    """Ask staff what to make of a delivery that is in doubt, or tell them that it failed."""
    if row.purpose == "staff":
        return  # a message about a message about a message helps nobody; the digest counts these
    if row.notice_id is not None:
        work.session.flush()
        wish = select(func.count()).where(
            Delivery.notice_id == row.notice_id, Delivery.state.in_(ASKED_ABOUT), Delivery.purpose != "staff"
        )
        count = work.session.scalar(wish) or 0
        if count > ONE_BY_ONE:
            return _tell_of_many(work, row.notice_id, count)
    card = Card(
        title=f"发送 {row.id} 待确认",
        task_id=f"delivery-{row.id}-{row.attempts}",
        buttons=(Button("重发", f"resend:{row.id}"), Button("算已发", f"counted:{row.id}")),
    )
    doubtful = row.state == DeliveryState.AMBIGUOUS
    name = "delivery.doubtful" if doubtful else "delivery.failed"
    text = say(name, row=row, channel=CHANNEL_NAMES.get(row.channel, row.channel))
    content = Content(text, card=card)
    outgoing.to_staff(work, content, key=f"doubt:{row.id}:{row.attempts}", roles=directory.APPROVING)


def tell_of_quota(work: UnitOfWork, row: Delivery) -> None:
    """The day's quota of a way is used up while a notice goes out: the rest waits, and staff hear of it once a day."""
    if row.notice_id is None:
        return
    work.session.flush()
    wish = select(func.count()).where(
        Delivery.notice_id == row.notice_id, Delivery.method == row.method, Delivery.state == DeliveryState.QUEUED
    )
    waiting = work.session.scalar(wish) or 0
    way = WAY_NAMES.get(row.method, "")
    text = say("delivery.quota_used_up", number=row.notice_id, way=way, waiting=waiting)
    key = f"quota:{row.notice_id}:{row.method}:{work.now:%Y%m%d}"
    outgoing.to_staff(work, Content(text), key=key, roles=directory.APPROVING)


def _tell_of_many(work: UnitOfWork, notice_id: int, count: int) -> None:
    text = say("delivery.many_doubtful", number=notice_id, count=count)
    key = f"doubts:{notice_id}:{work.now:%Y%m%d%H}"
    outgoing.to_staff(work, Content(text), key=key, roles=directory.APPROVING)
