"""Staff in direct chat: write a notice, look at it, have it approved, time it, call it back, see how far it is."""

import re

from sqlalchemy import select

from bot.delivery import notices as planning
from bot.delivery import previews, targets
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.model import Notice, NoticeKind, NoticeState, Person
from bot.rules.ids import read_id
from bot.store import directory
from handlers.notices import life, review, tryout

router = Router(when=lambda turn: turn.role is not None)

TOPIC = "broadcast"
_NAMED_HOUR = re.compile(r"([0-9]{1,9})\s+(.+)", re.DOTALL)
AS_IN_THE_EXAMPLE = ("正文", "改好的正文", "内容")  # typed as the advice has it
NAMES = 200  # as many as a message holds


@router.command("广播", "发通知", argument=True)
def write(turn: Turn) -> Answer:
    drafter = _writer(turn)
    if not turn.argument:
        return Content(say("broadcast.how"))
    if template := life.template(turn.argument):
        return Content(template)
    notice = life.draft_notice(turn.work, drafter, turn.argument)
    return _preview(turn, notice)


@router.command("修改", argument=True, when=lambda turn: turn.topic == TOPIC)
def rewrite(turn: Turn) -> Answer:
    notice = _under_way(turn)
    if notice is None:
        return PASS
    if not turn.argument:
        turn.talk(TOPIC, notice=notice.id, asking="body")
        return Content(say("broadcast.change_how"))
    return _rewrite(turn, notice, turn.argument)


@router.command("改通知", argument=True)
def rewrite_by_number(turn: Turn) -> Answer:
    number, _, body = turn.argument.partition(" ")
    notice = _notice(turn, number)
    if body.strip() and body.strip() not in AS_IN_THE_EXAMPLE:
        return _rewrite(turn, notice, body.strip())
    turn.talk(TOPIC, notice=notice.id, asking="body")
    return Content(say("broadcast.change_how"))


@router.click("notice.change")
def rewrite_by_button(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    turn.talk(TOPIC, notice=notice.id, asking="body")
    return _settle(turn, f"通知 {notice.id} 修改中", say("broadcast.change_how"))


@router.topic(TOPIC)
def dictated(turn: Turn) -> Answer:
    """The text after «修改», the reason after «退回», or why an urgent notice goes without review."""
    asking = turn.conversation.state.get("asking")
    notice = turn.session.get(Notice, turn.conversation.state.get("notice"))
    if not asking or notice is None or turn.message.in_group:
        return PASS
    if asking == "reason":
        turn.stop_talking()
        return Content(review.give_back(turn.work, notice, _approver(turn), turn.text.strip()))
    if asking == "urgent":
        text = review.send_urgently(turn.work, notice, _writer(turn), turn.text.strip())
        turn.stop_talking()
        return Content(text)
    return _rewrite(turn, notice, turn.text)


@router.command("提交", when=lambda turn: turn.topic == TOPIC)
def submit(turn: Turn) -> Answer:
    notice = _under_way(turn)
    if notice is None:
        return PASS
    return Content(_submit(turn, notice))


@router.command("提交审核", "送审")
def submit_for_review(turn: Turn) -> Answer:
    """The notice under way, else one's newest draft, such as one that was returned."""
    return Content(_submit(turn, _own_draft(turn)))


@router.click("notice.submit")
def submit_by_button(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    return _settle(turn, f"通知 {notice.id} 已送审", _submit(turn, notice))


@router.command("取消", when=lambda turn: turn.topic == TOPIC)
def cancel(turn: Turn) -> Answer:
    notice = _under_way(turn)
    if notice is None:
        return PASS
    turn.stop_talking()
    return Content(life.call_back(turn.work, notice, _writer(turn)))


@router.click("notice.cancel")
def cancel_by_button(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    if notice.state == NoticeState.SENT:
        raise UserError(say("broadcast.not_open", notice=notice, state=life.STATES[NoticeState.SENT]))
    return _settle(turn, f"通知 {notice.id} 已取消", life.call_back(turn.work, notice, _writer(turn)))


@router.command("发给", argument=True)
def address(turn: Turn) -> Answer:
    """Whom the notice under way is for; nothing is changed where nobody would get it."""
    notice = _own_draft(turn)
    if not turn.argument:
        return Content(say("broadcast.to_whom"))
    before, notice.targets = notice.targets, targets.read(turn.work, turn.argument)
    if targets.evaluate(turn.work, notice).nobody:
        notice.targets = before
        raise UserError(say("broadcast.nobody", notice=notice, text=turn.argument))
    turn.work.audit(turn.actor, "notice.address", f"notice:{notice.id}")
    return _preview(turn, notice)


@router.command("名单", argument=True)
def names(turn: Turn) -> Answer:
    """Whom a notice goes to, by name, and whom no way leads to."""
    if turn.message.in_group:
        raise UserError(say("broadcast.privately"))
    if not turn.argument:
        newest = list(turn.session.scalars(select(Notice).order_by(Notice.id.desc()).limit(5)))
        return Content(say("broadcast.names_of_which", notices=newest, states=life.STATES))
    notice = _notice(turn, turn.argument)
    reach = planning.preview(turn.work, notice)
    lost = [person_id for person_id, way in reach.people.items() if way.closed]
    closed = list(turn.session.scalars(select(Person.name).where(Person.id.in_(lost)).order_by(Person.id)))
    shown = targets.describe(turn.work, reach.targets, shown=NAMES)
    return Content(say("broadcast.names", notice=notice, targets=shown, closed=closed))


@router.command("试发", argument=True)
def try_out(turn: Turn) -> Answer:
    """The notice as each channel will show it, to whoever asks and to nobody else."""
    return Content(tryout.try_out(turn, _writer(turn), _notice(turn, turn.argument)))


@router.command("预览", argument=True)
def look(turn: Turn) -> Answer:
    """«预览 12»: the draft, opened again; «预览 12 群机器人»: how one channel will show it."""
    number, _, name = turn.argument.partition(" ")
    notice = _notice(turn, number) if number else _under_way(turn) if turn.topic == TOPIC else None
    if notice is None:
        return PASS
    _writer(turn)
    if name.strip() or notice.state not in life.OPEN:
        return Content(tryout.shown(turn, notice, name.strip()))
    return _preview(turn, notice)


@router.command("定时", "改期", argument=True)
def schedule(turn: Turn) -> Answer:
    """«定时 明早9点» for one's newest notice that has not gone, «定时 12 明早9点» for a named one."""
    drafter = _writer(turn)
    named = _NAMED_HOUR.fullmatch(turn.argument)
    if named:
        notice, hour = _notice(turn, named[1]), named[2]
    else:
        own = (Notice.drafter_id == drafter.id, Notice.state.in_(life.TIMEABLE))
        newest = turn.session.scalars(select(Notice).where(*own).order_by(Notice.id.desc()).limit(1)).first()
        if newest is None:
            return Content(say("broadcast.nothing_to_time"))
        notice, hour = newest, turn.argument
    if untimed := life.UNTIMED.fullmatch(hour.strip(" 。.!！")):
        return Content(_untimed(turn, notice, drafter, off=untimed["off"] is not None))
    before = notice.scheduled_at
    wanted = life.set_hour(turn.work, notice, hour)
    turn.work.audit(turn.actor, "notice.time", f"notice:{notice.id}", hour=hour[:30])
    told = review.tell_of_hour(turn.work, notice, drafter, before, occasion=turn.message.message_id)
    return Content(say("broadcast.timed", notice=notice, open=notice.state in life.OPEN, told=told, wanted=wanted))


def _untimed(turn: Turn, notice: Notice, drafter: Person, *, off: bool) -> str:
    """Not at an hour any more: once approved it goes at once. ``off``: said as «no», not as «now»."""
    approved = notice.state == NoticeState.SCHEDULED
    if approved and off:
        return say("broadcast.timed_approved", notice=notice)
    before = notice.scheduled_at
    life.clear_hour(turn.work, notice)
    turn.work.audit(turn.actor, "notice.time", f"notice:{notice.id}", hour="")
    told = review.tell_of_hour(turn.work, notice, drafter, before, occasion=turn.message.message_id)
    if not approved:
        return say("broadcast.untimed", notice=notice, told=told)
    planning.send(turn.work, notice)
    return say("broadcast.approved", notice=notice, quiet_until=review.held_until(turn.work, notice))


@router.command("批准", argument=True)
def approve(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    return Content(review.approve(turn.work, notice, _approver(turn)))


@router.click("notice.approve")
def approve_by_button(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    return _settle(turn, f"通知 {notice.id} 已批准", review.approve(turn.work, notice, _approver(turn)))


@router.command("退回通知", argument=True)
def give_back(turn: Turn) -> Answer:
    number, _, reason = turn.argument.partition(" ")
    notice, approver = _notice(turn, number), _approver(turn)
    if not reason.strip():
        review.check_waiting(turn.work, notice, approver)
        turn.talk(TOPIC, notice=notice.id, asking="reason")
        return Content(say("broadcast.why"))
    return Content(review.give_back(turn.work, notice, approver, reason.strip()))


@router.click("notice.return")
def give_back_by_button(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    review.check_waiting(turn.work, notice, _approver(turn))
    turn.talk(TOPIC, notice=notice.id, asking="reason")
    return _settle(turn, f"退回通知 {notice.id}", say("broadcast.why"))


@router.command("撤回", argument=True)
def call_back(turn: Turn) -> Answer:
    number, _, reason = turn.argument.partition(" ")
    if read_id(number) is None:
        return PASS  # a filing is withdrawn with the same word
    return Content(life.call_back(turn.work, _notice(turn, number), _writer(turn), reason.strip()[:500]))


@router.command("更正", argument=True)
def correct(turn: Turn) -> Answer:
    number, _, body = turn.argument.partition(" ")
    wrong = _notice(turn, number)
    if not body.strip():
        return Content(say("broadcast.correct_how", notice=wrong))
    return _preview(turn, life.draft_correction(turn.work, _writer(turn), wrong, body.strip()))


@router.command("通知列表")
def overview(turn: Turn) -> Answer:
    found = list(turn.session.scalars(select(Notice).order_by(Notice.id.desc()).limit(10)))
    return Content(say("broadcast.overview", notices=found, states=life.STATES, now=turn.now))


@router.click("notice.late")
def send_late(turn: Turn) -> Answer:
    """A timed notice that missed its hour: staff say whether it still goes."""
    verb, _, number = turn.argument.partition(":")
    notice = _notice(turn, number)
    person = _approver(turn)
    if notice.state != NoticeState.SCHEDULED:
        raise UserError(say("broadcast.not_waiting", notice=notice, state=life.STATES[NoticeState(notice.state)]))
    if verb == "cancel":
        return _settle(turn, f"通知 {notice.id} 已取消", life.call_back(turn.work, notice, person))
    planning.send(turn.work, notice)
    return _settle(turn, f"通知 {notice.id} 已发出", say("broadcast.approved", notice=notice, quiet_until=None))


def _preview(turn: Turn, notice: Notice) -> Content:
    """The very text that will go out, and to how many."""
    turn.talk(TOPIC, notice=notice.id, asking="")
    reach = planning.preview(turn.work, notice)
    if reach.targets.nobody:
        raise UserError(say("broadcast.nobody", notice=notice, text=""))
    form, *others = previews.forms_of(turn.work, notice, reach)
    text = say(
        "broadcast.preview",
        notice=notice,
        fault=review.fault_of(turn.work, notice),
        own=planning.own_example(turn.work, notice, reach),
        form=form,
        others=others,
        reach=reach,
        targets=targets.describe(turn.work, reach.targets),
        beside=targets.left_out_but_in_the_group(turn.work, reach.targets),
        ways=planning.explain(reach),
        quiet_until=review.held_until(turn.work, notice),
    )
    buttons = (
        Button("提交审核", f"notice.submit:{notice.id}", "primary"),
        Button("修改", f"notice.change:{notice.id}"),
        Button("取消", f"notice.cancel:{notice.id}", "danger"),
    )
    return Content(text, card=Card(f"通知 {notice.id} 草稿", turn.card_id(f"draft-{notice.id}"), buttons))


def _rewrite(turn: Turn, notice: Notice, text: str) -> Content:
    if notice.state not in life.OPEN:
        raise UserError(say("broadcast.not_open", notice=notice, state=life.STATES[NoticeState(notice.state)]))
    writer = _writer(turn)
    found = life.KIND.fullmatch(text)
    if found:
        notice.kind = life.WORDS[found[1]]
        notice.public = notice.kind in life.PUBLIC
    life.set_body(turn.work, notice, found[2].strip() if found else text.strip())
    notice.drafter_id = writer.id  # whose words they are may not approve them
    turn.work.audit(turn.actor, "notice.rewrite", f"notice:{notice.id}")
    return _preview(turn, notice)


def _submit(turn: Turn, notice: Notice) -> str:
    if notice.kind == NoticeKind.EMERGENCY and review.steps_of(turn.work, notice) == 0:
        turn.talk(TOPIC, notice=notice.id, asking="urgent")
        return say("broadcast.why_urgent")
    text = review.submit_notice(turn.work, notice, _writer(turn))
    turn.stop_talking()
    return text


def _notice(turn: Turn, number: str) -> Notice:
    found_id = read_id(number)
    found = turn.session.get(Notice, found_id) if found_id is not None else None
    if found is None:
        raise UserError(say("broadcast.unknown", number=number[:10]))
    return found


def _under_way(turn: Turn) -> Notice | None:
    notice = turn.session.get(Notice, turn.conversation.state.get("notice"))
    return notice if notice is not None and notice.state in life.OPEN else None


def _own_draft(turn: Turn) -> Notice:
    """The notice under way, else the newest that this person drafted and may still change; `UserError` without one."""
    drafter = _writer(turn)
    under_way = _under_way(turn) if turn.topic == TOPIC else None
    own = (Notice.drafter_id == drafter.id, Notice.state.in_(life.OPEN))
    found = under_way or turn.session.scalars(select(Notice).where(*own).order_by(Notice.id.desc()).limit(1)).first()
    if found is None:
        raise UserError(say("broadcast.no_draft"))
    return found


def _writer(turn: Turn) -> Person:
    """The person, where they may write notices, in direct chat."""
    if turn.message.in_group:
        raise UserError(say("broadcast.privately"))
    if turn.role not in directory.WRITING or turn.person is None:
        raise UserError(say("broadcast.may_not_write"))
    return turn.person


def _approver(turn: Turn) -> Person:
    """The person, where they may approve."""
    if turn.role not in directory.APPROVING or turn.person is None:
        raise UserError(say("broadcast.may_not_approve"))
    return turn.person


def _settle(turn: Turn, title: str, text: str) -> Content:
    return Content(text, card=Card(title, turn.message.task_id, (), description=text), update_card=True)
