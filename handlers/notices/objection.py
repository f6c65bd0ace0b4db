"""Objections 异议 against a publicity: «异议 12 …» by anybody is kept and handed to staff; «异议 12» by staff lists them."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Notice, NoticeKind, NoticeState, Objection
from bot.store import directory

router = Router()

LONGEST = 2000
MOST = 10  # of one account for one notice
SHOWN = 20
_NUMBERED = re.compile(r"(?:通知)?[ ]?(\d{1,9})(?:[\s：:，,、。.]+(.*))?", re.DOTALL)


@router.command("异议", "我有异议", "提出异议", "提异议", argument=True)
def object_to(turn: Turn) -> Answer:
    found = _NUMBERED.fullmatch(turn.argument)
    words = ((found[2] or "") if found else turn.argument).strip()
    if not words and turn.role is not None:
        return _listed(turn, turn.session.get(Notice, int(found[1])) if found else _only(turn))
    notice = turn.session.get(Notice, int(found[1])) if found else _only(turn)
    running = notice is not None and notice.state == NoticeState.SENT and not notice.is_to_come(turn.now)
    if notice is None or notice.kind != NoticeKind.PUBLICITY or not running:
        raise UserError(say("objection.how", running=_running(turn)))
    if not words:
        raise UserError(say("objection.words", notice=notice))
    if len(words) > LONGEST:
        raise UserError(say("objection.too_long", limit=LONGEST, length=len(words)))
    mine = (Objection.notice_id == notice.id, Objection.account_id == turn.account.id)
    if (turn.session.scalar(select(func.count()).where(*mine)) or 0) >= MOST:
        raise UserError(say("objection.enough", notice=notice, most=MOST))
    return Content(_keep(turn, notice, words))


def _keep(turn: Turn, notice: Notice, words: str) -> str:
    late = notice.deadline is not None and turn.now > notice.deadline
    held = {"account_id": turn.account.id, "person_id": turn.account.person_id, "text": words}
    row = Objection(notice_id=notice.id, late=late, at=turn.now, **held)
    turn.session.add(row)
    turn.session.flush()
    turn.work.audit(turn.actor, "objection.take", f"notice:{notice.id}", objection=row.id, late=late)
    told = Content(say("objection.staff", notice=notice, one=row, who=_who(turn, row)), title="收到异议")
    outgoing.to_staff(turn.work, told, key=f"objection:{row.id}")
    return say("objection.taken", notice=notice, late=late, named=turn.person is not None)


def _listed(turn: Turn, notice: Notice | None) -> Content:
    if turn.message.in_group:
        raise UserError(say("broadcast.privately"))
    if notice is None or notice.kind != NoticeKind.PUBLICITY:
        raise UserError(say("objection.which", running=_running(turn)))
    wish = select(Objection).where(Objection.notice_id == notice.id).order_by(Objection.id)
    found = list(turn.session.scalars(wish))
    turn.work.audit(turn.actor, "objection.list", f"notice:{notice.id}", count=len(found))
    shown = [(one, _who(turn, one)) for one in found[-SHOWN:]]
    return Content(say("objection.listed", notice=notice, shown=shown, total=len(found), now=turn.now))


def _who(turn: Turn, one: Objection) -> str:
    """Who objects, as far as they are known: a name where one is bound; an account's own is nobody's business."""
    if one.person is None or not one.person.name:
        return "未实名"
    units = "、".join(unit.name for unit in directory.units_of(turn.session, one.person_id))
    return f"{one.person.name}（{units}）" if units else one.person.name


def _running(turn: Turn) -> Sequence[Notice]:
    """Publicities that are out and not over, the newest first; one without an end runs until it is called back."""
    out = (Notice.state == NoticeState.SENT, Notice.sent_at <= turn.now)
    wish = select(Notice).where(Notice.kind == NoticeKind.PUBLICITY, *out)
    found = turn.session.scalars(wish.order_by(Notice.id.desc()).limit(SHOWN))
    return [one for one in found if one.deadline is None or one.deadline >= turn.now]


def _only(turn: Turn) -> Notice | None:
    """The one that is running, where there is one and no other."""
    running = _running(turn)
    return running[0] if len(running) == 1 else None
