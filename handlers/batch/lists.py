"""Several activities in one message, from Excel or as a 接龙: drafts at once, answered line by line, submitted together.

The conversation remembers which line is which draft (topic ``batch``: ``lines``, number → row id), so that «3 地点 大步村»
completes the third, also a day later and in another chat.
"""

from collections.abc import Sequence

from bot.delivery import outgoing
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Card, Content
from bot.model import Filing, FilingState
from bot.rules.asides import Aside, read_aside
from bot.rules.understanding import understand
from bot.rules.understanding.batch import Row, said_beside, split
from bot.rules.wording import clipped
from handlers import privately
from handlers.batch import completion as batch_completion
from handlers.batch import strangers as batch_strangers
from handlers.batch.answer import SHOWN, brief, next_words, overview, short_of
from handlers.batch.drafts import Line, Taken, give_reason, left_over, move_to_unit, open_lines, take
from handlers.filing import conflicts as filing_conflicts
from handlers.filing.draft import judge
from handlers.filing.life import move
from handlers.filing.submission import lodge

router = Router()

TOPIC = "batch"


@router.command("报备", "我要报备", "活动报备", argument=True)
def with_its_word(turn: Turn) -> Answer:
    return _take(turn)


@router.topic("filing")
@router.topic("unit")
@router.topic("media")
def while_something_is_open(turn: Turn) -> Answer:
    """A list is no answer to a question about one activity."""
    return _take(turn)


@router.free()
def from_a_list(turn: Turn) -> Answer:
    return _take(turn)


@router.command("全部提交", "都提交", "一起提交")
def submit_all(turn: Turn) -> Answer:
    return _submit(turn)


@router.command("提交", "确认", "确认提交", when=lambda turn: turn.topic == TOPIC)
def submit_these(turn: Turn) -> Answer:
    return _submit(turn)


@router.click("batch.submit")
def submit_by_button(turn: Turn) -> Answer:
    return _settled(turn, _submit(turn))


@router.command("全部取消", "都取消", "都不要了")
def cancel_all(turn: Turn) -> Answer:
    return _cancel(turn)


@router.click("batch.cancel")
def cancel_by_button(turn: Turn) -> Answer:
    return _settled(turn, _cancel(turn))


@router.command("逾期原因", argument=True, when=lambda turn: turn.topic == TOPIC)
def reason_for_all(turn: Turn) -> Answer:
    if not turn.argument:
        return Content(say("batch.reason_how"))
    lines = _lines(turn)
    late = give_reason(turn, lines, turn.argument)
    following = next_words(turn, lines)
    if not late:
        return Content(say("batch.no_reason_wanted", next=following))
    return Content(say("batch.reason_taken", late=late, most=SHOWN, next=following))


@router.command("单位", argument=True, when=lambda turn: turn.topic == TOPIC)
def unit_for_all(turn: Turn) -> Answer:
    """Whose the lines are that do not say it."""
    lines = _lines(turn)
    open_ = [one for one in lines if one.filing.unit_id is None and one.stranger is None]
    words = turn.argument.rstrip("。.")
    chosen = [unit for at, unit in enumerate(turn.units, 1) if words and (words == str(at) or words in unit.name)]
    if not open_ or len(chosen) != 1:
        return PASS
    turn.conversation.unit_id = chosen[0].id
    for one in open_:
        move_to_unit(turn.work, one.filing, chosen[0].id)
    return Content(say("batch.unit_taken", count=len(open_), unit=chosen[0], next=next_words(turn, lines)))


@router.topic(TOPIC)
def complete(turn: Turn) -> Answer:
    """«3 地点 大步村», several such lines, or «负责人 我» for all that lack it."""
    if turn.message.in_group and not turn.message.addressed:
        return PASS
    if split(turn.text) is not None and not batch_completion.names_lines(turn.text, turn.conversation.state["lines"]):
        return _take(turn)
    meant = read_aside(turn.text)
    if meant is Aside.SUBMIT or meant is Aside.GIVE_UP:
        return _submit(turn) if meant is Aside.SUBMIT else _cancel(turn)
    lines = _lines(turn)
    if meant is Aside.NOD and lines:
        return Content(next_words(turn, lines))
    outcome = batch_completion.complete(turn, lines)
    if outcome is None:
        return PASS
    if outcome.which:
        turn.talk(TOPIC, **{**turn.conversation.state, "value": turn.text.strip()})
        return Content(say("batch.which", lines=outcome.which, words=turn.text.strip(), most=SHOWN))
    turn.talk(TOPIC, **{**turn.conversation.state, "value": ""})
    short = short_of(turn, lines) if not outcome.done or any(one.ready for one in lines) else []
    words = say(
        "batch.filled", done=outcome.done, refused=outcome.refused, short=short[:3], most=SHOWN,
        next=next_words(turn, lines),
    )  # fmt: skip
    return Content(words)


def resume_after_binding(turn: Turn) -> Content | None:
    """The list that waited while its author was not bound; None where fewer than two drafts of one wait."""
    waiting = [one for one in left_over(turn) if one.filing.unit_id is None]
    if len(waiting) < 2:
        return None
    for one in waiting:
        one.filing.person_id = turn.account.person_id
        if len(turn.units) == 1:
            move_to_unit(turn.work, one.filing, turn.units[0].id)
    remember(turn, waiting)
    return overview(turn, waiting)


def remember(turn: Turn, taken: Sequence[Taken]) -> None:
    """From here on the conversation is about these lines."""
    turn.talk(TOPIC, lines={str(one.number): one.filing.id for one in taken if not one.filed})


def _take(turn: Turn) -> Answer:
    rows = split(turn.text)
    if rows is None:
        return PASS
    if turn.role is not None and not turn.units:
        return Content(say("batch.staff"))
    taken = take(turn, [_line(turn, row) for row in rows], "chain" if rows[0].chain else "table")
    remember(turn, taken)
    if not turn.units:
        return Content(say("batch.not_bound", total=len(taken), in_group=turn.message.in_group))
    batch_strangers.ask_staff(turn, taken)
    content = overview(turn, taken, left_off=rows.left_off, around=said_beside(rows.around))
    if not turn.message.in_group:
        return content
    direct = turn.account.direct
    if direct:
        privately.push(turn, content, "batch")
    return Content(brief(turn, taken, direct=direct, left_off=rows.left_off))


def _line(turn: Turn, row: Row) -> Line:
    understood = understand(row.text, turn.now)
    return Line(row.number, understood.found, understood.questions, understood.remarks, unit=row.unit)


def _lines(turn: Turn) -> list[Taken]:
    """What the list still holds; where the conversation has gone on to something else, every list not yet submitted."""
    if turn.topic == TOPIC:
        return open_lines(turn, turn.conversation.state["lines"])
    return left_over(turn)


def _submit(turn: Turn) -> Content:
    lines = _lines(turn)
    for one in lines:
        judge(turn.work, one.filing)  # it may have lain for days
    sent = [one for one in lines if one.ready]
    left = [one for one in lines if not one.ready]
    if not lines:
        return Content(say("batch.nothing"))
    for one in sent:
        lodge(turn.work, one.filing, account_id=turn.account.id, place=turn.place, show=len(sent) == 1)
    if len(sent) > 1:
        _tell_staff(turn, [one.filing for one in sent])
    if left:
        remember(turn, left)
    else:
        turn.stop_talking()
    return Content(
        say(
            "batch.submitted", sent=sent, short=short_of(turn, left), most=SHOWN, next=next_words(turn, left),
            days=turn.settings.programme.report_days,
        )
    )  # fmt: skip


def _tell_staff(turn: Turn, filings: Sequence[Filing]) -> None:
    """One message for all of them, to each member of staff."""
    turn.session.flush()
    who = turn.person.name if turn.person else ""
    units = {one.unit_id: one.unit for one in filings if one.unit is not None}
    late = [one for one in filings if one.late_days and not one.retroactive]
    doubts = filing_conflicts.flags_of(turn.work, filings[:SHOWN])
    shown = {"filings": filings, "late": late, "doubts": doubts, "most": SHOWN, "year": turn.settings.programme.year}
    text = say("batch.staff_many", who=who, units=list(units.values()), **shown)
    key = f"filing:{filings[0].number}:submitted:{filings[0].version}:list"
    outgoing.to_staff(turn.work, Content(text), key=key, filing_id=filings[0].id)


def _cancel(turn: Turn) -> Content:
    lines = _lines(turn)
    if not lines:
        return Content(say("batch.nothing"))
    for one in lines:
        move(turn.work, one.filing, FilingState.CANCELLED, account_id=turn.account.id, place=turn.place)
    turn.stop_talking()
    return Content(say("batch.cancelled", count=len(lines)))


def _settled(turn: Turn, done: Content) -> Content:
    """The clicked card without its buttons, saying what was done."""
    title = clipped(done.text.split("：", 1)[0].split("，", 1)[0], 26)
    card = Card(title, turn.message.task_id, (), description=done.text)
    return Content(done.text, card=card, update_card=True)
