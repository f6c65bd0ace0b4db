"""Filing by chat: free text, labelled lines or question by question; card, correction, submit, cancel, withdraw."""

import re

from sqlalchemy import or_, select

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.model import Filing, FilingState, Unit
from bot.rules.filing import missing
from bot.rules.understanding import correction_questions, looks_like_filing, understand, understand_correction
from handlers import filing_card
from handlers import filing_dialogue as dialogue
from handlers.filing_draft import (
    OPEN_STATES,
    end_or_usual,
    fill,
    find_own,
    judge,
    mine,
    new_draft,
    open_drafts,
    same_draft,
)
from handlers.filing_life import FIELDS, keep_version, move, tie_to_plan, untie_from_plan

router = Router()

NUMBER = re.compile(r"\s*(\d{4}-\d{4,})[\s：:，,]*(.*)", re.DOTALL)
SHOWN = 10
STATES = {
    FilingState.DRAFT: "草稿",
    FilingState.SUBMITTED: "待备案",
    FilingState.ACCEPTED: "已备案",
    FilingState.RETURNED: "退回修改",
    FilingState.WITHDRAWN: "已撤回",
    FilingState.CANCELLED: "已取消",
    FilingState.REPORTED: "已总结",
}


@router.command("我的报备", "报备记录")
def list_mine(turn: Turn) -> Answer:
    units = [unit.id for unit in turn.units]
    wish = (
        select(Filing)
        .where(or_(Filing.account_id == turn.account.id, Filing.unit_id.in_(units)))
        .order_by(Filing.id.desc())
        .limit(SHOWN + 1)
    )
    found = list(turn.session.scalars(wish))
    open_ = [one for one in found if one.state in OPEN_STATES]
    hint = f"回复“修改 {open_[0].number}”可继续填写。" if open_ else "回复“报备”可新建。"
    year = turn.settings.programme.year
    shown = {"filings": found[:SHOWN], "more": len(found) > SHOWN, "states": STATES, "hint": hint, "year": year}
    return Content(say("filing.mine", **shown))


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
    filing = find_own(turn, turn.argument)
    if not mine(turn, filing):
        raise UserError(say("filing.unknown", number=turn.argument))
    answer = _submit(turn, filing)
    if filing.state == FilingState.SUBMITTED:
        return dialogue.settle(turn, f"已提交 {filing.number}", answer.text)
    if filing.state == FilingState.DRAFT:
        return dialogue.after_click(turn, f"草稿 {filing.number} 还差一项", answer)
    return dialogue.settle(turn, answer.text)


@router.command("修改", argument=True)
def change(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if turn.argument and not named:
        return PASS  # «修改时间为…» is a correction
    filing = _addressed(turn, "修改")
    return _change(turn, filing) if isinstance(filing, Filing) else filing


@router.click("filing.change")
def change_by_button(turn: Turn) -> Answer:
    filing = find_own(turn, turn.argument)
    return dialogue.after_click(turn, f"草稿 {filing.number} 修改中", _change(turn, filing))


@router.command("取消", argument=True)
def cancel(turn: Turn) -> Answer:
    if turn.argument and not NUMBER.fullmatch(turn.argument):
        return PASS
    filing = _addressed(turn, "取消")
    if not isinstance(filing, Filing):
        return filing
    named = NUMBER.fullmatch(turn.argument)
    return _cancel(turn, filing, named[2].strip() if named else "")


@router.click("filing.cancel")
def cancel_by_button(turn: Turn) -> Answer:
    filing = find_own(turn, turn.argument)
    answer = _cancel(turn, filing, "")
    return dialogue.settle(turn, answer.text)


@router.command("撤回", argument=True)
def withdraw(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if not named:
        return PASS  # staff recall notices with the same word
    filing = _own_unit(turn, named[1])
    move(turn.work, filing, FilingState.WITHDRAWN, account_id=turn.account.id, place=turn.place, reason=named[2])
    untie_from_plan(turn.work, filing)
    _tell_staff_gone(turn, filing, "撤回", named[2])
    return Content(say("filing.withdrawn", filing=filing))


@router.command("上一步")
def back(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    return dialogue.step_back(turn, filing) if filing else Content(say("filing.no_dialogue"))


@router.command("跳过")
def skip(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    return dialogue.skip(turn, filing) if filing else Content(say("filing.no_dialogue"))


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
    return filing_card.which_unit(turn.units, f"unit-{turn.account.id}-{turn.now.timestamp():.0f}")


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
    if turn.conversation.state.get("asking") and filing.state in OPEN_STATES:
        return dialogue.answer(turn, filing)
    if filing.state not in OPEN_STATES:
        return PASS
    held = {name: getattr(filing, name) for name in FIELDS} | {"end": end_or_usual(filing)}
    corrections = understand_correction(turn.text, turn.now, held)
    questions = correction_questions(turn.text, turn.now, held)
    if not corrections and not questions:
        return PASS
    changed = fill(turn, filing, corrections)
    return dialogue.next_step(turn, filing, questions=questions, changed=changed)


@router.free(lambda turn: looks_like_filing(turn.text))
def from_free_text(turn: Turn) -> Answer:
    return _file(turn)


@router.last(lambda turn: turn.topic == dialogue.TOPIC and turn.message.kind == "text" and turn.message.addressed)
def not_understood(turn: Turn) -> Answer:
    filing = dialogue.current(turn)
    if filing is None or filing.state != FilingState.DRAFT or turn.conversation.state.get("asking"):
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
    filing = same_draft(turn, name, found["start"].value if "start" in found else None) or new_draft(turn, None)
    fill(turn, filing, found, understood.remarks)
    dialogue.remember(turn, filing)
    return dialogue.next_step(turn, filing, questions=understood.questions, fresh=True)


def _addressed(turn: Turn, verb: str) -> Filing | Content:
    """The filing that a command means: the one it names, else the one under way, else the only open one."""
    named = NUMBER.fullmatch(turn.argument)
    if named:
        return _own_unit(turn, named[1])
    under_way = dialogue.current(turn)
    if under_way is not None and (under_way.state in OPEN_STATES or verb == "提交"):
        return under_way
    drafts = open_drafts(turn)
    if len(drafts) == 1:
        return drafts[0]
    if not drafts:
        return Content(say("filing.nothing_to_submit"))
    return Content(say("filing.which_draft", drafts=drafts[:SHOWN], verb=verb))


def _own_unit(turn: Turn, number: str) -> Filing:
    """A filing that this person may change: staff look at all, but change none in a unit's name."""
    filing = find_own(turn, number)
    if not mine(turn, filing):
        raise UserError(say("filing.unknown", number=number))
    return filing


def _submit(turn: Turn, filing: Filing) -> Content:
    if filing.state in (FilingState.RETURNED, FilingState.WITHDRAWN):
        move(turn.work, filing, FilingState.DRAFT, account_id=turn.account.id, place=turn.place)
    if filing.state != FilingState.DRAFT:
        return Content(say("filing.submitted_already", filing=filing, state=STATES[FilingState(filing.state)]))
    judge(turn.work, filing)
    values = {name: getattr(filing, name) for name in FIELDS}
    late = filing.late_days and not filing.retroactive and not filing.late_reason
    if filing.unit_id is None or missing(values) or late:
        return dialogue.next_step(turn, filing)
    filing.end = end_or_usual(filing)
    filing.submitted_at = turn.now
    move(turn.work, filing, FilingState.SUBMITTED, account_id=turn.account.id, place=turn.place)
    keep_version(turn.work, filing)
    tie_to_plan(turn.work, filing)
    _learn_contact(turn, filing)
    _tell_staff(turn, filing)
    # The dialogue stays on this filing, so that a second «提交» is understood, but nothing is asked any more.
    dialogue.remember(turn, filing)
    return Content(say("filing.submitted", filing=filing, days=turn.settings.programme.report_days))


def _change(turn: Turn, filing: Filing) -> Content:
    if filing.state in (FilingState.SUBMITTED, FilingState.ACCEPTED):
        state = STATES[FilingState(filing.state)]
        return Content(say("filing.change_first_withdraw", filing=filing, state=state))
    if filing.state not in OPEN_STATES:
        return Content(say("filing.closed", filing=filing, state=STATES[FilingState(filing.state)]))
    values = {name: getattr(filing, name) for name in FIELDS}
    dialogue.remember(turn, filing)
    if missing(values):
        return dialogue.next_step(turn, filing, fresh=True)
    shown = dialogue.next_step(turn, filing)
    return Content(f"{shown.text}\n{say('filing.change_how')}", card=shown.card)


def _cancel(turn: Turn, filing: Filing, reason: str) -> Content:
    if filing.state == FilingState.SUBMITTED:
        move(turn.work, filing, FilingState.WITHDRAWN, account_id=turn.account.id, place=turn.place, reason=reason)
    held = filing.state in (FilingState.ACCEPTED, FilingState.WITHDRAWN, FilingState.RETURNED)
    if filing.state == FilingState.ACCEPTED and not reason:
        return Content(say("filing.cancel_needs_reason", filing=filing))
    move(turn.work, filing, FilingState.CANCELLED, account_id=turn.account.id, place=turn.place, reason=reason)
    untie_from_plan(turn.work, filing)
    turn.stop_talking()
    if not held:
        return Content(say("filing.cancelled", filing=filing))
    _tell_staff_gone(turn, filing, "取消", reason)
    return Content(say("filing.cancelled_activity", filing=filing))


def _learn_contact(turn: Turn, filing: Filing) -> None:
    """A person who names themselves as the one in charge need not type the number again next time."""
    person = turn.person
    if person is None:
        return
    if not person.name and not person.phone:
        person.name, person.phone = filing.contact_name, filing.contact_phone
    elif person.name == filing.contact_name and not person.phone:
        person.phone = filing.contact_phone


def _tell_staff(turn: Turn, filing: Filing) -> None:
    year = turn.settings.programme.year
    text = say("filing.staff_new", filing=filing, end=end_or_usual(filing), year=year)
    buttons = (
        Button("备案", f"filing.accept:{filing.number}", "primary"),
        Button("退回", f"filing.return:{filing.number}", "danger"),
    )
    card = Card(f"待审 {filing.number}", f"review-{filing.number}-{filing.version}", buttons)
    key = f"filing:{filing.number}:submitted:{filing.version}"
    outgoing.to_staff(turn.work, Content(text, card=card), key=key, filing_id=filing.id)


def _tell_staff_gone(turn: Turn, filing: Filing, verb: str, reason: str) -> None:
    year = turn.settings.programme.year
    text = say("filing.staff_gone", filing=filing, verb=verb, reason=reason, year=year)
    key = f"filing:{filing.number}:{verb}:{filing.version}:{turn.now.timestamp():.0f}"
    outgoing.to_staff(turn.work, Content(text), key=key, filing_id=filing.id)
