"""Staff ask how things stand: what is on today, who has not filed, who has not answered; and chase."""

from datetime import datetime, time, timedelta

from bot.clock import CHINA
from bot.delivery import owing
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Notice, Role

router = Router(when=lambda turn: turn.role is not None)


@router.command("今日活动", "今天的活动", "今天活动")
def today(turn: Turn) -> Answer:
    return _activities(turn, turn.now, 1, "今天")


@router.command("明日活动", "明天的活动")
def tomorrow(turn: Turn) -> Answer:
    return _activities(turn, turn.now + timedelta(days=1), 1, "明天")


@router.command("本周活动", "这周活动")
def week(turn: Turn) -> Answer:
    monday = turn.now - timedelta(days=turn.now.weekday())
    return _activities(turn, monday, 7, "本周")


@router.command("谁没交", "谁没报")
def who_has_not_filed(turn: Turn) -> Answer:
    plans = owing.unfiled(turn.work, turn.now.date())
    reports = owing.unreported(turn.work)
    return Content(say("staff.not_filed", plans=plans, reports=reports, year=turn.settings.programme.year))


@router.command("谁没回", "谁没回执", argument=True)
def who_has_not_answered(turn: Turn) -> Answer:
    notices = [_notice(turn)] if turn.argument else owing.awaiting(turn.work)
    lists = [(notice, owing.units_of(turn.work, notice)) for notice in notices]
    return Content(say("staff.not_answered", lists=lists, now=turn.now))


@router.command("催办", "催一下", argument=True)
def chase(turn: Turn) -> Answer:
    if turn.role == Role.VIEWER:
        raise UserError(say("staff.may_not_chase"))
    notices = [_notice(turn)] if turn.argument else owing.awaiting(turn.work)
    if not notices:
        return Content(say("staff.nobody_owes"))
    results = [owing.chase(turn.work, notice, turn.now) for notice in notices]
    for notice in notices:
        turn.work.audit(turn.actor, "notice.chase", f"notice:{notice.id}")
    return Content(say("staff.chased", results=results))


def _activities(turn: Turn, day: datetime, days: int, when: str) -> Content:
    start = datetime.combine(day.date(), time(0), CHINA)
    found = owing.activities(turn.work, start, start + timedelta(days=days))
    return Content(say("staff.activities", filings=found, when=when, in_group=turn.message.in_group))


def _notice(turn: Turn) -> Notice:
    number = turn.argument.strip()
    notice = turn.session.get(Notice, int(number)) if number.isdigit() and len(number) < 10 else None
    if notice is None or not notice.acknowledge:
        raise UserError(say("staff.no_such_notice", number=number[:10]))
    return notice
