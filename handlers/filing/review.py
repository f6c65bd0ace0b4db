"""Staff decide on filings and reports: what waits, accept, return with a reason, verify, query with a reason."""

import re
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bot.delivery import outgoing
from bot.delivery.reach import way_to
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Card, Content
from bot.model import Filing, FilingState, Role
from bot.rules.asides import Aside, asks_what_waits, read_aside
from bot.rules.filing import STAFF_ACTS, may
from bot.rules.understanding import looks_like_filing
from bot.store import directory
from handlers import privately
from handlers.filing import conflicts as filing_conflicts
from handlers.filing.chat import NUMBER
from handlers.filing.draft import find_own
from handlers.filing.life import move, people_of, state_of
from handlers.filing.submission import review_card

router = Router(when=lambda turn: turn.role is not None)

TOPIC = "review"
PAGE = 10
LONGEST_REASON = 500
PATIENCE = timedelta(hours=1)
# In full, or only its last part as the office says it aloud: «通过 2020-0006、0008».
ONE_NUMBER = re.compile(r"(?:(\d{4})-)?(\d{4,})")
# Possessive: a long row of digits is read in one way only, not in every way in which it could be parted.
NUMBERS = re.compile(rf"(?:(?>{ONE_NUMBER.pattern})[\s、，,;；和]*+)++")
SHORT = re.compile(r"\d{4}(?![\d-])")
WORDS_OF_COMMANDS = (
    "通过",
    "备案",
    "退回",
    "核验",
    "存疑",
    "待审",
    "待备案",
    "查",
    "同意",
)  # without a number: no reason
# What a decision makes of the filing, and what its unit is told.
DECISIONS = {
    "accept": (FilingState.ACCEPTED, "review.unit_accept"),
    "return": (FilingState.RETURNED, "review.unit_return"),
    "verify": (FilingState.VERIFIED, "review.unit_verify"),
    "query": (FilingState.QUERIED, "review.unit_query"),
}
_TASK = re.compile(r"review-(\d{4}-\d{4,})-(\d+)")


@router.command("待审", "待备案", argument=True)
def waiting(turn: Turn) -> Answer:
    """A page of what waits: «待审», «待审 2», «待审 下一页»."""
    said = turn.argument.strip().removeprefix("第").removesuffix("页")
    if said in ("下一", "下"):
        return _waiting(turn, int(turn.conversation.state.get("page", 1)) + 1)
    if said and not (said.isascii() and said.isdigit() and len(said) < 4):
        return PASS
    return _waiting(turn, int(said or 1))


@router.free(lambda turn: asks_what_waits(turn.text))
def asked_what_waits(turn: Turn) -> Answer:
    """«今天有几个待审的？»."""
    return _waiting(turn, 1)


@router.command("下一页", when=lambda turn: "page" in turn.conversation.state)
def next_page(turn: Turn) -> Answer:
    return _waiting(turn, int(turn.conversation.state["page"]) + 1)


@router.command("通过", "备案", argument=True)
def accept(turn: Turn) -> Answer:
    return _decide_all(turn, "accept")


@router.command("核验", argument=True)
def verify(turn: Turn) -> Answer:
    return _decide_all(turn, "verify")


@router.click("filing.accept")
def accept_by_button(turn: Turn) -> Answer:
    filing = _filing(turn, turn.argument)
    newer = _newer(turn, filing)
    return newer or _settle(turn, f"{filing.number} 已备案", _decide(turn, filing, "accept"))


@router.command("退回", argument=True)
def give_back(turn: Turn) -> Answer:
    return _with_reason(turn, "return")


@router.command("存疑", argument=True)
def query(turn: Turn) -> Answer:
    return _with_reason(turn, "query")


@router.click("filing.return")
def give_back_by_button(turn: Turn) -> Answer:
    filing = _filing(turn, turn.argument)
    newer = _newer(turn, filing)
    if newer is not None:
        return newer
    _refuse_unless(turn, filing, "return")
    turn.talk(TOPIC, filing=filing.id, act="return")
    return _settle(turn, f"退回 {filing.number}", say("review.why", filing=filing, act="return"))


@router.topic(TOPIC)
def reason(turn: Turn) -> Answer:
    """The reason that was asked for; a filing of their own, or a word much later, is not taken for one."""
    if turn.message.in_group or looks_like_filing(turn.text) or asks_what_waits(turn.text):
        return PASS
    held, asked_at = turn.conversation.state, turn.conversation.updated_at
    if turn.now - asked_at > PATIENCE:
        turn.stop_talking()
        return PASS
    filing = turn.session.get_one(Filing, held["filing"])
    meant = read_aside(turn.text)
    if (meant is not None and meant is not Aside.GIVE_UP) or turn.text.strip(" 。.!！") in WORDS_OF_COMMANDS:
        return Content(say("review.why", filing=filing, act=held["act"]))
    turn.stop_talking()
    if meant is Aside.GIVE_UP:
        return Content(say("review.kept", filing=filing, state=state_of(filing, turn.now, office=True)))
    return Content(_decide(turn, filing, held["act"], turn.text.strip()))


def _waiting(turn: Turn, page: int) -> Content:
    content, count = show_waiting(turn, page)
    return privately.tell(turn, content, say("review.waiting_count", count=count), "待审") if count else content


def show_waiting(turn: Turn, page: int) -> tuple[Content, int]:
    """A page of what waits, and how many wait; what was shown is remembered, for «都通过»."""
    waits = Filing.state.in_(sorted(STAFF_ACTS["accept"]))
    count = turn.session.scalar(select(func.count()).select_from(Filing).where(waits)) or 0
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    wish = select(Filing).options(joinedload(Filing.unit)).where(waits).order_by(Filing.start, Filing.id)
    found = list(turn.session.scalars(wish.offset((page - 1) * PAGE).limit(PAGE)))
    # Beside what the conversation is about, so that looking does not end a notice that is being written.
    seen = {"shown": {one.number: one.version for one in found}, "shown_at": turn.now.isoformat()}
    turn.conversation.state = {**turn.conversation.state, "page": page, **(seen if privately.is_seen(turn) else {})}
    doubts = filing_conflicts.flags_of(turn.work, found)
    shown = {"filings": found, "count": count, "page": page, "pages": pages, "doubts": doubts}
    decides = turn.role != Role.VIEWER
    return Content(say("review.waiting", **shown, decides=decides, year=turn.settings.programme.year)), count


def _decide_all(turn: Turn, act: str) -> Answer:
    """«通过 2020-0001 2020-0002»: each that can be, and what became of the others."""
    if not NUMBERS.fullmatch(turn.argument.strip()):
        return PASS
    year = str(turn.settings.programme.year)
    named = [f"{before or year}-{number}" for before, number in ONE_NUMBER.findall(turn.argument)]
    filings = [_filing(turn, number) for number in dict.fromkeys(named)]
    if len(filings) == 1:
        return Content(_decide(turn, filings[0], act))
    left = [(one, state_of(one, turn.now, office=True)) for one in filings if not may(act, one.state, staff=True)]
    done = [one for one in filings if may(act, one.state, staff=True)]
    untold = [one for one in done if not decide(turn, one, act, "")]
    return Content(say("review.decided", done=done, left=left, untold=untold, act=act))


def _with_reason(turn: Turn, act: str) -> Answer:
    year = f"{turn.settings.programme.year}-" if SHORT.match(turn.argument) else ""
    named = NUMBER.fullmatch(year + turn.argument)
    if not named:
        return PASS
    filing = _filing(turn, named[1])
    if named[2].strip():
        return Content(_decide(turn, filing, act, named[2].strip()))
    _refuse_unless(turn, filing, act)
    turn.talk(TOPIC, filing=filing.id, act=act)
    return Content(say("review.why", filing=filing, act=act))


def _decide(turn: Turn, filing: Filing, act: str, why: str = "") -> str:
    _refuse_unless(turn, filing, act)
    told = decide(turn, filing, act, why)
    return say("review.done", filing=filing, act=act, told=told)


def decide(turn: Turn, filing: Filing, act: str, why: str) -> bool:
    """Record the decision and tell the unit; gives whether there was somebody who could be told."""
    after, text = DECISIONS[act]
    if turn.topic == TOPIC and turn.conversation.state.get("filing") == filing.id:
        turn.stop_talking()  # it has been decided in one go: no reason is waited for any more
    changed, why = filing.state == FilingState.AMENDED, why[:LONGEST_REASON]
    move(turn.work, filing, after, account_id=turn.account.id, place=turn.place, reason=why)
    if act in ("accept", "verify"):
        filing_conflicts.settle(turn.work, filing, person_id=turn.account.person_id, report=act == "verify")
    elif act == "return":
        filing_conflicts.release(turn.work, filing)
    days = turn.settings.programme.report_days
    return _tell(turn, filing, say(text, filing=filing, why=why, days=days, changed=changed))


def _tell(turn: Turn, filing: Filing, text: str) -> bool:
    key = f"filing:{filing.number}:{filing.state}:{filing.version}:{turn.now.timestamp():.0f}"
    reached = False
    for person in people_of(turn.work, filing):
        outgoing.to_person(turn.work, person, Content(text), purpose="answer", key=key, filing_id=filing.id)
        accounts = directory.accounts_of(turn.session, person.id)
        reached = reached or not way_to(turn.work, accounts).closed
    return reached


def _filing(turn: Turn, number: str) -> Filing:
    """A filing that this member of staff may decide on."""
    if turn.role == Role.VIEWER:
        raise UserError(say("review.may_not"))
    return find_own(turn, number)


def _refuse_unless(turn: Turn, filing: Filing, act: str) -> None:
    if not may(act, filing.state, staff=True):
        raise UserError(say("review.not_now", filing=filing, state=state_of(filing, turn.now, office=True)))


def _newer(turn: Turn, filing: Filing) -> Content | None:
    """Nobody decides on what they have not seen: the newest version, where the button is of an older one."""
    found = _TASK.fullmatch(turn.message.task_id)
    if found is None or int(found[2]) >= filing.version or not may("accept", filing.state, staff=True):
        return None
    text = say("review.newer", filing=filing, year=turn.settings.programme.year)
    card = Card(f"{filing.number} 已有新版", turn.message.task_id, ())
    return Content(card.title, card=card, update_card=True, following=Content(text, card=review_card(filing)))


def _settle(turn: Turn, title: str, text: str) -> Content:
    return Content(text, card=Card(title, turn.message.task_id, (), description=text), update_card=True)
