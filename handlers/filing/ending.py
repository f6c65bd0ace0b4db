"""Taking a filing back: withdrawn to be changed and filed again, or cancelled for good."""

import re

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Content
from bot.model import Filing, FilingState
from bot.rules.filing import STANDING, may
from handlers.filing import card as filing_card
from handlers.filing import conflicts as filing_conflicts
from handlers.filing import dialogue
from handlers.filing.life import move, state_of, untie_from_plan

ASKING = "cancel_reason"  # what the dialogue asks while it waits for the reason
CHOOSING = "cancel_what"  # and while it waits for what is to be cancelled: the changes, or the activity
_CHANGES = re.compile(r"1|.{0,6}(?:修改|变更|改动).{0,4}")
_ACTIVITY = re.compile(r"(?:2|.{0,4}(?:整个|活动|不办).{0,6}?)(?:[,，。 ：:]+(?P<why>.+))?", re.DOTALL)
KEEP = ("不取消", "不取消了", "算了", "不用", "不用了", "先不取消")


def withdraw(turn: Turn, filing: Filing, reason: str) -> Content:
    """The unit takes a filing back that the office has."""
    _refuse_unless("withdraw", turn, filing)
    _end(turn, filing, FilingState.WITHDRAWN, "撤回", reason)
    dialogue.rest(turn, filing)
    return Content(say("filing.withdrawn", filing=filing))


def cancel(turn: Turn, filing: Filing, reason: str) -> Content:
    """The activity does not take place. Once the office has it, it wants to know why."""
    _refuse_unless("cancel", turn, filing)
    if filing.state in STANDING and not reason:
        dialogue.remember(turn, filing, ASKING)
        return Content(say("filing.cancel_needs_reason", filing=filing, state=state_of(filing, turn.now)))
    draft = filing.state == FilingState.DRAFT
    if draft:
        move(turn.work, filing, FilingState.CANCELLED, account_id=turn.account.id, place=turn.place, reason=reason)
    else:
        _end(turn, filing, FilingState.CANCELLED, "取消", reason)
    if dialogue.current(turn) is filing:
        turn.stop_talking()
    return Content(say("filing.cancelled" if draft else "filing.cancelled_activity", filing=filing))


def which_end(turn: Turn, filing: Filing) -> Content:
    """Ask what is to be cancelled of a filing that is being amended: the changes alone, or the activity."""
    dialogue.remember(turn, filing, CHOOSING)
    buttons = (
        Button("只放弃修改", f"filing.drop:{filing.number}", "primary"),
        Button("取消整个活动", f"filing.call_off:{filing.number}", "danger"),
    )
    return filing_card.asked(filing, say("filing.cancel_what", filing=filing), buttons=buttons)


def end_chosen(turn: Turn, filing: Filing) -> Content:
    """The answer to that in words; anything else has it asked again."""
    words = turn.text.strip()
    if words.rstrip("。.!！") in KEEP:
        dialogue.rest(turn, filing)
        return Content(say("filing.kept", filing=filing, state=state_of(filing, turn.now)))
    if _CHANGES.fullmatch(words):
        return drop_amendment(turn, filing)
    activity = _ACTIVITY.fullmatch(words)
    return cancel(turn, filing, (activity["why"] or "").strip()) if activity else which_end(turn, filing)


def drop_amendment(turn: Turn, filing: Filing) -> Content:
    """Forget what was being amended; the filing stays as it was."""
    filing.pending = None
    dialogue.rest(turn, filing)
    return Content(say("filing.amendment_dropped", filing=filing))


def reason_given(turn: Turn, filing: Filing) -> Content:
    """The answer to «why is it cancelled»."""
    reason = turn.text.strip()
    if reason.rstrip("。.!！") in KEEP:
        dialogue.rest(turn, filing)
        return Content(say("filing.kept", filing=filing, state=state_of(filing, turn.now)))
    return cancel(turn, filing, reason)


def _end(turn: Turn, filing: Filing, after: FilingState, verb: str, reason: str) -> None:
    reason = reason[: dialogue.LONGEST_REASON]
    move(turn.work, filing, after, account_id=turn.account.id, place=turn.place, reason=reason)
    untie_from_plan(turn.work, filing)
    filing_conflicts.release(turn.work, filing)
    year = turn.settings.programme.year
    text = say("filing.staff_gone", filing=filing, verb=verb, reason=reason, year=year)
    key = f"filing:{filing.number}:{verb}:{filing.version}:{turn.now.timestamp():.0f}"
    outgoing.to_staff(turn.work, Content(text), key=key, filing_id=filing.id)


def _refuse_unless(act: str, turn: Turn, filing: Filing) -> None:
    if not may(act, filing.state, unit=True):
        raise UserError(say("filing.no_such_move", number=filing.number, state=state_of(filing, turn.now)))
