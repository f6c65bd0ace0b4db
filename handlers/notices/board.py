"""The board of a notice for staff: «看板 12» gives a personal link."""

from datetime import timedelta

from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Notice
from bot.rules.ids import read_id
from bot.store import links

router = Router(when=lambda turn: turn.role is not None)

LIFE = timedelta(days=7)


@router.command("看板", argument=True)
def board(turn: Turn) -> Answer:
    if turn.message.in_group:
        return Content(say("board.privately"))
    number = read_id(turn.argument)
    notice = turn.session.get(Notice, number) if number is not None else None
    if notice is None or not notice.acknowledge:
        raise UserError(say("board.how"))
    link = link_for(turn, notice)
    if not link:
        return Content(say("board.no_address", notice=notice))
    turn.work.audit(turn.actor, "notice.board", f"notice:{notice.id}")
    return Content(say("board.link", notice=notice, link=link), link=link)


def link_for(turn: Turn, notice: Notice) -> str:
    """A personal link to the board, for direct chat alone; empty where the server has no public address."""
    return links.make(turn.work, "board", life=LIFE, person_id=turn.account.person_id, notice_id=notice.id)
