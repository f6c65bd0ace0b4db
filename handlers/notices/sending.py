"""Staff and what is being sent: how far it is, pausing and going on, and what to make of sends in doubt."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.delivery import chains, pausing, receipts, results
from bot.delivery.progress import progress as count
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import CHANNEL_NAMES, WORK_GROUP, Card, Content
from bot.model import OUT, Delivery, DeliveryState, Notice, NoticeState, Person
from bot.rules.ids import read_id
from bot.store import directory, links
from handlers.notices import life

router = Router(when=lambda turn: turn.role is not None)

OPEN = (DeliveryState.AMBIGUOUS, DeliveryState.FAILED)
DECIDABLE = (*OPEN, DeliveryState.UNREACHABLE)
SHOWN = 10
LIVE_LINK = timedelta(days=2)
_OF_NOTICE = re.compile(r"通知\s*(\d{1,9})(?:\s*全部)?")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@router.command("进度", argument=True)
def progress(turn: Turn) -> Answer:
    """How far a notice is, and when the last of it will go."""
    notice = _notice(turn, turn.argument)
    seen = count(turn.session, notice, turn.now)
    live = ""
    if not seen.over and not turn.message.in_group:
        live = links.make(turn.work, "progress", life=LIVE_LINK, notice_id=notice.id, person_id=turn.person_id)
    state = life.STATES.get(NoticeState(notice.state), "")
    told = receipts.of_mass_sends(turn.session, notice.id)
    out = notice.state in OUT
    more = {
        "articles": receipts.articles_of(turn.session, notice.id) if out else [],
        "mass": (sum(one.sent for one in told), sum(one.failed for one in told)) if told else (),
        "unreported": len(receipts.overdue(turn.session, turn.now, notice.id)),
    }
    return Content(say("delivery.progress", notice=notice, seen=seen, state=state, live=live, now=turn.now, **more))


@router.command("暂停", argument=True)
def pause(turn: Turn) -> Answer:
    if read_id(turn.argument) is None:
        return PASS
    person = _one_of(turn, directory.WRITING, "broadcast.may_not_write")
    notice = _notice(turn, turn.argument)
    waiting = pausing.pause(turn.work, notice, turn.actor, say("delivery.paused_by", name=person.name))
    return Content(say("delivery.paused", notice=notice, waiting=waiting))


@router.command("继续", argument=True)
def resume(turn: Turn) -> Answer:
    if read_id(turn.argument) is None:
        return PASS
    return Content(_resume(turn))


@router.click("notice.resume")
def resume_by_button(turn: Turn) -> Answer:
    return _settle(turn, f"通知 {turn.argument} 继续发送", _resume(turn))


@router.click("notice.stop")
def stop_by_button(turn: Turn) -> Answer:
    person = _one_of(turn, directory.WRITING, "broadcast.may_not_write")
    notice = _notice(turn, turn.argument)
    return _settle(turn, f"通知 {notice.id} 已撤回", life.call_back(turn.work, notice, person))


@router.command("待确认", argument=True)
def doubts(turn: Turn) -> Answer:
    """What staff have to decide on, of one notice or of all."""
    wish = select(Delivery).where(Delivery.state.in_(OPEN), Delivery.purpose != "staff").order_by(Delivery.id)
    notice = _notice(turn, turn.argument) if turn.argument else None
    if notice is not None:
        wish = wish.where(Delivery.notice_id == notice.id)
    rows = list(turn.session.scalars(wish))
    shown = [(row, _whom(turn, row)) for row in rows[:SHOWN]]
    return Content(say("delivery.doubts", shown=shown, total=len(rows), notice=notice))


@router.command("重发", argument=True)
def resend(turn: Turn) -> Answer:
    return Content(_decide(turn, sent=False))


@router.click("resend")
def resend_by_button(turn: Turn) -> Answer:
    return _settle(turn, f"发送 {turn.argument} 已处理", _decide(turn, sent=False))


@router.command("算已发", argument=True)
def count_as_sent(turn: Turn) -> Answer:
    return Content(_decide(turn, sent=True))


@router.click("counted")
def count_by_button(turn: Turn) -> Answer:
    return _settle(turn, f"发送 {turn.argument} 已处理", _decide(turn, sent=True))


def _decide(turn: Turn, *, sent: bool) -> str:
    """What staff make of deliveries in doubt or failed: of some by their numbers, or of all of a notice."""
    _one_of(turn, directory.APPROVING, "broadcast.may_not_approve")
    rows = _named(turn)
    if sent:
        results.count_by_hand(turn.work, rows)
    elif gone := next((row for row in rows if not receipts.may_go_again(row)), None):
        raise UserError(say("delivery.list_gone", row=gone))
    for row in rows:
        turn.work.audit(turn.actor, "delivery.decide", f"delivery:{row.id}", sent=sent)
        if sent:
            row.state, row.sent_at = DeliveryState.SENT, turn.now
        else:
            row.state, row.not_before, row.not_after, row.attempts = DeliveryState.QUEUED, turn.now, None, 0
    turn.session.flush()
    follow_up = chains.release if sent else chains.restore
    follow_up(turn.work, [row.id for row in rows])
    turn.work.wake = turn.work.wake or not sent
    return say("delivery.counted" if sent else "delivery.resent", rows=rows)


def _named(turn: Turn) -> Sequence[Delivery]:
    of_notice = _OF_NOTICE.fullmatch(turn.argument.strip())
    if of_notice:
        notice = _notice(turn, of_notice[1])
        wish = select(Delivery).where(
            Delivery.notice_id == notice.id, Delivery.state.in_(OPEN), Delivery.purpose != "staff"
        )
        rows = list(turn.session.scalars(wish.order_by(Delivery.id)))
        if not rows:
            raise UserError(say("delivery.no_doubts", notice=notice))
        return rows
    found = []
    for word in filter(None, _BETWEEN.split(turn.argument)):
        number = read_id(word)
        row = turn.session.get(Delivery, number) if number is not None else None
        if row is None or row.state not in DECIDABLE:
            raise UserError(say("broadcast.no_doubt", number=word[:10]))
        found.append(row)
    if not found:
        raise UserError(say("delivery.which"))
    return found


def _resume(turn: Turn) -> str:
    _one_of(turn, directory.APPROVING, "delivery.may_not_resume")
    notice = _notice(turn, turn.argument)
    waiting = pausing.resume(turn.work, notice, turn.actor)
    return say("delivery.resumed", notice=notice, waiting=waiting)


def _whom(turn: Turn, row: Delivery) -> str:
    """The receiver in words; an account's own name is nobody's business."""
    person = turn.session.get(Person, row.person_id) if row.person_id else None
    groups = turn.settings.work_group.groups if turn.settings.work_group else []
    named = {one.chat_id: one.name for one in groups} if row.channel == WORK_GROUP else {}
    if person is not None and person.name:
        return person.name
    return named.get(row.recipient) or f"{CHANNEL_NAMES.get(row.channel, '其他')} …{row.recipient[-4:]}"


def _notice(turn: Turn, number: str) -> Notice:
    found_id = read_id(number)
    found = turn.session.get(Notice, found_id) if found_id is not None else None
    if found is None:
        raise UserError(say("broadcast.unknown", number=number[:10]))
    return found


def _one_of(turn: Turn, roles: Sequence[str], refusal: str) -> Person:
    """The person, where their role allows it."""
    if turn.role not in roles or turn.person is None:
        raise UserError(say(refusal))
    return turn.person


def _settle(turn: Turn, title: str, text: str) -> Content:
    return Content(text, card=Card(title, turn.message.task_id, (), description=text), update_card=True)
