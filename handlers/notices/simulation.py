"""«模拟 12»: the plan of a notice in words: who gets it by which way, what that spends, who is not reached; nothing goes."""

from collections import Counter

from bot.delivery import notices as planning
from bot.delivery import outgoing, targets
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import WORK_GROUP, Content
from bot.model import OUT, Notice, NoticeKind, NoticeState
from bot.rules.quota_plan import NAMES
from bot.store.unit_of_work import UnitOfWork
from handlers.notices import life, review
from handlers.notices.record import notice_named

router = Router(when=lambda turn: turn.role is not None)

OVER = (*OUT, NoticeState.WITHDRAWN, NoticeState.CANCELLED)


@router.command("模拟", argument=True)
def simulate(turn: Turn) -> Answer:
    return Content(simulated(turn.work, notice_named(turn)))


def simulated(work: UnitOfWork, notice: Notice) -> str:
    """What would come of sending it; raises `UserError` where it has gone already, or nobody would get it."""
    if notice.state in OVER:
        raise UserError(
            say("broadcast.simulated_too_late", notice=notice, state=life.STATES[NoticeState(notice.state)])
        )
    reach = planning.preview(work, notice)
    if reach.targets.nobody:
        raise UserError(say("broadcast.nobody", notice=notice, text=""))
    start = max(work.now, notice.scheduled_at or work.now)
    urgent = notice.kind == NoticeKind.EMERGENCY
    counted = Counter(_name(way.channel, way.method) for way in reach.people.values() if not way.closed)
    return say(
        "broadcast.simulated",
        notice=notice,
        fault=review.fault_of(work, notice),
        targets=targets.describe(work, reach.targets),
        groups=len(reach.targets.groups),
        persons=counted.most_common(),
        closed=reach.closed,
        ways=planning.explain(reach),
        start=start if urgent else outgoing.allowed_from(work, start),
        now=work.now,
    )


def _name(channel: str, method: str) -> str:
    if channel == WORK_GROUP:
        return "企业微信私聊"
    return NAMES.get(method, method)
