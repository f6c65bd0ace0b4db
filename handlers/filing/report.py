"""The report after an activity 总结: how many came, what it was like, where it was written about; and what is added later."""

import re

from sqlalchemy import select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Filing, FilingState, Report
from bot.rules.filing import STANDING
from bot.rules.numbers import NUMBER, find_counts, read_count, read_number
from bot.rules.reading import read
from bot.rules.understanding import looks_like_filing
from bot.store import attachments
from handlers.filing import report_doubts
from handlers.filing.draft import all_mine, end_or_usual, find_mine
from handlers.filing.life import move

router = Router()

TOPIC = "report"
NUMBERED = re.compile(r"(\d{4}-\d{4,})[\s：:，,]*(.*)", re.DOTALL)
LINK = re.compile(r"https?://[^\s，。；、！？“”（）《》<>\"'\u0000-\u0020]{1,500}")
# 实到135人, 实到改成一百三十, 到场人数是130, 实到写错了，是153; but not 实到率
CAME = re.compile(
    rf"(?:实到|实际到场?|到场|到会|实际参加|实际参与)(?!率)(?:人数|的?人)?(?:[写报填打]?错了?|不对)?\D{{0,4}}?(?P<n>{NUMBER})"
)
CORRECTED = re.compile(rf"人数\D{{0,2}}(?:改成|改为|更正为|应为|应该是|是)\D{{0,2}}?(?P<n>{NUMBER})")
REPORTABLE = STANDING | {FilingState.REPORTED, FilingState.QUERIED}
LONGEST = 4000
MOST_LINKS = 20
MOST_CAME = 1_000_000


@router.command("总结", "活动总结", "提交总结", argument=True)
def report(turn: Turn) -> Answer:
    named = NUMBERED.fullmatch(turn.argument)
    if named is None:
        return _which(turn)
    return _take(turn, find_mine(turn, named[1]), named[2].strip())


@router.topic(TOPIC)
def continued(turn: Turn) -> Answer:
    """The answer to «how many came», or what is added to a report just sent: another count, links."""
    state = turn.conversation.state
    filing = turn.session.get(Filing, state["filing"])
    if filing is None or filing.state not in REPORTABLE:
        turn.stop_talking()
        return PASS
    if "text" not in state:
        return _take(turn, filing, turn.text) if LINK.search(turn.text) or _named(turn.text) is not None else PASS
    came = attendance_in(turn.text)
    if came is None:
        if looks_like_filing(turn.text):
            return PASS
        answer = read_count(read(turn.text).reading)  # it was asked for, so that 大概一百二 is enough
        came = answer.value if answer is not None and answer.value <= MOST_CAME else None
    return _take(turn, filing, f"{state['text']}\n{turn.text}".strip(), came)


@router.last(lambda turn: turn.message.kind == "link" and turn.topic == TOPIC)
def shared(turn: Turn) -> Answer:
    """An article or video that was shared from another app."""
    filing = turn.session.get(Filing, turn.conversation.state["filing"])
    link = LINK.match(turn.message.detail.get("url", ""))
    if filing is None or link is None or filing.state not in REPORTABLE:
        return PASS
    asked = turn.conversation.state.get("text", "")
    return _take(turn, filing, f"{asked}\n{turn.text} {link[0]}".strip())


def add_words(held: Report, words: str) -> None:
    """Add to what the unit says about the activity; what was said already stays as it is."""
    if words not in held.text:
        held.text = f"{held.text}\n{words}".strip()[:LONGEST]


def sent_again(turn: Turn, filing: Filing) -> None:
    """A report that staff had doubts about was added to: it is theirs to look at again."""
    move(turn.work, filing, FilingState.REPORTED, account_id=turn.account.id, place=turn.place)
    _tell_staff(turn, filing)


def attendance_in(text: str) -> int | None:
    """The head count that a report names: the number after 实到 wins over others; also a number that is all it says."""
    named = _named(text)
    if named is not None:
        return named
    page = read(LINK.sub(" ", text))
    counts = find_counts(page.reading)
    value = counts[0].value if counts else read_number(page.reading.strip())
    return value if value is not None and value <= MOST_CAME else None


def _named(text: str) -> int | None:
    page = read(LINK.sub(" ", text))
    found = CAME.search(page.reading) or CORRECTED.search(page.reading)
    value = read_number(found["n"]) if found else None
    return value if value is not None and value <= MOST_CAME else None


def _says_more(text: str) -> bool:
    """Whether words tell more than how many came."""
    return CAME.sub("", read(text).reading).strip(" ,。;!、\n约大概共多余人名位左右") != ""


def _which(turn: Turn) -> Content:
    """Asked without a number: those of the person's activities that have begun and are not reported."""
    wish = select(Filing).where(all_mine(turn), Filing.state.in_(sorted(STANDING)), Filing.start <= turn.now)
    return Content(say("report.which", filings=list(turn.session.scalars(wish.order_by(Filing.start).limit(10)))))


def _take(turn: Turn, filing: Filing, text: str, came: int | None = None) -> Content:
    """Write down what the text says; gives the report's card, or the question for the head count."""
    _check(turn, filing)
    held = filing.report
    came = came if came is not None else attendance_in(text)
    if came is None and (held is None or held.attendance is None):
        turn.talk(TOPIC, filing=filing.id, text=text[:LONGEST])
        return Content(say("report.ask_attendance", filing=filing))
    first = filing.state not in (FilingState.REPORTED, FilingState.QUERIED)
    before = (held.attendance, len(held.links)) if held is not None else (None, 0)
    changed = _write(turn, filing, came, text)
    if filing.state != FilingState.REPORTED or changed:
        why = "" if first else say("report.changed", changed=changed, before=before, report=filing.report)
        move(turn.work, filing, FilingState.REPORTED, account_id=turn.account.id, place=turn.place, reason=why)
    turn.talk(TOPIC, filing=filing.id)
    if first or changed:
        _tell_staff(turn, filing)
    return _card(turn, filing, first, changed)


def _write(turn: Turn, filing: Filing, came: int | None, text: str) -> set[str]:
    """Gives what changed of a report that was there before: attendance, links, text. The audit keeps each change."""
    held = filing.report
    if held is None:
        held = Report(filing_id=filing.id, attendance=None, text="", links=[], at=turn.now)
        turn.session.add(held)
        turn.session.flush()
        turn.session.refresh(filing, ["report"])
    before = held.attendance, held.links, held.text
    held.attendance = came if came is not None else held.attendance
    held.links = list(dict.fromkeys([*held.links, *LINK.findall(text)]))[:MOST_LINKS]
    add_words(held, text)
    held.at = turn.now
    # The same count in other words is kept, but is nothing new to look at.
    after = held.attendance, held.links, held.text if _says_more(text) else before[2]
    names = ("attendance", "links", "text")
    changed = {name for name, old, new in zip(names, before, after, strict=True) if old != new}
    if changed:
        counts = {"attendance": [before[0], after[0]], "links": [len(before[1]), len(after[1])]}
        turn.work.audit(turn.actor, "report.write", f"filing:{filing.number}", changed=sorted(changed), **counts)
    turn.session.flush()
    report_doubts.check_head_count(turn.work, filing, held)
    return changed


def _card(turn: Turn, filing: Filing, first: bool, changed: set[str]) -> Content:
    shown = () if first else changed
    photos, others = _counts(turn, filing)
    same = not first and not changed
    held = {"report": filing.report, "photos": photos, "others": others}
    return Content(say("report.taken", filing=filing, first=first, same=same, changed=shown, **held))


def _tell_staff(turn: Turn, filing: Filing) -> None:
    photos, others = _counts(turn, filing)
    doubts = report_doubts.doubts(turn.work, filing)
    note = say("report.staff", filing=filing, report=filing.report, photos=photos, others=others, doubts=doubts)
    key = f"filing:{filing.number}:reported:{turn.message.channel}:{turn.message.message_id}"
    outgoing.to_staff(turn.work, Content(note), key=key, filing_id=filing.id)


def _counts(turn: Turn, filing: Filing) -> tuple[int, int]:
    """How many pictures the report has, and how many videos and files."""
    held = attachments.of_filing(turn.session, filing.id, "report")
    photos = sum(one.kind == "image" for one in held)
    return photos, len(held) - photos


def _check(turn: Turn, filing: Filing) -> None:
    if filing.state == FilingState.VERIFIED:
        raise UserError(say("report.verified", filing=filing))
    if filing.state not in REPORTABLE:
        raise UserError(say("report.not_filed", number=filing.number))
    if filing.start is None or turn.now < filing.start:
        end = end_or_usual(filing)
        raise UserError(say("report.too_early", filing=filing, end=end, year=turn.settings.programme.year))
