"""Accepting everything that waits at once: «都通过» is asked back with what it would be, and only what was seen is decided on."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.model import Filing, Role
from bot.rules.filing import may
from bot.rules.wording import clipped
from handlers import privately
from handlers.filing import conflicts as filing_conflicts
from handlers.filing import review
from handlers.filing.life import state_of

router = Router(when=lambda turn: turn.role is not None)

FRESH = timedelta(hours=1)  # what was shown or asked longer ago is shown or asked again first
SETTLED = "已有新内容"


@router.command(
    "都通过", "全部通过", "全都通过", "都通过吧", "全部通过吧", "一起通过", "全通过", "都备案", "全部备案", "都同意",
    "全部同意", "通过全部", "通过所有", "所有都通过",
)  # fmt: skip
def accept_all(turn: Turn) -> Answer:
    """Which are meant: those of the list that was shown, to be confirmed; where none was, the list."""
    if turn.role == Role.VIEWER:
        raise UserError(say("review.may_not"))
    shown = _shown(turn)
    if not shown:
        found, count = review.show_waiting(turn, 1)
        if not count:
            return found
        asked = Content(f"{say('review.all_which')}\n{found.text}")
        return privately.tell(turn, asked, say("review.waiting_count", count=count), "待审")
    asked_at = turn.now.isoformat()
    if privately.is_seen(turn):
        asking = {"confirming": {one.number: one.version for one in shown}, "confirming_at": asked_at}
        turn.conversation.state = {**turn.conversation.state, **asking}
    doubts = filing_conflicts.flags_of(turn.work, shown)
    text = say("review.all_confirm", filings=shown, doubts=doubts, year=turn.settings.programme.year)
    button = Button(f"{len(shown)} 条都备案", f"filing.accept_all:{asked_at}", "primary")
    card = Card(f"{len(shown)} 条待备案", turn.card_id("accept-all"), (button,))
    return privately.tell(turn, Content(text, card=card), say("review.waiting_count", count=len(shown)), "都通过")


@router.command("确认通过", "确认备案", when=lambda turn: _is_fresh(turn, "confirming_at"))
def confirmed(turn: Turn) -> Answer:
    return Content(_accept(turn))


@router.click("filing.accept_all")
def confirmed_by_button(turn: Turn) -> Answer:
    # An older card's button means the list that stood on it, and not the one that was asked about since.
    asked_at = turn.conversation.state.get("confirming_at", "")
    if not _is_fresh(turn, "confirming_at") or turn.message.key != f"filing.accept_all:{asked_at}":
        raise UserError(say("help.stale_button"))
    text = _accept(turn)
    card = Card(clipped(text.split("：", 1)[0], 26), turn.message.task_id, (), description=text)
    return Content(text, card=card, update_card=True)


def _shown(turn: Turn) -> list[Filing]:
    """What still waits of the list that was shown last, as it was then."""
    if not _is_fresh(turn, "shown_at"):
        return []
    shown = turn.conversation.state["shown"]
    return [one for one in _by_number(turn, shown) if _unchanged(one, shown)]


def _is_fresh(turn: Turn, moment: str) -> bool:
    """Whether that moment of the conversation is there, and not too long ago to be relied on."""
    at = turn.conversation.state.get(moment)
    return at is not None and turn.now - datetime.fromisoformat(at) <= FRESH


def _accept(turn: Turn) -> str:
    if turn.role == Role.VIEWER:
        raise UserError(say("review.may_not"))
    meant = turn.conversation.state["confirming"]
    done, left, untold = [], [], []
    for one in _by_number(turn, meant):
        if not _unchanged(one, meant):
            waits = may("accept", one.state, staff=True)
            left.append((one, SETTLED if waits else state_of(one, turn.now, office=True)))
            continue
        done.append(one)
        if not review.decide(turn, one, "accept", ""):
            untold.append(one)
    over = ("confirming", "confirming_at", "shown", "shown_at")
    turn.conversation.state = {key: value for key, value in turn.conversation.state.items() if key not in over}
    return say("review.decided", done=done, left=left, untold=untold, act="accept")


def _by_number(turn: Turn, meant: dict[str, int]) -> list[Filing]:
    return list(turn.session.scalars(select(Filing).where(Filing.number.in_(meant)).order_by(Filing.start, Filing.id)))


def _unchanged(filing: Filing, meant: dict[str, int]) -> bool:
    """Whether it waits in the very version that was looked at."""
    return may("accept", filing.state, staff=True) and filing.version == meant[filing.number]
