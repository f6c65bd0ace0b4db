"""Staff look at what was kept of a notice: its versions, and who said what on each."""

from sqlalchemy import select

from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Notice, NoticeVersion, Person
from bot.rules.ids import read_id
from handlers.notices.review import reviews_of

router = Router(when=lambda turn: turn.role is not None)


@router.command("版本", argument=True)
def versions(turn: Turn) -> Answer:
    if "-" in turn.argument or not turn.argument:
        return PASS  # «版本 2020-0137»: of a filing
    notice = notice_named(turn)
    wish = select(NoticeVersion, Person.name).outerjoin(Person, Person.id == NoticeVersion.person_id)
    found = turn.session.execute(wish.where(NoticeVersion.notice_id == notice.id).order_by(NoticeVersion.version))
    return Content(say("broadcast.versions", notice=notice, versions=[(row, name) for row, name in found]))


@router.command("审核记录", argument=True)
def reviews(turn: Turn) -> Answer:
    notice = notice_named(turn)
    return Content(say("broadcast.reviews", notice=notice, reviews=reviews_of(turn.work, notice)))


def notice_named(turn: Turn) -> Notice:
    """The notice whose number follows the command, in direct chat; raises `UserError` for any other."""
    if turn.message.in_group:
        raise UserError(say("broadcast.privately"))
    number = read_id(turn.argument)
    found = turn.session.get(Notice, number) if number is not None else None
    if found is None:
        raise UserError(say("broadcast.unknown", number=turn.argument[:10]))
    return found
