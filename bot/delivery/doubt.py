"""Deliveries that staff must know of: in doubt, or failed for good."""

from bot.delivery import outgoing
from bot.messaging.texts import say
from bot.messaging.types import CHANNEL_NAMES, Button, Card, Content
from bot.model import Delivery, DeliveryState
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork


def tell_staff(work: UnitOfWork, row: Delivery) -> None:
    """Ask staff what to make of a delivery that is in doubt, or tell them that it failed."""
    if row.purpose == "staff":
        return  # a message about a message about a message helps nobody; the digest counts these
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
