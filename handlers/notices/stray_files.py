"""Files that a unit sends without a word while a notice waits for one: taken for it, or asked about where that is unclear.

What is open in the conversation comes first: a file goes to the filing or report that is being written, and the answer
says how to hand it in instead.
"""

from sqlalchemy import select

from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.model import Account, Acknowledgement, Attachment, Conversation, Notice, NoticeState, Unit
from bot.rules.ids import read_id
from bot.rules.wording import clipped
from bot.store import attachments, directory
from bot.store.unit_of_work import UnitOfWork
from handlers.notices import deliverable

router = Router()

Place = tuple[Notice, Unit]
MOST = 5  # places to choose from


def places(work: UnitOfWork, account: Account, conversation: Conversation | None) -> list[Place]:
    """For which notices, and for which units, a file of this account may be meant: the one they are about, else all."""
    about = conversation is not None and conversation.topic == deliverable.TOPIC
    if conversation is not None and about and work.now - conversation.updated_at < deliverable.CLOSED:
        notice = work.session.get_one(Notice, conversation.state["notice"])
        return [(notice, work.session.get_one(Unit, conversation.state["unit"]))]
    units = {unit.id: unit for unit in directory.units_of(work.session, account.person_id)}
    wish = (
        select(Notice, Acknowledgement.unit_id)
        .join(Acknowledgement, Acknowledgement.notice_id == Notice.id)
        .where(Acknowledgement.unit_id.in_(units), Acknowledgement.delivered_at.is_(None))
        .where(Notice.state == NoticeState.SENT, Notice.deliverable != "")
        .order_by(Notice.id.desc(), Acknowledgement.unit_id)
    )
    return [(notice, units[unit]) for notice, unit in work.session.execute(wish)]


def take(work: UnitOfWork, attachment: Attachment) -> str:
    """Take a file that has come for the one notice that waits for it; gives the sentence, empty where it is unclear."""
    account = work.session.get_one(Account, attachment.account_id)
    conversation = work.session.get(Conversation, account.id)
    found = places(work, account, conversation)
    if len(found) != 1:
        return ""
    notice, unit = found[0]
    if conversation is not None and not conversation.topic:  # what comes next is meant for it as well
        conversation.topic, conversation.updated_at = deliverable.TOPIC, work.now
        conversation.state = {"notice": notice.id, "unit": unit.id}
    return deliverable.hand_in_files(work, notice, unit, [attachment], _actor(account))


def offer(work: UnitOfWork, account: Account, attachment: Attachment, text: str) -> Content:
    """What is said of a file that went to what is open, with the other thing that it may have been meant for."""
    found = places(work, account, None)[:MOST] if attachment.kind == "file" else []
    if not found:
        return Content(text)
    several = len({unit.id for _, unit in found}) > 1
    question = say("deliverable.or_this", places=found, several=several)
    buttons = tuple(Button(_name(place, several), f"deliverable.move:{place[0].id}:{place[1].id}") for place in found)
    return Content(f"{text}\n{question}", card=Card("是报送的材料吗？", f"move-{attachment.id}", buttons))


@router.click("deliverable.move")
def move_by_button(turn: Turn) -> Answer:
    return _settled(turn, _move(turn, *_place(turn)))


@router.command("报送通知", argument=True, when=lambda turn: bool(turn.units))
def move_in_words(turn: Turn) -> Answer:
    """«报送通知 12»: the files just sent are for that notice and not for the filing."""
    number = read_id(turn.argument)
    found = [place for place in places(turn.work, turn.account, None) if place[0].id == number]
    if len(found) != 1:
        return Content(say("deliverable.not_asked", number=turn.argument[:10]))
    return Content(_move(turn, *found[0]))


@router.click("deliverable.assign")
def assign_by_button(turn: Turn) -> Answer:
    return _settled(turn, assign(turn, *_place(turn)))


def assign(turn: Turn, notice: Notice | None, unit: Unit | None) -> str:
    """Hand in what this account sent and nobody knew the place of."""
    rows = attachments.waiting(turn.session, turn.account.id)
    if notice is None or unit is None or unit not in deliverable.asked(turn, notice):
        return say("deliverable.not_asked", number=turn.argument.partition(":")[0])
    if not rows:
        return say("media.none_waiting")
    turn.talk(deliverable.TOPIC, notice=notice.id, unit=unit.id)
    return deliverable.hand_in_files(turn.work, notice, unit, rows, turn.actor)


def _move(turn: Turn, notice: Notice | None, unit: Unit | None) -> str:
    """Take the files of the newest message away from the filing to which they went, and hand them in."""
    if notice is None or unit is None or unit not in deliverable.asked(turn, notice):
        return say("deliverable.not_asked", number=turn.argument.partition(":")[0])
    recent = (Attachment.account_id == turn.account.id, Attachment.created_at > turn.now - deliverable.CLOSED)
    wish = select(Attachment).where(*recent, Attachment.kind == "file", Attachment.filing_id.is_not(None))
    rows = list(turn.session.scalars(wish.where(Attachment.state.in_(attachments.HAD)).order_by(Attachment.id)))
    rows = [row for row in rows if row.message_id == rows[-1].message_id]
    if not rows:
        return say("deliverable.send_it", notice=notice, unit=unit, several=len(turn.units) > 1)
    return deliverable.hand_in_files(turn.work, notice, unit, rows, turn.actor)


def _place(turn: Turn) -> tuple[Notice | None, Unit | None]:
    number, _, unit = turn.argument.partition(":")
    ids = read_id(number), read_id(unit)
    return turn.session.get(Notice, ids[0] or 0), turn.session.get(Unit, ids[1] or 0)


def _name(place: Place, several: bool) -> str:
    notice, unit = place
    return clipped(f"报送通知{notice.id}{f' {unit.name}' if several else ''}", 20)


def _settled(turn: Turn, text: str) -> Content:
    return Content(text, card=Card(clipped(text, 26), turn.message.task_id, (), description=text), update_card=True)


def _actor(account: Account) -> str:
    return f"person:{account.person_id}" if account.person_id else f"account:{account.id}"
