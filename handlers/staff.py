"""Staff ask how things stand: what is on today, who has not filed, who has not answered; and chase."""

from datetime import date, datetime, time, timedelta

from bot.clock import CHINA
from bot.delivery import owing
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Notice, NoticeState, Role
from bot.rules.ids import read_id
from bot.rules.searching import OF_DAYS, OF_MONTHS, asked_span
from handlers import privately
from handlers.filing.life import state_of
from handlers.notices.board import link_for
from handlers.notices.life import STATES

router = Router(when=lambda turn: turn.role is not None)

SHOWN = 20


@router.command(*OF_DAYS, *OF_MONTHS)
def activities(turn: Turn) -> Answer:
    """What is on, on the days that the words name."""
    asked = asked_span(turn.text, turn.now.date(), turn.settings.programme.year)
    return PASS if asked is None else _activities(turn, *asked)


@router.command("谁没交", "谁没报")
def who_has_not_filed(turn: Turn) -> Answer:
    plans = owing.unfiled(turn.work, turn.now.date())
    reports = owing.unreported(turn.work)
    lists = [(notice, owing.undelivered(turn.work, notice)) for notice in owing.awaiting(turn.work)]
    owed = [one for one in lists if one[1]]
    reads_alone = not turn.message.in_group or turn.account.direct
    link = link_for(turn, owed[0][0]) if owed and reads_alone else ""
    year = turn.settings.programme.year
    found = Content(say("staff.not_filed", plans=plans, reports=reports, owed=owed, link=link, now=turn.now, year=year))
    if not plans and not reports and not owed:
        return found
    return privately.tell(turn, found, say("staff.not_filed_count", plans=plans, reports=reports, owed=owed), "谁没交")


@router.command("谁没回", "谁没回执", argument=True)
def who_has_not_answered(turn: Turn) -> Answer:
    notices = [_notice(turn)] if turn.argument else owing.awaiting(turn.work)
    lists = [(notice, owing.unanswered(turn.work, notice)) for notice in notices]
    if not turn.argument:
        lists = [one for one in lists if one[1]]
    return Content(say("staff.not_answered", lists=lists, now=turn.now))


@router.command("催办", "催一下", argument=True)
def chase(turn: Turn) -> Answer:
    if turn.role == Role.VIEWER:
        raise UserError(say("staff.may_not_chase"))
    notices = [_notice(turn)] if turn.argument else owing.awaiting(turn.work)
    if turn.argument and notices[0].state != NoticeState.SENT:
        state = STATES[NoticeState(notices[0].state)]
        raise UserError(say("staff.not_out", notice=notices[0], state=state))
    if turn.argument and notices[0].is_to_come(turn.now):
        raise UserError(say("staff.not_gone_yet", notice=notices[0]))
    if not notices:
        return Content(say("staff.nobody_owes"))
    results = [owing.chase(turn.work, notice, turn.now) for notice in notices]
    for notice in notices:
        turn.work.audit(turn.actor, "notice.chase", f"notice:{notice.id}")
    return Content(say("staff.chased", results=results))


def _activities(turn: Turn, days: tuple[date, date], when: str) -> Content:
    first, last = (datetime.combine(day, time(0), CHINA) for day in days)
    found = owing.activities(turn.work, first, last + timedelta(days=1))
    states = {one.id: state_of(one, turn.now, office=True) for one in found[:SHOWN]}
    return Content(say("staff.activities", filings=found, shown=found[:SHOWN], states=states, when=when))


def _notice(turn: Turn) -> Notice:
    number = read_id(turn.argument)
    notice = turn.session.get(Notice, number) if number is not None else None
    if notice is None or not notice.acknowledge:
        raise UserError(say("staff.no_such_notice", number=turn.argument[:10]))
    return notice
