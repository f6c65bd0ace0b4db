"""Staff look at filings: what waits, accept, return with a reason."""

from sqlalchemy import select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Card, Content
from bot.model import Filing, FilingState, Role
from handlers.filing import NUMBER
from handlers.filing_draft import find_own
from handlers.filing_life import move

router = Router(when=lambda turn: turn.role is not None)

TOPIC = "review"
SHOWN = 15


@router.command("待审", "待备案")
def waiting(turn: Turn) -> Answer:
    wish = select(Filing).where(Filing.state == FilingState.SUBMITTED).order_by(Filing.start, Filing.id)
    found = list(turn.session.scalars(wish))
    return Content(say("review.waiting", filings=found[:SHOWN], count=len(found), year=turn.settings.programme.year))


@router.command("通过", "备案", argument=True)
def accept(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if not named:
        return PASS
    return Content(_accept(turn, _filing(turn, named[1])))


@router.click("filing.accept")
def accept_by_button(turn: Turn) -> Answer:
    filing = _filing(turn, turn.argument)
    return _settle(turn, f"{filing.number} 已备案", _accept(turn, filing))


@router.command("退回", argument=True)
def give_back(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if not named:
        return PASS
    filing = _filing(turn, named[1])
    if named[2].strip():
        return Content(_give_back(turn, filing, named[2].strip()))
    turn.talk(TOPIC, filing=filing.id)
    return Content(say("review.why", filing=filing))


@router.click("filing.return")
def give_back_by_button(turn: Turn) -> Answer:
    filing = _filing(turn, turn.argument)
    if filing.state != FilingState.SUBMITTED:
        return _settle(turn, f"{filing.number} 已处理", say("review.settled", filing=filing))
    turn.talk(TOPIC, filing=filing.id)
    return _settle(turn, f"退回 {filing.number}", say("review.why", filing=filing))


@router.topic(TOPIC)
def reason(turn: Turn) -> Answer:
    if turn.message.in_group:
        return PASS
    filing = turn.session.get_one(Filing, turn.conversation.state["filing"])
    turn.stop_talking()
    return Content(_give_back(turn, filing, turn.text.strip()))


def _accept(turn: Turn, filing: Filing) -> str:
    move(turn.work, filing, FilingState.ACCEPTED, account_id=turn.account.id, place=turn.place)
    days = turn.settings.programme.report_days
    told = _tell_author(turn, filing, say("review.accepted_author", filing=filing, days=days))
    return say("review.accepted", filing=filing, told=told)


def _give_back(turn: Turn, filing: Filing, why: str) -> str:
    move(turn.work, filing, FilingState.RETURNED, account_id=turn.account.id, place=turn.place, reason=why[:500])
    told = _tell_author(turn, filing, say("review.returned_author", filing=filing, why=why))
    return say("review.returned", filing=filing, told=told)


def _tell_author(turn: Turn, filing: Filing, text: str) -> bool:
    """Tell whoever filed it; gives whether there was somebody to tell."""
    person = filing.person or filing.account.person
    if person is None:
        return False
    key = f"filing:{filing.number}:{filing.state}:{turn.now.timestamp():.0f}"
    return outgoing.to_person(turn.work, person, Content(text), purpose="answer", key=key, filing_id=filing.id)


def _filing(turn: Turn, number: str) -> Filing:
    """A filing that this member of staff may decide on."""
    if turn.role == Role.VIEWER:
        raise UserError(say("review.may_not"))
    return find_own(turn, number)


def _settle(turn: Turn, title: str, text: str) -> Content:
    return Content(text, card=Card(title, turn.message.task_id, (), description=text), update_card=True)
