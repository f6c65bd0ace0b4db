"""Lines of a list that are another unit's: kept, and staff say whose they are; nobody files for a unit not their own."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.model import Account, Filing, FilingState, Flag, Role, Unit
from bot.rules.understanding.batch import match_unit
from bot.rules.wording import clipped
from bot.store import directory
from handlers.batch.answer import SHOWN
from handlers.batch.drafts import WHOSE, Taken, move_to_unit
from handlers.filing.chat import NUMBER

router = Router(when=lambda turn: turn.role is not None)


def ask_staff(turn: Turn, taken: Sequence[Taken]) -> None:
    """Have staff say whose the lines are that name a unit which is not the sender's; each is asked about once."""
    named = {one.filing.id: one for one in taken if one.stranger is not None}
    asked = set(turn.session.scalars(select(Flag.filing_id).where(Flag.filing_id.in_(named), Flag.kind == WHOSE)))
    lines = [one for one in named.values() if one.filing.id not in asked]
    if not lines:
        return
    for one in lines:
        detail = {"unit": one.stranger.id if one.stranger else None}
        turn.session.add(Flag(filing_id=one.filing.id, kind=WHOSE, detail=detail, created_at=turn.now))
    year, who = turn.settings.programme.year, turn.person.name if turn.person else ""
    text = say("batch.whose_staff", lines=lines, who=who, own=turn.units, year=year, most=SHOWN)
    filing, unit = lines[0].filing, lines[0].stranger
    card = None
    if len(lines) == 1 and unit is not None:
        button = Button(clipped(f"归到{unit.name}", 20), f"batch.assign:{filing.number}", "primary")
        card = Card(f"归属待定 {filing.number}", f"whose-{filing.number}", (button,))
    key = f"batch:whose:{filing.number}"
    outgoing.to_staff(turn.work, Content(text, card=card), key=key, filing_id=filing.id)


@router.command("归属", argument=True)
def assign(turn: Turn) -> Answer:
    """«归属 2020-0002» to the unit that the list named, «归属 2020-0002 某单位» to another."""
    named = NUMBER.fullmatch(turn.argument)
    if named is None:
        return Content(say("batch.assign_how"))
    return Content(_assign(turn, named[1], named[2].strip()))


@router.click("batch.assign")
def assign_by_button(turn: Turn) -> Answer:
    text = _assign(turn, turn.argument, "")
    card = Card(f"{turn.argument} 已处理", turn.message.task_id, (), description=text)
    return Content(text, card=card, update_card=True)


def _assign(turn: Turn, number: str, words: str) -> str:
    if turn.role == Role.VIEWER:
        raise UserError(say("review.may_not"))
    wish = (
        select(Filing, Flag)
        .join(Flag, Flag.filing_id == Filing.id)
        .where(Filing.number == number, Filing.state == FilingState.DRAFT, Filing.unit_id.is_(None))
        .where(Flag.kind == WHOSE, Flag.settled_at.is_(None))
    )
    found = turn.session.execute(wish).first()
    if found is None:
        return say("batch.assign_unknown", number=number)
    filing, flag = found
    unit = _unit(turn, words) if words else turn.session.get(Unit, flag.detail["unit"])
    if unit is None:
        return say("batch.assign_no_unit", words=words)
    account = _contact(turn, unit)
    if account is None:
        return say("batch.assign_nobody", unit=unit, filing=filing)
    _hand_over(turn, filing, unit, account)
    flag.settled_at, flag.settled_by = turn.now, turn.account.person_id
    return say("batch.assigned", filing=filing, unit=unit)


def _hand_over(turn: Turn, filing: Filing, unit: Unit, account: Account) -> None:
    """The draft is from now on that unit's, in the hands of its contact; both sides are told."""
    sender = filing.account
    who = sender.person.name if sender.person else ""
    filing.account_id, filing.person_id = account.id, account.person_id
    move_to_unit(turn.work, filing, unit.id)
    turn.work.audit(turn.actor, "filing.assign", f"filing:{filing.number}", unit=unit.id, sender=sender.id)
    year, key = turn.settings.programme.year, f"batch:assigned:{filing.number}"
    told = Content(say("batch.assigned_unit", filing=filing, who=who, year=year))
    outgoing.to_unit(turn.work, unit.id, told, purpose="answer", key=key, filing_id=filing.id)
    if sender.person is not None:
        back = Content(say("batch.assigned_sender", filing=filing, unit=unit))
        outgoing.to_person(turn.work, sender.person, back, purpose="answer", key=f"{key}:sender", filing_id=filing.id)


def _unit(turn: Turn, words: str) -> Unit | None:
    units = list(turn.session.scalars(select(Unit).where(Unit.active)))
    named = match_unit(words, [unit.name for unit in units])
    return next((unit for unit in units if unit.name == named), None)


def _contact(turn: Turn, unit: Unit) -> Account | None:
    """An account of somebody who acts for the unit."""
    for person in directory.contacts_of(turn.session, unit.id):
        for account in directory.accounts_of(turn.session, person.id):
            return account
    return None
