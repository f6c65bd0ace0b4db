"""Pictures, videos and files: kept for the filing or report that is open, else for the one that the sender names."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Rest, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import OFFICIAL_ACCOUNT, Button, Card, Content, Media
from bot.model import Account, Attachment, Conversation, Filing, FilingState, Notice, Unit
from bot.rules.filing import OPEN
from bot.rules.ids import read_id
from bot.rules.wording import clipped
from bot.store import attachments
from bot.store.unit_of_work import UnitOfWork
from handlers.attachments import (
    MOST,
    MOST_A_DAY,
    MOST_WAITING,
    REPORT,
    TAKEN,
    UNSEEN,
    Target,
    assign,
    candidates,
    keep,
    noun_of,
    open_target,
    room_for,
    sent_today,
    target_of,
)
from handlers.filing import dialogue, report
from handlers.filing.draft import find_mine
from handlers.help import ONCE_AN_HOUR
from handlers.notices import attaching, deliverable, stray_files

router = Router()

TOPIC = "media"
MOST_BUTTONS = 6


def _sent(turn: Turn) -> list[Media]:
    return [one for one in turn.message.media if one.kind in TAKEN]


def _may_send(turn: Turn) -> bool:
    return turn.message.addressed and (bool(turn.units) or attaching.awaits_files(turn))


@router.around(lambda turn: bool(_sent(turn)) and _may_send(turn))
def with_media(turn: Turn, rest: Rest) -> Content | None:
    """The words of the message are answered as words; what came with them goes where the conversation then is."""
    said = _answer_words(turn, rest) if turn.text.strip() else None
    taken = _take(turn, _sent(turn))
    if said is None or taken is None:
        return said or taken
    return replace(said, text=f"{said.text}\n{taken.text}", card=said.card or taken.card)


@router.last(lambda turn: bool(_sent(turn)) and bool(turn.units) and bool(turn.text.strip()))
def caption(turn: Turn) -> Answer:
    """Words beside a picture that mean nothing else: no word of the unit is lost."""
    target, words = open_target(turn), turn.text.strip()
    if target is None:
        return None
    if target.filing.state in OPEN:
        target.filing.remarks = f"{target.filing.remarks}\n{words}".strip()
    elif target.filing.report is not None:
        report.add_words(target.filing.report, words)
    return None


@router.last(lambda turn: turn.message.kind in TAKEN)
def not_taken(turn: Turn) -> Answer:
    """From somebody who acts for no unit, or what the platform keeps to itself: nothing is fetched."""
    if not turn.message.addressed:
        return None
    if turn.units:
        return Content(say("media.no_file"))
    if turn.role:
        return Content(say("media.staff"))
    if turn.message.channel == OFFICIAL_ACCOUNT:
        held = turn.conversation
        if held.helped_at is not None and turn.now - held.helped_at < ONCE_AN_HOUR:
            return None
        held.helped_at = turn.now
    return Content(say("media.not_bound", in_group=turn.message.in_group))


@router.click("media.assign")
def assign_by_button(turn: Turn) -> Answer:
    text = _assign(turn, find_mine(turn, turn.argument))
    return Content(text, card=Card(clipped(text, 26), turn.message.task_id, (), description=text), update_card=True)


@router.command("取消", "不要了", when=lambda turn: turn.topic == TOPIC)
def drop(turn: Turn) -> Answer:
    rows = attachments.waiting(turn.session, turn.account.id)
    attachments.remove(turn.work, rows)
    turn.stop_talking()
    turn.work.audit(turn.actor, "attachment.drop", f"account:{turn.account.id}", count=len(rows))
    return Content(say("media.dropped"))


@router.topic(TOPIC)
def assign_in_words(turn: Turn) -> Answer:
    """The answer to «属于哪场活动»: a number of the list, a filing's number, or part of its name."""
    filings = [turn.session.get(Filing, one) for one in turn.conversation.state["filings"]]
    words = turn.text.strip().rstrip("。.")
    chosen = [
        one
        for at, one in enumerate(filings, 1)
        if one is not None and (words in (str(at), one.number) or (len(words) > 1 and words in one.name))
    ]
    if len(chosen) == 1:
        return Content(_assign(turn, find_mine(turn, chosen[0].number)))
    owed = turn.conversation.state.get("owed", [])
    at = (read_id(words) or 0) - len(filings) - 1
    if not 0 <= at < len(owed):
        return PASS
    notice, unit = turn.session.get_one(Notice, owed[at][0]), turn.session.get_one(Unit, owed[at][1])
    return Content(stray_files.assign(turn, notice, unit))


def ask_which(work: UnitOfWork, account: Account, conversation: Conversation, rows: Sequence[Attachment]) -> Content:
    """Ask which activity these belong to; what is answered is for all that wait."""
    noun, unit = noun_of([one.kind for one in rows])
    found, owed = candidates(work, account), stray_files.places(work, account, None)[: stray_files.MOST]
    if not found and not owed:
        return Content(say("media.nothing_open", noun=noun))
    conversation.topic, conversation.updated_at = TOPIC, work.now
    conversation.state = {"filings": [one.id for one in found], "owed": [[one.id, other.id] for one, other in owed]}
    year = work.settings.programme.year
    more = {"count": len(rows), "filings": found, "owed": owed, "year": year}
    text = say("media.which", noun=noun, unit=unit, **more)
    buttons = [Button(clipped(f"{one.number} {one.name}", 20), f"media.assign:{one.number}") for one in found]
    buttons += [
        Button(clipped(f"通知{one.id} {other.name}", 20), f"deliverable.assign:{one.id}:{other.id}")
        for one, other in owed
    ]
    card = Card(f"{noun}属于哪场活动？", f"media-{account.id}-{rows[-1].id}", tuple(buttons[:MOST_BUTTONS]))
    return Content(text, card=card)


def _answer_words(turn: Turn, rest: Rest) -> Content | None:
    """Have the words answered. A wish that cannot be met is undone by itself, and does not take the pictures with it."""
    _ = turn.conversation  # made outside of what may be undone
    try:
        with turn.session.begin_nested():
            return rest(turn)
    except UserError as refusal:
        return Content(str(refusal))


def _take(turn: Turn, media: Sequence[Media]) -> Content | None:
    """What is said of it at once: of a file only where one cannot be written to, for it has to be looked at first."""
    if attaching.awaits_files(turn):
        return attaching.take_files(turn, media)
    if deliverable.awaits_files(turn):
        return deliverable.take_files(turn, media)
    if sent_today(turn.work, turn.account) + len(media) > MOST_A_DAY:
        return Content(say("media.enough_today", most=MOST_A_DAY))
    target = open_target(turn)
    files = all(one.kind == "file" for one in media)
    if target is None and files:
        keep(turn, media, None, UNSEEN)
        return _looking(turn)
    room = max(0, room_for(turn.work, target, turn.account))
    noun, unit = noun_of([one.kind for one in media])
    if not room:
        most = MOST[target.purpose] if target else MOST_WAITING
        return Content(say("media.full", target=target, noun=noun, unit=unit, most=most))
    keep(turn, media[:room], target, UNSEEN if files else "")
    if target is not None and files:
        return _looking(turn)
    if target is not None:
        return Content(added(turn, target, [one.kind for one in media[:room]], len(media) - room))
    return ask_which(turn.work, turn.account, turn.conversation, attachments.waiting(turn.session, turn.account.id))


def _looking(turn: Turn) -> Content | None:
    """One message is enough: what became of the file, in a moment; in a group it would come elsewhere."""
    return Content(say("media.looking")) if turn.message.in_group else None


def _assign(turn: Turn, filing: Filing) -> str:
    target = target_of(filing, turn.now)
    if target is None:
        raise UserError(say("media.closed", filing=filing))
    rows = attachments.waiting(turn.session, turn.account.id)
    if not rows:
        return say("media.none_waiting")
    room = max(0, room_for(turn.work, target, turn.account))
    if not room:
        noun, unit = noun_of([one.kind for one in rows])
        return say("media.full", target=target, noun=noun, unit=unit, most=MOST[target.purpose])
    assign(turn.work, rows[:room], target, turn.actor)
    return added(turn, target, [one.kind for one in rows[:room]], len(rows) - room)


def added(turn: Turn, target: Target, kinds: Sequence[str], left_out: int) -> str:
    """Say where it went and what is wanted next; the conversation is about that, unless it has gone on to another."""
    filing = target.filing
    goes_on = turn.topic not in ("", TOPIC) and turn.conversation.state.get("filing") != filing.id
    if target.purpose == REPORT:
        if not goes_on:
            turn.talk(report.TOPIC, filing=filing.id)
        if filing.state == FilingState.QUERIED:
            report.sent_again(turn, filing)
    elif turn.topic != dialogue.TOPIC and not goes_on:
        dialogue.remember(turn, filing)
    noun, unit = noun_of(kinds)
    count = sum(one.kind in kinds for one in attachments.of_filing(turn.session, filing.id, target.purpose))
    wants_report = target.purpose == REPORT and (filing.report is None or filing.report.attendance is None)
    return say(
        "media.added",
        target=target,
        noun=noun,
        unit=unit,
        count=count,
        left_out=max(0, left_out),
        most=MOST[target.purpose],
        wants_report=wants_report,
    )
