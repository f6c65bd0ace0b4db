"""Words in the middle of a filing that belong to none of its fields: answered, and then the question stands again."""

from bot.clock import CHINA
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Filing, FilingState
from bot.rules.asides import Aside, asks_last_day, read_aside
from bot.rules.filing import OPEN
from bot.rules.moments import find_in
from bot.rules.reading import read
from bot.rules.working_days import last_filing_day
from handlers.filing import chat as filing
from handlers.filing import dialogue
from handlers.filing import ending as filing_ending
from handlers.filing.submission import is_ready

router = Router()

# What may well be asked in the value itself: «垃圾怎么分类？» is the name of a lecture, and a reason is free words.
IN_OWN_WORDS = ("name", "summary", "late_reason")


@router.topic(dialogue.TOPIC)
def aside(turn: Turn) -> Answer:
    under_way = dialogue.current(turn)
    if under_way is None or not turn.message.addressed or under_way.state not in OPEN:
        return PASS
    asking = dialogue.asked_now(turn, under_way)
    if asking in (filing_ending.ASKING, "unit"):
        return PASS
    meant = read_aside(turn.text)
    if meant is Aside.LAST_DAY:
        return _last_day(turn, under_way, asking)
    if meant is Aside.SUBMIT or meant is Aside.GIVE_UP:
        turn.argument = ""  # as the command of one word
        return filing.submit(turn) if meant is Aside.SUBMIT else filing.cancel(turn)
    if meant is Aside.QUESTION:
        return _question(turn, under_way, asking)
    if meant is Aside.CALL or meant is Aside.NOD:
        return _go_on(turn, under_way, asking, "filing.here" if meant is Aside.CALL else "")
    return PASS


@router.free(lambda turn: bool(turn.units) and turn.message.addressed and asks_last_day(turn.text))
def last_day_of_any(turn: Turn) -> Answer:
    return _last_day(turn, None, "")


def _last_day(turn: Turn, under_way: Filing | None, asking: str) -> Content:
    """By the day that the words name, else that of the filing under way, else the rule."""
    page = read(turn.text)
    named = [one for one in find_in(page.text, page.reading, turn.now, None) if one.moments]
    start = named[0].moments[0].start if named else under_way.start if under_way else None
    rules = turn.settings.programme
    day = start.astimezone(CHINA).date() if start else None
    last = last_filing_day(day, rules.filing_working_days) if day else None
    question = dialogue.question_text(turn, under_way, asking) if under_way is not None and asking else ""
    shown = {"day": day, "last": last, "working_days": rules.filing_working_days, "year": rules.year}
    return Content(say("filing.last_day", **shown, question=question))


def _question(turn: Turn, under_way: Filing, asking: str) -> Answer:
    if not asking or asking in IN_OWN_WORDS:
        return PASS
    return Content(say("filing.ask_the_office", question=dialogue.question_text(turn, under_way, asking)))


def _go_on(turn: Turn, under_way: Filing, asking: str, lead: str) -> Answer:
    """What is to be done next, once more."""
    if asking:
        question = dialogue.question_text(turn, under_way, asking)
        return Content(say(lead, question=question) if lead else question)
    if under_way.state == FilingState.DRAFT and is_ready(under_way):
        return Content(say("filing.say_submit", filing=under_way))
    return PASS
