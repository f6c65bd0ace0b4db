"""The platform says what became of a mass send, a template message or a published article."""

from bot.delivery import receipts
from bot.messaging.router import Answer, Router
from bot.messaging.turn import Turn

router = Router()

METHODS = {"mass_finished": "mass", "template_finished": "template"}


@router.event("publish_finished")
def published(turn: Turn) -> Answer:
    receipts.take_publication(turn.work, turn.message.detail)
    return None


@router.event(*METHODS)
def finished(turn: Turn) -> Answer:
    receipts.take(turn.work, METHODS[turn.message.event], turn.message.detail)
    return None
