"""Pictures, videos and files: kept for the filing or report that is open, else for the one that the sender names."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Rest, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import OFFICIAL_ACCOUNT, Button, Card, Content, Media
from bot.model import Account, Attachment, Conversation, Filing, FilingState
from bot.rules.filing import OPEN
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
from handlers.notices import deliverable

router = Router()

TOPIC = "media"


def _sent(turn: Turn) -> list[Media]:
    return [one for one in turn.message.media if one.kind in TAKEN]


@router.around(lambda turn: bool(_sent(turn)) and bool(turn.units) and turn.message.addressed)
def with_media(turn: Turn, rest: Rest) -> Content | None:
    """The words of the message are answered as words; what came with them goes where the conversation then is."""
    said = _answer_words(turn, rest) if turn.text.strip() else None
    taken = _take(turn, _sent(turn))
    if said is None:
        return taken
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
    return Content(text, card=Card(text[:26], turn.message.task_id, (), description=text), update_card=True)


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
    return Content(_assign(turn, find_mine(turn, chosen[0].number))) if len(chosen) == 1 else PASS


def ask_which(work: UnitOfWork, account: Account, conversation: Conversation, rows: Sequence[Attachment]) -> Content:
    """Ask which activity these belong to; what is answered is for all that wait."""
    noun, unit = noun_of([one.kind for one in rows])
    found = candidates(work, account)
    if not found:
        return Content(say("media.nothing_open", noun=noun))
    conversation.topic, conversation.state = TOPIC, {"filings": [one.id for one in found]}
    conversation.updated_at = work.now
    year = work.settings.programme.year
    text = say("media.which", noun=noun, unit=unit, count=len(rows), filings=found, year=year)
    buttons = tuple(Button(f"{one.number} {one.name}"[:20], f"media.assign:{one.number}") for one in found)
    return Content(text, card=Card(f"{noun}属于哪场活动？", f"media-{account.id}-{rows[-1].id}", buttons))


def _answer_words(turn: Turn, rest: Rest) -> Content | None:
    """Have the words answered. A wish that cannot be met is undone by itself, and does not take the pictures with it."""
    _ = turn.conversation  # made outside of what may be undone
    try:
        with turn.session.begin_nested():
            return rest(turn)
    except UserError as refusal:
        return Content(str(refusal))


def _take(turn: Turn, media: Sequence[Media]) -> Content:
    if deliverable.awaits_files(turn):
        return deliverable.take_files(turn, media)
    if sent_today(turn.work, turn.account) + len(media) > MOST_A_DAY:
        return Content(say("media.enough_today", most=MOST_A_DAY))
    target = open_target(turn)
    if target is None and all(one.kind == "file" for one in media):
        keep(turn, media, None, UNSEEN)
        return Content(say("media.looking"))
    room = max(0, room_for(turn.work, target, turn.account))
    noun, unit = noun_of([one.kind for one in media])
    if not room:
        most = MOST[target.purpose] if target else MOST_WAITING
        return Content(say("media.full", target=target, noun=noun, unit=unit, most=most))
    keep(turn, media[:room], target)
    if target is not None:
        return Content(_added(turn, target, [one.kind for one in media[:room]], len(media) - room))
    return ask_which(turn.work, turn.account, turn.conversation, attachments.waiting(turn.session, turn.account.id))


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
    return _added(turn, target, [one.kind for one in rows[:room]], len(rows) - room)


def _added(turn: Turn, target: Target, kinds: Sequence[str], left_out: int) -> str:
    """Say where it went and what is wanted next; the conversation is about that from now on."""
    filing = target.filing
    if target.purpose == REPORT:
        turn.talk(report.TOPIC, filing=filing.id)
        if filing.state == FilingState.QUERIED:
            report.sent_again(turn, filing)
    elif turn.topic != dialogue.TOPIC:
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
