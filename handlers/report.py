"""The report after an activity 总结: how many came, what it was like, where it was written about."""

import re

from sqlalchemy import or_, select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Filing, FilingState, Report
from bot.rules.numbers import find_counts
from bot.rules.reading import read
from handlers.filing_draft import end_or_usual, find_own, mine
from handlers.filing_life import move

router = Router()

NUMBERED = re.compile(r"(\d{4}-\d{4,})[\s：:，,]*(.*)", re.DOTALL)
LINK = re.compile(r"https?://[^\s，。；、“”<>]+")
REPORTABLE = (FilingState.SUBMITTED, FilingState.ACCEPTED, FilingState.REPORTED)
LONGEST = 4000


@router.command("总结", "活动总结", "提交总结", argument=True)
def report(turn: Turn) -> Answer:
    named = NUMBERED.fullmatch(turn.argument)
    if named is None:
        return _which(turn)
    filing = find_own(turn, named[1])
    if not mine(turn, filing):
        raise UserError(say("filing.unknown", number=named[1]))
    return _take(turn, filing, named[2].strip())


@router.topic("report")
def continued(turn: Turn) -> Answer:
    """The answer to «how many came»."""
    filing = turn.session.get(Filing, turn.conversation.state["filing"])
    if filing is None:
        turn.stop_talking()
        return None
    return _take(turn, filing, f"{turn.conversation.state['text']}\n{turn.text}".strip())


def _which(turn: Turn) -> Content:
    """Asked without a number: those of the person's activities that are over and not reported."""
    units = [unit.id for unit in turn.units]
    wish = (
        select(Filing)
        .where(or_(Filing.account_id == turn.account.id, Filing.unit_id.in_(units)))
        .where(Filing.state.in_((FilingState.SUBMITTED, FilingState.ACCEPTED)), Filing.start <= turn.now)
        .order_by(Filing.start)
        .limit(10)
    )
    return Content(say("report.which", filings=list(turn.session.scalars(wish))))


def _take(turn: Turn, filing: Filing, text: str) -> Content:
    _check(turn, filing)
    came = _attendance(text)
    if came is None:
        turn.talk("report", filing=filing.id, text=text[:LONGEST])
        return Content(say("report.ask_attendance", filing=filing))
    held = filing.report or Report(filing_id=filing.id, links=[], at=turn.now)
    held.attendance, held.text, held.at = came, text[:LONGEST], turn.now
    held.links = sorted({*held.links, *LINK.findall(text)})
    turn.session.add(held)
    again = filing.state == FilingState.REPORTED
    if not again:
        move(turn.work, filing, FilingState.REPORTED, account_id=turn.account.id, place=turn.place)
    if turn.topic == "report":
        turn.stop_talking()
    key = f"filing:{filing.number}:reported:{turn.now.timestamp():.0f}"
    note = Content(say("report.staff", filing=filing, report=held))
    outgoing.to_staff(turn.work, note, key=key, filing_id=filing.id)
    return Content(say("report.taken", filing=filing, report=held, again=again))


def _check(turn: Turn, filing: Filing) -> None:
    if filing.state not in REPORTABLE:
        raise UserError(say("report.not_filed", number=filing.number))
    end = end_or_usual(filing)
    if filing.start is None or turn.now < filing.start:
        raise UserError(say("report.too_early", filing=filing, end=end, year=turn.settings.programme.year))


def _attendance(text: str) -> int | None:
    """The head count that the report names; the number after 实到 wins over others."""
    page = read(LINK.sub(" ", text))
    named = re.search(r"实到\D{0,3}(\d{1,6})", page.reading)
    if named:
        return int(named[1])
    counts = find_counts(page.reading)
    if counts:
        return counts[0].value
    return int(page.reading) if page.reading.strip().isdigit() and len(page.reading.strip()) < 7 else None
