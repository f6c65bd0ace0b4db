"""Filing by chat: free text, labelled lines or question by question; card, correction, amendment, submit, take back."""

import re

from sqlalchemy import select

from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Filing, FilingState, Unit
from bot.rules.filing import GUIDED, OPEN, STANDING
from bot.rules.understanding import correction_questions, looks_like_filing, understand, understand_correction
from bot.rules.wording import clipped
from bot.store.prepared import Prepared
from handlers.filing import card as filing_card
from handlers.filing import dialogue
from handlers.filing import ending as filing_ending
from handlers.filing.draft import (
    ALL_MINE,
    fill,
    find_mine,
    judge,
    new_draft,
    open_drafts,
    same_draft,
    untouched,
    whose,
)
from handlers.filing.fields import Fields
from handlers.filing.life import REPORT_DUE, TO_BE_COMPLETED, state_of
from handlers.filing.submission import is_ready, lodge, lodge_amendment

router = Router()

NUMBER = re.compile(r"\s*(\d{4}-\d{4,})[\s：:，,]*(.*)", re.DOTALL)
SHOWN = 10
# Only what the list shows.
_NEWEST = Prepared(
    select(
        Filing.number, Filing.name, Filing.state, Filing.start, Filing.end, Filing.all_day, Filing.late_days,
        Filing.retroactive, Filing.pending,
    )
    .where(ALL_MINE)
    .order_by(Filing.id.desc())
    .limit(SHOWN + 1)
)  # fmt: skip


@router.command("我的报备", "报备记录")
def list_mine(turn: Turn) -> Answer:
    found = _NEWEST.run(turn.work.connection, whose(turn))
    shown = found[:SHOWN]
    states = {one.number: state_of(one, turn.now) for one in shown}
    return Content(
        say(
            "filing.mine",
            filings=shown,
            more=len(found) > len(shown),
            states=states,
            first_due=next((number for number, state in states.items() if state in (REPORT_DUE, TO_BE_COMPLETED)), ""),
            first_open=next((one.number for one in shown if one.state in OPEN), ""),
            year=turn.settings.programme.year,
        )
    )


@router.event("menu")
def from_menu(turn: Turn) -> Answer:
    if turn.message.key == "menu:file":
        return start(turn)
    return list_mine(turn) if turn.message.key == "menu:mine" else PASS


@router.command("报备", "我要报备", "活动报备", argument=True)
def start(turn: Turn) -> Answer:
    if turn.message.kind == "event" or not turn.argument:
        return _start_guided(turn)
    if not looks_like_filing(turn.text) and not looks_like_filing(f"报备：{turn.argument}"):
        return PASS
    return _file(turn)


@router.command("提交", "确认提交", "确认", argument=True)
def submit(turn: Turn) -> Answer:
    if turn.argument and not NUMBER.fullmatch(turn.argument):
        return PASS
    filing = _addressed(turn, "提交")
    return _submit(turn, filing) if isinstance(filing, Filing) else filing


@router.click("filing.submit")
def submit_by_button(turn: Turn) -> Answer:
    filing = find_mine(turn, turn.argument)
    if filing_card.is_outdated(filing, turn.message.task_id) and (filing.state in OPEN or filing.pending):
        return dialogue.after_click(turn, f"{filing.number} 已有新的内容", dialogue.next_step(turn, filing))
    answer = _submit(turn, filing)
    if filing.state in OPEN or filing.pending:
        return dialogue.after_click(turn, f"{filing.number} 还差一项", answer)
    return dialogue.settle(turn, _headline(answer.text), answer.text)


@router.command("修改", "变更", "更改", argument=True)
def change(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if turn.argument and not named:
        return PASS  # «修改时间为…» is a correction
    filing = _addressed(turn, "修改")
    if not isinstance(filing, Filing):
        return filing
    return _change(turn, filing, named[2].strip() if named else "")


@router.click("filing.change")
def change_by_button(turn: Turn) -> Answer:
    filing = find_mine(turn, turn.argument)
    answer = _change(turn, filing, "")
    if filing.state in OPEN and not turn.conversation.state.get("asking"):
        answer = Content(say("filing.change_how"))  # the card is before their eyes
    return dialogue.after_click(turn, f"{filing.number} 修改中", answer)


@router.command("取消", argument=True)
def cancel(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if turn.argument and not named:
        return PASS
    filing = _addressed(turn, "取消")
    if not isinstance(filing, Filing):
        return filing
    if named and not named[2].strip() and filing.state in STANDING and filing.pending:
        return filing_ending.which_end(turn, filing)
    return _cancel(turn, filing, named[2].strip() if named else "")


@router.click("filing.cancel")
def cancel_by_button(turn: Turn) -> Answer:
    answer = _cancel(turn, find_mine(turn, turn.argument), "")
    return dialogue.settle(turn, _headline(answer.text), answer.text)


@router.click("filing.drop")
def drop_by_button(turn: Turn) -> Answer:
    filing = find_mine(turn, turn.argument)
    if filing.state not in STANDING or not filing.pending:
        raise UserError(say("help.stale_button"))
    answer = filing_ending.drop_amendment(turn, filing)
    return dialogue.settle(turn, _headline(answer.text), answer.text)


@router.click("filing.call_off")
def call_off_by_button(turn: Turn) -> Answer:
    """The activity itself, whatever was being changed of it."""
    filing = find_mine(turn, turn.argument)
    return dialogue.after_click(turn, f"取消 {filing.number}", filing_ending.cancel(turn, filing, ""))


@router.command("撤回", argument=True)
def withdraw(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if not named:
        return PASS  # staff recall notices with the same word
    return filing_ending.withdraw(turn, find_mine(turn, named[1]), named[2].strip())


@router.command("上一步")
def back(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    return dialogue.step_back(turn, filing) if filing else Content(say("filing.no_dialogue"))


@router.command("跳过")
def skip(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    return dialogue.skip(turn, filing) if filing else Content(say("filing.no_dialogue"))


@router.click("filing.skip")
def skip_by_button(turn: Turn) -> Answer:
    filing, _ = _asked_by(turn)
    return dialogue.after_click(turn, "已跳过", dialogue.skip(turn, filing))


@router.click("filing.choose")
def choose_by_button(turn: Turn) -> Answer:
    filing, choice = _asked_by(turn)
    return dialogue.after_click(turn, f"已选 {choice}", dialogue.answer(turn, filing, choice))


@router.command("切换单位")
def switch_unit(turn: Turn) -> Answer:
    if not turn.units:
        return Content(say("filing.not_bound_start", in_group=turn.message.in_group))
    if len(turn.units) == 1:
        return Content(say("filing.only_unit", unit=turn.units[0]))
    turn.conversation.unit_id = None
    filing = dialogue.current(turn)
    if filing is not None and filing.state == FilingState.DRAFT:
        filing.unit_id = None
        return dialogue.next_step(turn, filing)
    turn.talk("unit")
    return filing_card.which_unit(turn.units, turn.card_id("unit"))


@router.click("unit")
def unit_by_button(turn: Turn) -> Answer:
    unit = turn.session.get(Unit, int(turn.argument))
    if unit is None or unit not in turn.units:
        raise UserError(say("filing.not_bound_start", in_group=turn.message.in_group))
    filing = dialogue.current(turn)
    following = dialogue.take_unit(turn, filing, unit)
    if filing is None:
        return dialogue.settle(turn, following.text)
    return dialogue.after_click(turn, f"单位：{unit.name}", following)


@router.topic("unit")
def unit_in_words(turn: Turn) -> Answer:
    return dialogue.choose_unit(turn, None, turn.text)


@router.topic(dialogue.TOPIC)
def in_dialogue(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    if filing is None or (turn.message.in_group and not turn.message.addressed):
        return PASS
    if filing.state not in OPEN | STANDING:
        return PASS
    asking = turn.conversation.state.get("asking")
    if asking and _begins_another(turn, filing, asking):
        return PASS
    if asking == filing_ending.ASKING:
        return filing_ending.reason_given(turn, filing)
    if asking == filing_ending.CHOOSING:
        return filing_ending.end_chosen(turn, filing)
    if asking:
        return dialogue.answer(turn, filing, turn.text)
    return _correct(turn, filing, turn.text) or PASS


@router.free(lambda turn: looks_like_filing(turn.text))
def from_free_text(turn: Turn) -> Answer:
    return _file(turn)


@router.last(lambda turn: turn.topic == dialogue.TOPIC and turn.message.kind == "text" and turn.message.addressed)
def not_understood(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    state = turn.conversation.state
    if filing is None or state.get("asking"):
        return PASS
    if filing.state != FilingState.DRAFT and not filing.pending and not state.get("changing"):
        return PASS
    return Content(say("filing.not_understood"))


def resume_after_binding(turn: Turn) -> Content | None:
    """The draft that waited while its author was not bound comes back by itself; None where there is none."""
    wish = (
        select(Filing)
        .where(Filing.account_id == turn.account.id, Filing.unit_id.is_(None), Filing.state == FilingState.DRAFT)
        .order_by(Filing.id.desc())
    )
    waiting = list(turn.session.scalars(wish))
    for filing in waiting:
        filing.person_id = turn.account.person_id
    return dialogue.next_step(turn, waiting[0]) if waiting else None


def _start_guided(turn: Turn) -> Content:
    if not turn.units:
        return Content(say("filing.not_bound_start", in_group=turn.message.in_group))
    filing = new_draft(turn, None)
    dialogue.remember(turn, filing, guided=True)
    first = dialogue.next_step(turn, filing)
    return Content(f"{say('filing.start_guided')}\n{first.text}", card=first.card)


def _file(turn: Turn) -> Content:
    understood = understand(turn.text, turn.now)
    found = understood.found
    name = found["name"].value if "name" in found else ""
    same = same_draft(turn, name, found["start"].value if "start" in found else None)
    filing = same or untouched(turn) or new_draft(turn, None)
    fill(turn, filing, found, understood.remarks)
    dialogue.remember(turn, filing)
    return dialogue.next_step(turn, filing, questions=understood.questions, fresh=True)


def _begins_another(turn: Turn, filing: Filing, asking: str) -> bool:
    """Whether a text is no answer but a filing of its own: it must not be lost as somebody's reason for being late."""
    if not looks_like_filing(turn.text):
        return False
    if asking not in GUIDED:
        return True
    name = understand(turn.text, turn.now).found.get("name")
    return name is not None and name.value != filing.name and (bool(filing.name) or _is_empty(filing))


def _just_begun(turn: Turn) -> Filing | None:
    """The empty draft that «报备» began, for whoever then tells all of it at once."""
    filing = dialogue.current(turn)
    return filing if filing is not None and filing.state == FilingState.DRAFT and _is_empty(filing) else None


def _is_empty(filing: Filing) -> bool:
    return not (filing.name or filing.start or filing.place or filing.contact_name)


def _addressed(turn: Turn, verb: str) -> Filing | Content:
    """The filing that a command means: the one it names, else the one under way, else the only open one."""
    named = NUMBER.fullmatch(turn.argument)
    if named:
        return find_mine(turn, named[1])
    under_way = dialogue.current(turn)
    if under_way is not None and (under_way.state in OPEN | STANDING or verb == "提交"):
        return under_way
    drafts = open_drafts(turn)
    if len(drafts) == 1:
        return drafts[0]
    if not drafts:
        return Content(say("filing.nothing_to_submit"))
    return Content(say("filing.which_draft", drafts=drafts[:SHOWN], verb=verb))


def _asked_by(turn: Turn) -> tuple[Filing, str]:
    """The filing whose question a button answers, and the choice; `UserError` where it is not asked any more."""
    number, field, *choice = turn.argument.split(":")
    filing = find_mine(turn, number)
    if dialogue.current(turn) is not filing or turn.conversation.state.get("asking") != field:
        raise UserError(say("help.stale_button"))
    return filing, choice[0] if choice else ""


def _submit(turn: Turn, filing: Filing) -> Content:
    if filing.state in STANDING and filing.pending:
        if dialogue.lateness_to_explain(turn, filing):
            return dialogue.next_step(turn, filing)
        lodge_amendment(turn.work, filing, account_id=turn.account.id, place=turn.place)
        dialogue.rest(turn, filing)
        return Content(say("filing.amended", filing=filing))
    if filing.state not in OPEN:
        return Content(say("filing.submitted_already", filing=filing, state=state_of(filing, turn.now)))
    judge(turn.work, filing)
    if not is_ready(filing):
        return dialogue.next_step(turn, filing)
    lodge(turn.work, filing, account_id=turn.account.id, place=turn.place)
    learn_contact(turn, filing)
    dialogue.rest(turn, filing)
    return Content(say("filing.submitted", filing=filing, days=turn.settings.programme.report_days))


def _change(turn: Turn, filing: Filing, words: str) -> Content:
    """What is to be changed: said at once in ``words``, or asked for. A filing that stands is amended."""
    if filing.state not in OPEN | STANDING:
        return Content(say("filing.closed", filing=filing, state=state_of(filing, turn.now)))
    dialogue.remember(turn, filing, changing=True)
    if words:
        return _correct(turn, filing, words) or Content(say("filing.not_understood"))
    if filing.state in STANDING:
        return Content(say("filing.amend_how", filing=filing))
    shown = dialogue.next_step(turn, filing, fresh=True)
    if turn.conversation.state.get("asking"):
        return shown
    return Content(f"{shown.text}\n{say('filing.change_how')}", card=shown.card)


def _correct(turn: Turn, filing: Filing, text: str) -> Content | None:
    """Take what a text changes; None where it changes nothing."""
    fields = Fields.proposed(filing)
    held = {**fields.as_dict(), "end": fields.usual_end}
    corrections = understand_correction(text, turn.now, held)
    questions = correction_questions(text, turn.now, held)
    if not corrections and not questions:
        return None
    changed = fill(turn, filing, corrections)
    if not changed and not questions and not filing.pending:
        return Content(say("filing.nothing_changed", filing=filing))
    return dialogue.next_step(turn, filing, questions=questions, changed=changed)


def _cancel(turn: Turn, filing: Filing, reason: str) -> Content:
    if filing.state in STANDING and filing.pending and not reason:
        return filing_ending.drop_amendment(turn, filing)
    return filing_ending.cancel(turn, filing, reason)


def _headline(text: str) -> str:
    """The beginning of an answer, as a settled card's title has room for it."""
    return clipped(re.split("[，。]", text, maxsplit=1)[0], 26)


def learn_contact(turn: Turn, filing: Filing) -> None:
    """A person who names themselves as the one in charge need not type the number again next time."""
    person = turn.person
    if person is None:
        return
    if not person.name and not person.phone:
        person.name, person.phone = filing.contact_name, filing.contact_phone
    elif person.name == filing.contact_name and not person.phone:
        person.phone = filing.contact_phone
