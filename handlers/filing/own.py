"""What a unit asks about its own filings: what is on, what is still to be handed in, what it filed last."""

import re
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.clock import CHINA
from bot.delivery import owing
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Filing, FilingState, Notice
from bot.rules.filing import OPEN, STANDING, report_is_due
from bot.rules.searching import OF_DAYS, OF_MONTHS, asked_span
from handlers.filing.draft import ALL_MINE, whose
from handlers.filing.fields import Fields
from handlers.filing.life import state_of
from handlers.filing.lookup import record

router = Router(when=lambda turn: turn.role is None and bool(turn.units))

SHOWN = 20
DEBTS = 5  # of a kind in one answer
_PARTICLES = " 了吗呢啊呀没有不?？。.!！~～"
_STATES = sorted({*OPEN, *STANDING, FilingState.REPORTED, FilingState.VERIFIED, FilingState.QUERIED})
_WHICH = re.compile(
    r"(?:我们?)?(?:的)?(?:上次|上一次|上一个|上一场|最近|最近一次|刚才|刚刚|最后|最新)(?:一[个场次])?(?:报备?|交|提交|申报|填)?"
    r"(?:上去|过)?(?:的那?[个场]?|报备|活动)?(?:活动|报备)?"
)
_HOW = re.compile(
    r"(?:现在)?(?:怎么样|怎样|如何|什么情况|到哪一?步|办到哪|过|通过|批|批准|备案|审核?|审好|好)?(?:了|没有?|吗|呢|啊)*"
)


@router.command(*OF_DAYS, *OF_MONTHS)
def activities(turn: Turn) -> Answer:
    """What the unit itself has on these days, drafts too."""
    asked = asked_span(turn.text, turn.now.date(), turn.settings.programme.year)
    return PASS if asked is None else _activities(turn, *asked)


@router.command(
    "交完了", "交齐了", "都交了", "都交齐了", "都交完了", "报完了", "都报了", "还差什么", "还欠什么", "还有什么没交",
    "还有什么没报", "还有哪些没交", "我还欠什么", "我还差什么", "还要交什么",
    argument=True,
)  # fmt: skip
def anything_owed(turn: Turn) -> Answer:
    """«交完了吗»: what is begun and not submitted, what is due, and what notices still ask for."""
    if turn.argument.strip(_PARTICLES):
        return PASS
    found = list(turn.session.scalars(select(Filing).where(ALL_MINE, Filing.state.in_(_STATES)), whose(turn)))
    units = {unit.id for unit in turn.units}
    asked: dict[Notice, tuple[bool, bool]] = {}  # for any of the units: whether an answer is owed, and a paper
    for row in owing.rows_of(turn.work, units):
        answer, paper = asked.get(row.notice, (False, False))
        lacks_paper = bool(row.notice.deliverable) and row.delivered_at is None
        asked[row.notice] = (answer or row.given_at is None, paper or lacks_paper)
    return Content(
        say(
            "filing.owed",
            drafts=[one for one in found if one.state in OPEN or one.pending],
            reports=[one for one in found if _report_wanted(one, turn.now)],
            plans=[one for one in owing.unfiled(turn.work, turn.now.date()) if one.unit_id in units],
            asked=[(notice, *owed) for notice, owed in asked.items() if any(owed)],
            most=DEBTS,
            year=turn.settings.programme.year,
        )
    )


@router.command("查询", "查一下", "查", "看一下", "看看", argument=True)
def look_up_last(turn: Turn) -> Answer:
    """«查一下我上次报的»."""
    return _last(turn) if turn.argument and _WHICH.fullmatch(turn.argument.rstrip(_PARTICLES)) else PASS


@router.command("我上次", "我刚才", "我刚刚", "我最近", "上次", "上一次", "刚才", "刚刚", argument=True)
def how_is_the_last(turn: Turn) -> Answer:
    """«上次报的批了吗»."""
    said = re.fullmatch(r"(?:报备?|交|提交|申报)(?:上去)?的(?:那?[个场])?(?:活动|报备)?(.*)", turn.argument, re.DOTALL)
    return _last(turn) if said and _HOW.fullmatch(said[1].strip(" ,，。.?？!！")) else PASS


def _activities(turn: Turn, days: tuple[date, date], when: str) -> Content:
    first, last = (datetime.combine(day, time(0), CHINA) for day in days)
    wish = select(Filing).where(ALL_MINE, Filing.state.in_(_STATES))
    wish = wish.where(Filing.start >= first, Filing.start < last + timedelta(days=1)).order_by(Filing.start, Filing.id)
    found = list(turn.session.scalars(wish, whose(turn)))
    states = {one.id: state_of(one, turn.now) for one in found[:SHOWN]}
    shown = {"filings": found[:SHOWN], "count": len(found), "states": states, "several": len(turn.units) > 1}
    return Content(say("filing.own_activities", **shown, when=when, year=turn.settings.programme.year))


def _last(turn: Turn) -> Content:
    """The newest that was filed; where none was, the newest draft."""
    wish = select(Filing).where(ALL_MINE, Filing.state.in_(_STATES)).order_by(Filing.submitted_at.is_(None))
    found = turn.session.scalars(wish.order_by(Filing.submitted_at.desc(), Filing.id.desc()).limit(1), whose(turn))
    newest = found.first()
    if newest is None:
        return Content(say("filing.none_yet"))
    return Content(record(turn, newest))


def _report_wanted(filing: Filing, now: datetime) -> bool:
    due = report_is_due(filing.state, Fields.of(filing).usual_end, now)
    return due or filing.state == FilingState.QUERIED
