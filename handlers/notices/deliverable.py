"""What a notice asks units to hand in 报送材料: «交 12 …» or a file after «交 12»; staff name it, collect it, give it back."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.delivery import outgoing, owing
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content, File, Media
from bot.model import (
    OUT,
    Account,
    Acknowledgement,
    Attachment,
    AttachmentState,
    Deliverable,
    Notice,
    NoticeState,
    Role,
    Unit,
)
from bot.rules.acknowledging import is_acknowledgement
from bot.rules.ids import read_id
from bot.rules.understanding import looks_like_filing
from bot.store import deliverables, directory
from bot.store.unit_of_work import UnitOfWork
from handlers.attachments import MOST_A_DAY, keep, sent_today
from handlers.notices import broadcast, life

router = Router()

TOPIC, WHICH = "deliverable", "deliverable_unit"
NUMBERED = re.compile(r"(\d{1,9})(?:[\s：:，,、]+(.*))?", re.DOTALL)
LINK = re.compile(r"https?://\S+")
LONGEST_NAME, LONGEST_TEXT = 100, 4000
CLOSED = timedelta(minutes=30)  # a file that comes later is no longer meant for the notice


def _staff(turn: Turn) -> bool:
    return turn.role is not None


@router.command("需交", argument=True, when=_staff)
def ask_for(turn: Turn) -> Answer:
    """«需交 12 三季度进度表»."""
    notice, name = _notice_and_rest(turn, "deliverable.ask_how")
    if turn.role == Role.VIEWER:
        raise UserError(say("deliverable.may_not"))
    _check_changeable(notice)
    if not name or len(name) > LONGEST_NAME:
        raise UserError(say("deliverable.ask_how"))
    if notice.state in OUT and notice.deliverable not in ("", name):
        raise UserError(say("deliverable.asked_otherwise", notice=notice))
    notice.deliverable = name
    if notice.state in life.OPEN:
        notice.acknowledge = life.wants_answer(notice)
    if not notice.acknowledge or notice.state in (NoticeState.CANCELLED, NoticeState.WITHDRAWN):
        raise UserError(say("deliverable.needs_answer", notice=notice))
    turn.work.audit(turn.actor, "notice.deliverable", f"notice:{notice.id}")
    return Content(say("deliverable.asked", notice=notice))


@router.command("不需交", "不用交", "不收材料", argument=True, when=_staff)
def ask_for_nothing(turn: Turn) -> Answer:
    """«不需交» of the notice under way, «不需交 12» of a named one: the answer alone is wanted, if even that."""
    if turn.argument and read_id(turn.argument) is None:
        return PASS
    under_way = turn.conversation.state.get("notice") if turn.topic == broadcast.TOPIC else None
    if turn.role == Role.VIEWER:
        raise UserError(say("deliverable.may_not"))
    notice = turn.session.get(Notice, read_id(turn.argument) or under_way)
    if notice is None:
        raise UserError(say("deliverable.not_wanted_how"))
    _check_changeable(notice)
    notice.deliverable = ""
    if notice.state in life.OPEN:
        notice.acknowledge = life.wants_answer(notice)
    turn.work.audit(turn.actor, "notice.deliverable", f"notice:{notice.id}")
    return Content(say("deliverable.not_wanted", notice=notice, open=notice.state in life.OPEN))


@router.command("收材料", argument=True, when=_staff)
def collect(turn: Turn) -> Answer:
    """The list in words, the files as .zip in direct chat."""
    from handlers.notices.deliverable_files import pack  # with zipfile, imported at the first collection

    notice, _ = _notice_and_rest(turn, "deliverable.collect_how")
    if turn.message.in_group:
        return Content(say("deliverable.privately"))
    found = deliverables.good(turn.work, notice.id)
    names = {unit.id: unit.name for unit in turn.session.scalars(select(Unit))}
    parts = pack(turn.work.files, found, names)
    sent = 0
    for at, content in enumerate(parts, 1):
        file = File(turn.work.files.put(content), f"通知{notice.id}材料{at if len(parts) > 1 else ''}.zip")
        key = f"answer:{turn.message.channel}:{turn.message.message_id}:zip{at}"
        sent += outgoing.file_to_account(turn.work, turn.account, file, "", key=key)
    turn.work.audit(turn.actor, "deliverable.collect", f"notice:{notice.id}", count=len(found))
    lines = [(names[one.unit_id], one) for one in found]
    missing = owing.undelivered(turn.work, notice)
    text = say("deliverable.collected", notice=notice, lines=lines, missing=missing, sent=sent, parts=len(parts))
    return Content(text)


@router.command("退回材料", argument=True, when=_staff)
def give_back(turn: Turn) -> Answer:
    """«退回材料 12 单位 原因»: all that the unit handed in so far; its contacts hear why."""
    notice, rest = _notice_and_rest(turn, "deliverable.back_how")
    if turn.role == Role.VIEWER:
        raise UserError(say("deliverable.may_not"))
    words, _, why = rest.partition(" ")
    if not words or not why.strip():
        raise UserError(say("deliverable.back_how"))
    units = directory.find_units(turn.session, words)
    if len(units) != 1:
        near = [] if units else directory.units_meant_by(turn.session, words)
        raise UserError(say("deliverable.back_which", words=words, units=units, near=near))
    rows = deliverables.good(turn.work, notice.id, units[0].id)
    if not rows:
        raise UserError(say("deliverable.nothing_to_return", notice=notice, unit=units[0]))
    for row in rows:
        row.returned_why = why.strip()
    deliverables.refresh(turn.work, notice.id, units[0].id)
    turn.work.audit(turn.actor, "deliverable.return", f"notice:{notice.id}", unit=units[0].id, count=len(rows))
    content = Content(say("deliverable.returned", notice=notice, unit=units[0], why=why.strip()), title="材料退回")
    key = f"deliverable:{rows[-1].id}:returned"
    outgoing.to_unit(turn.work, units[0].id, content, purpose="reminder", key=key, notice_id=notice.id)
    return Content(say("deliverable.returned_done", notice=notice, unit=units[0]))


@router.command("交", argument=True, when=lambda turn: bool(turn.units))
def hand_in(turn: Turn) -> Answer:
    """«交 12 …»: words or a link at once; without either, the files that follow."""
    found = NUMBERED.fullmatch(turn.argument)
    if found is None:
        return PASS
    notice = turn.session.get(Notice, int(found[1]))
    units = asked(turn, notice) if notice is not None else []
    if notice is not None and units and notice.state not in OUT:
        return Content(say("deliverable.withdrawn", notice=notice))
    if notice is None or not units:
        return Content(say("deliverable.not_asked", number=found[1]))
    words = (found[2] or "").strip()
    unit, words = _unit_of(turn, units, words)
    if unit is None:
        turn.talk(WHICH, notice=notice.id, units=[one.id for one in units], words=words)
        return Content(say("deliverable.which_unit", notice=notice, units=units))
    return _take(turn, notice, unit, words)


@router.topic(WHICH)
def unit_in_words(turn: Turn) -> Answer:
    """The answer to «为哪个单位报送»: a number or part of a name."""
    state, said = turn.conversation.state, turn.text.strip()
    units = [turn.session.get_one(Unit, one) for one in state["units"]]
    chosen = [one for at, one in enumerate(units, 1) if said == str(at) or (len(said) > 1 and said in one.name)]
    turn.stop_talking()
    if len(chosen) != 1:
        return PASS
    return _take(turn, turn.session.get_one(Notice, state["notice"]), chosen[0], state["words"])


@router.command("取消", when=lambda turn: turn.topic in (TOPIC, WHICH))
def stop_waiting(turn: Turn) -> Answer:
    number = turn.conversation.state["notice"]
    turn.stop_talking()
    return Content(say("deliverable.stopped", number=number))


@router.topic(TOPIC)
def words_instead(turn: Turn) -> Answer:
    """Words where a file is waited for: how they are handed in, not a guess that they are meant so."""
    other = looks_like_filing(turn.text) or is_acknowledgement(turn.text)
    if other or not awaits_files(turn) or not turn.message.addressed:
        return PASS
    notice = turn.session.get_one(Notice, turn.conversation.state["notice"])
    unit = turn.session.get_one(Unit, turn.conversation.state["unit"])
    return Content(say("deliverable.words_how", notice=notice, unit=unit if len(turn.units) > 1 else None))


def _take(turn: Turn, notice: Notice, unit: Unit, words: str) -> Content:
    """The words at once; without any, the files that follow."""
    if not words:
        turn.talk(TOPIC, notice=notice.id, unit=unit.id)
        return Content(say("deliverable.send_it", notice=notice, unit=unit, several=len(turn.units) > 1))
    kind = "link" if LINK.search(words) else "text"
    who = {"person_id": turn.person_id, "kind": kind, "text": words[:LONGEST_TEXT]}
    _add(turn.work, turn.actor, notice.id, unit.id, **who)
    return Content(_taken(turn.work, notice, unit))


def awaits_files(turn: Turn) -> bool:
    """Whether files that come now are meant for a notice."""
    return turn.topic == TOPIC and turn.now - turn.conversation.updated_at < CLOSED


def take_files(turn: Turn, media: Sequence[Media]) -> Content:
    """Note the files of a message for the notice that the conversation is about; they count once they are here."""
    state = turn.conversation.state
    if sent_today(turn.work, turn.account) + len(media) > MOST_A_DAY:
        return Content(say("media.enough_today", most=MOST_A_DAY))
    rows = keep(turn, media, None, deliverables.PURPOSE)
    notice, unit = turn.session.get_one(Notice, state["notice"]), turn.session.get_one(Unit, state["unit"])
    said = hand_in_files(turn.work, notice, unit, rows, turn.actor)
    turn.conversation.updated_at = turn.now
    return Content(said)


def hand_in_files(work: UnitOfWork, notice: Notice, unit: Unit, rows: Sequence[Attachment], actor: str) -> str:
    """Files that are noted already are handed in; gives the sentence. What is still being fetched counts once it is here."""
    for row in rows:
        row.filing_id, row.purpose = None, deliverables.PURPOSE
        person_id = work.session.get_one(Account, row.account_id).person_id
        _add(work, actor, notice.id, unit.id, person_id=person_id, kind="file", attachment_id=row.id)
    here = any(row.state == AttachmentState.KEPT for row in rows)
    return _taken(work, notice, unit) if here else say("deliverable.looking")


def settle(work: UnitOfWork, attachment: Attachment, *, kept: bool) -> str:
    """A file that was handed in has been fetched; gives the sentence for who sent it, empty where it did not come."""
    row = deliverables.of_attachment(work, attachment)
    if row is None:
        return ""
    notice, unit = work.session.get_one(Notice, row.notice_id), work.session.get_one(Unit, row.unit_id)
    if kept:
        return _taken(work, notice, unit)
    work.session.delete(row)
    attachment.purpose = ""
    return ""


def _add(work: UnitOfWork, actor: str, notice_id: int, unit_id: int, **fields: object) -> None:
    work.session.add(Deliverable(notice_id=notice_id, unit_id=unit_id, at=work.now, **fields))
    work.audit(actor, "deliverable.take", f"notice:{notice_id}", unit=unit_id, kind=fields["kind"])


def _taken(work: UnitOfWork, notice: Notice, unit: Unit) -> str:
    count = deliverables.refresh(work, notice.id, unit.id)
    owing.stop_chases(work, notice.id, unit.id)
    return say("deliverable.taken", notice=notice, unit=unit, count=count)


def _check_changeable(notice: Notice) -> None:
    """What is being reviewed, or was approved and has not gone, says already what it asks for."""
    if notice.state in (NoticeState.SUBMITTED, NoticeState.SCHEDULED):
        raise UserError(say("broadcast.not_open", notice=notice, state=life.STATES[NoticeState(notice.state)]))


def asked(turn: Turn, notice: Notice) -> list[Unit]:
    """Those of the person's units that are asked to hand something in."""
    if not notice.deliverable or notice.is_to_come(turn.now):
        return []
    wish = select(Acknowledgement.unit_id).where(Acknowledgement.notice_id == notice.id)
    asked = set(turn.session.scalars(wish))
    return [unit for unit in turn.units if unit.id in asked]


def _unit_of(turn: Turn, units: Sequence[Unit], words: str) -> tuple[Unit | None, str]:
    """For which unit it is: the only one, the one named in front, or the one of this conversation; and the rest."""
    if len(units) == 1:
        return units[0], words
    head, _, rest = words.partition(" ")
    named = [unit for unit in units if len(head) > 1 and head in unit.name]
    if len(named) == 1:
        return named[0], rest.strip()
    return next((unit for unit in units if unit.id == turn.conversation.unit_id), None), words


def _notice_and_rest(turn: Turn, how: str) -> tuple[Notice, str]:
    number, _, rest = turn.argument.partition(" ")
    which = read_id(number)
    notice = turn.session.get(Notice, which) if which is not None else None
    if notice is None:
        raise UserError(say(how))
    return notice, rest.strip()
