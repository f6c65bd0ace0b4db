"""Followers of the official account come and go."""

from dataclasses import replace

from sqlalchemy import delete, select, update

from bot.delivery import receipts
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import OFFICIAL_ACCOUNT, Content
from bot.model import (
    Attachment,
    Consent,
    Conversation,
    Delivery,
    DeliveryState,
    Filing,
    FilingState,
    FollowerTag,
    InboxMessage,
    Link,
    Objection,
)
from bot.rules.masking import mask_phones_in
from bot.store import attachments, drafts, erasing

router = Router()


@router.event("subscribe", "scan")
def greet(turn: Turn) -> Answer:
    return Content(say("follower.greeting", programme=turn.settings.programme, units=turn.units))


@router.event("unsubscribe")
def forget(turn: Turn) -> Answer:
    """Nothing of a follower who leaves is kept but a mark that cannot be turned back into an openid, and the words of
    objections against a publicity, which belong to its record.

    The hours of their wrong codes stay with it for a day: going and coming back is no way to more tries.
    """
    account, session = turn.account, turn.session
    wish = select(Filing).where(
        Filing.account_id == account.id, Filing.unit_id.is_(None), Filing.state == FilingState.DRAFT
    )
    for draft in session.scalars(wish):
        drafts.forget(turn.work, draft, why="取消关注", account_id=account.id)
    session.execute(delete(Conversation).where(Conversation.account_id == account.id))
    session.execute(delete(Link).where(Link.account_id == account.id))
    session.execute(delete(Consent).where(Consent.account_id == account.id))
    session.execute(delete(FollowerTag).where(FollowerTag.account_id == account.id))
    session.execute(
        delete(InboxMessage).where(
            InboxMessage.account_id == account.id, InboxMessage.message_id != turn.message.message_id
        )
    )
    attachments.remove(turn.work, attachments.unassigned(session, Attachment.account_id == account.id))
    _leave_objections_unsigned(turn)
    _erase_deliveries(turn, account.external_id)
    account.external_id = erasing.mark_of(account.id, account.external_id)
    account.person_id = None
    account.following = account.direct = False
    account.last_action_at = None
    turn.work.audit(f"account:{account.id}", "account.erase", f"account:{account.id}")
    return None


def _leave_objections_unsigned(turn: Turn) -> None:
    """What was objected to stays; who it was, and telephone numbers in it, go, in what staff were told of it too."""
    account, session = turn.account, turn.session
    for row in session.scalars(select(Objection).where(Objection.account_id == account.id)):
        row.person_id, row.text = None, mask_phones_in(row.text)
        told = Delivery.dedupe_key.like(f"objection:{row.id}:%")
        for delivery in session.scalars(select(Delivery).where(told)):
            said = Content.from_json(delivery.content)
            delivery.content = replace(said, text=say("objection.erased", notice=row.notice, one=row)).to_json()


def _erase_deliveries(turn: Turn, openid: str) -> None:
    """What was sent to this follower loses its text and its address; what still waits is not sent."""
    held = (Delivery.channel == OFFICIAL_ACCOUNT, Delivery.recipient == openid)
    waiting = update(Delivery).where(*held, Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.WAITING)))
    turn.session.execute(waiting.values(state=DeliveryState.UNREACHABLE, error="对方已取消关注"))
    turn.session.execute(update(Delivery).where(*held).values(recipient="erased", content=Content("").to_json()))
    for batch in receipts.with_lists(turn.session):
        if batch.recipients and openid in batch.recipients:
            batch.recipients = [one for one in batch.recipients if one != openid]
