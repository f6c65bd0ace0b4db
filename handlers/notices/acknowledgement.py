"""Acknowledgements 回执: by the button of a notice, or in words."""

import re

from sqlalchemy import Select, select

from bot.delivery import owing
from bot.delivery.own_pages import own_page
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.model import OUT, Acknowledgement, Notice, Unit
from bot.rules.acknowledging import is_acknowledgement, speaks_of_a_notice
from bot.rules.wording import clipped

router = Router()

TOPIC = "acknowledge"
SHOWN = 10
QUOTED = re.compile(r"通知[ ]?(\d{1,9})")
# A quote of the notice itself or of a reminder of it, not of a question of the bot that names it as well.
_OF_A_NOTICE = re.compile(r"(?:@\S+\s)*(?:【[^】\n]{1,12}】)?通知[ ]?\d{1,9}|“[^”\n]{1,80}”还没有")
_FOR_THE_RECEIPT = re.compile(r"前[^。；\n]{0,6}(?:回执|回复|确认)")  # by when the receipt itself is wanted
# What the dialogue of a filing asks for in words: «1» answers none of them. Nobody signs a notice by a slip.
_IN_WORDS = ("name", "place", "audience", "summary", "contact_name", "contact_phone", "late_reason", "cancel_reason")


@router.click("acknowledge")
def by_button(turn: Turn) -> Answer:
    number, _, unit = turn.argument.partition(":")
    notice = turn.session.get(Notice, int(number))
    if notice is None:
        return None
    answer = _acknowledge(turn, notice, "button", int(unit) if unit else None)
    if answer.card is not None:
        return answer
    # The card in the group serves every unit: it changes only for the one who pressed its button.
    card = Card(clipped(answer.text, 26), turn.message.task_id, (), description=answer.text)
    return Content(answer.text, card=card, update_card=True, update_for=(turn.account.external_id,))


@router.ahead(lambda turn: bool(turn.topic) and turn.topic != TOPIC and is_acknowledgement(turn.text))
def amid_another(turn: Turn) -> Answer:
    """«收到» while a filing or something else is asked for: it answers the notice, and what was asked stands."""
    notice = (_quoted(turn) or _newest_awaited(turn)) if turn.units else None
    if notice is None:
        return PASS
    if not speaks_of_a_notice(turn.text) and not _OF_A_NOTICE.match(turn.message.quoted):
        asking, choices = _asked_in_filing(turn), turn.conversation.state.get("options")
        if turn.text.strip() != "1" or choices or asking not in (*_IN_WORDS, "attendance"):
            return PASS
        return Content(say("acknowledgement.or_answer", notice=notice, people=asking == "attendance"))
    return _acknowledge(turn, notice, "words", None)


@router.free(lambda turn: is_acknowledgement(turn.text))
def in_words(turn: Turn) -> Answer:
    if not turn.units:
        return _unbound(turn)
    notice = _quoted(turn) or _newest_awaited(turn) or _newest_given(turn)
    if notice is None:
        return None if turn.message.in_group else PASS
    return _acknowledge(turn, notice, "words", None)


@router.command("我的回执", "我的待办")
def mine(turn: Turn) -> Answer:
    """What the units of whoever asks still owe, and what they have done; in direct chat with the page of each."""
    if not turn.units:
        return PASS if turn.role else Content(say("acknowledgement.not_bound", in_group=turn.message.in_group))
    rows = owing.rows_of(turn.work, [unit.id for unit in turn.units])
    owed = [row for row in rows if row.given_at is None or (row.notice.deliverable and row.delivered_at is None)]
    done = [row for row in rows if row not in owed]
    pages = {}
    if not turn.message.in_group:
        pages = {row.notice_id: "" for row in owed[:SHOWN]}
        pages = {one: own_page(turn.work, turn.session.get_one(Notice, one), turn.person_id) for one in pages}
    several = len(turn.units) > 1
    paper = next((row.notice for row in owed if row.notice.deliverable), None)
    more = {"paper": paper, "shown": owed[:SHOWN], "done": done[:SHOWN], "pages": pages, "several": several}
    return Content(say("acknowledgement.mine", owed=owed, total=len(done), now=turn.now, **more))


def _acknowledge(turn: Turn, notice: Notice, how: str, unit_id: int | None) -> Content:
    if not turn.units:
        return Content(say("acknowledgement.not_bound", in_group=turn.message.in_group))
    own = {unit.id: unit for unit in turn.units}
    wish = select(Acknowledgement).where(Acknowledgement.notice_id == notice.id, Acknowledgement.unit_id.in_(own))
    rows = list(turn.session.scalars(wish))
    if not rows or notice.is_to_come(turn.now):
        return Content(say("acknowledgement.not_asked", notice=notice))
    if notice.state not in OUT:
        return Content(say("acknowledgement.withdrawn", notice=notice, corrected=_corrected(turn, notice)))
    owed = [row for row in rows if row.given_at is None]
    if not owed:
        return Content(say("acknowledgement.already", notice=notice))
    chosen = unit_id or turn.conversation.unit_id
    if any(row.unit_id == chosen and row.given_at is not None for row in rows):
        # What was meant for the one unit is no answer of another.
        done = own[chosen or 0]
        return _which_unit(turn, notice, [own[row.unit_id] for row in owed], done)
    fitting = [row for row in owed if row.unit_id == chosen] or owed
    if len(fitting) > 1:
        return _which_unit(turn, notice, [own[row.unit_id] for row in fitting])
    row = fitting[0]
    row.given_at, row.person_id, row.how = turn.now, turn.account.person_id, how
    owing.stop_chases(turn.work, notice.id, row.unit_id)
    turn.work.audit(turn.actor, "notice.acknowledge", f"notice:{notice.id}", unit=row.unit_id, how=how)
    unit, due = own[row.unit_id], notice.deliverable if row.delivered_at is None else ""
    acts = _FOR_THE_RECEIPT.search(notice.body) is None
    more = {"in_group": turn.message.in_group, "due": due, "acts": acts, "now": turn.now}
    text = say("acknowledgement.taken", notice=notice, unit=unit, **more)
    _take_up(turn)
    if _asked_in_filing(turn) and not turn.message.in_group:
        text = f"{text}\n{say('acknowledgement.go_on')}"
    return Content(text, optional=True)  # many answer one notice at once: a busy group need not hear of each


def _corrected(turn: Turn, notice: Notice) -> Notice | None:
    """The notice that stands in place of a withdrawn one."""
    wish = select(Notice).where(Notice.corrects_id == notice.id, Notice.state.in_(OUT)).order_by(Notice.id.desc())
    return turn.session.scalars(wish.limit(1)).first()


def _which_unit(turn: Turn, notice: Notice, units: list[Unit], done: Unit | None = None) -> Content:
    """Ask for which unit; ``done``: the one that was meant and has answered already."""
    buttons = tuple(Button(clipped(unit.name, 20), f"acknowledge:{notice.id}:{unit.id}") for unit in units[:6])
    card = Card("为哪个单位回执？", turn.card_id(f"acknowledge-{notice.id}"), buttons)
    state = turn.conversation.state
    before = state.get("before") if turn.topic == TOPIC else [turn.topic, state]
    turn.talk(TOPIC, notice=notice.id, units=[unit.id for unit in units], before=before)
    return Content(say("acknowledgement.which_unit", notice=notice, units=units, done=done), card=card)


@router.topic(TOPIC)
def unit_in_words(turn: Turn) -> Answer:
    """The answer to «为哪个单位回执»: a number or part of a name."""
    units = [turn.session.get_one(Unit, one) for one in turn.conversation.state["units"]]
    notice = turn.session.get_one(Notice, turn.conversation.state["notice"])
    text = turn.text.strip()
    chosen = [unit for at, unit in enumerate(units, 1) if text == str(at) or (len(text) > 1 and text in unit.name)]
    if len(chosen) == 1:
        return _acknowledge(turn, notice, "words", chosen[0].id)
    if is_acknowledgement(text):  # once more: still nobody knows for which
        return _which_unit(turn, notice, units)
    _take_up(turn)
    return PASS


def _take_up(turn: Turn) -> None:
    """What was talked of before «为哪个单位回执» was asked goes on."""
    if turn.topic == TOPIC:
        topic, state = turn.conversation.state.get("before") or ("", {})
        turn.talk(topic, **state)


def _asked_in_filing(turn: Turn) -> str:
    """The field of a filing whose question stands."""
    return str(turn.conversation.state.get("asking", "")) if turn.topic == "filing" else ""


def _quoted(turn: Turn) -> Notice | None:
    found = QUOTED.search(turn.message.quoted)
    return turn.session.get(Notice, int(found[1])) if found else None


def _newest_awaited(turn: Turn) -> Notice | None:
    return turn.session.scalars(_of_own_units(turn).where(Acknowledgement.given_at.is_(None))).first()


def _newest_given(turn: Turn) -> Notice | None:
    return turn.session.scalars(_of_own_units(turn)).first()


def _of_own_units(turn: Turn) -> Select[Notice]:
    return (
        select(Notice)
        .join(Acknowledgement, Acknowledgement.notice_id == Notice.id)
        .where(
            Acknowledgement.unit_id.in_([unit.id for unit in turn.units]),
            Notice.state.in_(OUT),
            Notice.sent_at <= turn.now,
        )
        .order_by(Notice.id.desc())
    )


def _unbound(turn: Turn) -> Answer:
    """Somebody bound to no unit acknowledges: a hint where a notice waits for one, else not our business."""
    waiting = select(Acknowledgement.notice_id).where(Acknowledgement.given_at.is_(None)).limit(1)
    if turn.role is not None or not turn.message.addressed or turn.session.scalar(waiting) is None:
        return PASS
    if turn.message.channel != "work_group":
        return PASS
    return Content(say("acknowledgement.not_bound", in_group=turn.message.in_group))
