"""Followers agree to subscription notices, refuse them, and the platform says what became of one."""

from sqlalchemy import select

from bot.delivery import consents, receipts
from bot.messaging.router import Answer, Router
from bot.messaging.turn import Turn
from bot.model import Delivery, DeliveryState

router = Router()


@router.event("subscription_answered", "subscription_changed")
def answered(turn: Turn) -> Answer:
    """In the window that an article opens, for one or several templates; or later, in the phone's settings."""
    for answer in turn.message.detail.get("answers", "").split():
        template_id, _, status = answer.rpartition(":")
        if status == "reject" and turn.message.event == "subscription_changed":
            consents.take_back(turn.work, turn.sender.id, template_id)
        elif status == "accept":
            consents.give(turn.work, turn.sender.id, template_id)
    return None


@router.event("subscription_sent")
def sent(turn: Turn) -> Answer:
    """The send itself gives no number: the word is on the newest notice to this follower that has none yet."""
    number = turn.message.detail.get("msg_id", "")
    under_way = (DeliveryState.SENDING, DeliveryState.SENT)
    wish = select(Delivery).where(
        Delivery.method == consents.METHOD,
        Delivery.recipient == turn.message.account,
        Delivery.platform_id == "",
        Delivery.state.in_(under_way),
    )
    row = turn.session.scalars(wish.order_by(Delivery.claimed_at.desc(), Delivery.id.desc()).limit(1)).first()
    if row is not None and number and not receipts.is_known(turn.work, consents.METHOD, number):
        row.platform_id = number
        receipts.take(turn.work, consents.METHOD, turn.message.detail)
    return None
