"""A personal calendar feed: for staff of everything, for a unit's contact of the unit's own activities."""

from sqlalchemy import or_, update

from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Link
from bot.store import links

router = Router()

RENEW = ("重置", "更换", "重新生成", "作废")


@router.command("日历", "订阅日历", "活动日历", argument=True)
def calendar(turn: Turn) -> Answer:
    if turn.argument and turn.argument not in RENEW:
        return PASS
    if turn.message.in_group:
        return Content(say("calendar.privately"))
    if turn.role is None and not turn.units:
        return Content(say("calendar.not_bound"))
    if not turn.settings.server.public_url:
        return Content(say("calendar.no_address", staff=turn.role is not None))
    renewed = bool(turn.argument)
    if renewed:
        _revoke(turn)
    address = links.make(turn.work, "calendar", life=None, person_id=turn.account.person_id) + ".ics"
    turn.work.audit(turn.actor, "calendar.renew" if renewed else "calendar.link", f"person:{turn.account.person_id}")
    return Content(say("calendar.link", link=address, staff=turn.role is not None, renewed=renewed), link=address)


def _revoke(turn: Turn) -> None:
    """Every address given to this person so far opens nothing from now on."""
    mine = (Link.purpose == "calendar", Link.person_id == turn.account.person_id)
    good = or_(Link.expires_at.is_(None), Link.expires_at > turn.now)
    turn.session.execute(update(Link).where(*mine, good).values(expires_at=turn.now))
