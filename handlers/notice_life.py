"""The life of a notice: drafted by one, approved by another, sent now or at its hour, called back."""

import re
from datetime import datetime

from sqlalchemy import select, update

from bot.delivery import outgoing
from bot.delivery.notices import send
from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Delivery, DeliveryState, Notice, NoticeKind, NoticeState, Person
from bot.rules.deadlines import parse_deadline, parse_when
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork

PUBLIC = (NoticeKind.APPLICATION, NoticeKind.GUIDE, NoticeKind.PUBLICITY)
WORDS = {
    "申报通知": NoticeKind.APPLICATION,
    "申报指南": NoticeKind.GUIDE,
    "立项公示": NoticeKind.PUBLICITY,
    "公示": NoticeKind.PUBLICITY,
    "资金下达": NoticeKind.FUNDS,
    "监督管理要求": NoticeKind.REQUIREMENT,
    "监督要求": NoticeKind.REQUIREMENT,
    "要求": NoticeKind.REQUIREMENT,
    "检查通知": NoticeKind.CHECK,
    "报备提醒": NoticeKind.FILING,
    "结题验收": NoticeKind.ACCEPTANCE,
    "整改": NoticeKind.RECTIFICATION,
    "紧急": NoticeKind.EMERGENCY,
    "通知": NoticeKind.GENERAL,
}
KIND = re.compile(rf"\s*({'|'.join(sorted(WORDS, key=len, reverse=True))})\s*[：:]\s*(.*)", re.DOTALL)
WANTS_ANSWER = re.compile(r"收到.{0,4}(?:请)?回复|请?回复.{0,3}收到|请.{0,4}回执|收到请回|需回执|请确认收到")
LONGEST_BODY = 6000  # characters; 20,480 bytes is the group's limit
LONGEST_TITLE = 40
OPEN = (NoticeState.DRAFT, NoticeState.RETURNED)


def draft_notice(work: UnitOfWork, drafter: Person, text: str, *, when: str | None = None) -> Notice:
    """A draft out of «种类：正文»; raises `UserError` where there is no body, or the hour is not to be understood."""
    kind, body = read_kind(text)
    notice = Notice(
        kind=kind,
        title="",
        body="",
        state=NoticeState.DRAFT,
        public=kind in PUBLIC,
        drafter_id=drafter.id,
        created_at=work.now,
    )
    set_body(work, notice, body)
    if when:
        notice.scheduled_at = read_hour(work, when)
    work.session.add(notice)
    work.session.flush()
    work.audit(f"person:{drafter.id}", "notice.draft", f"notice:{notice.id}", kind=str(kind))
    return notice


def read_kind(text: str) -> tuple[NoticeKind, str]:
    """The kind that a text names in front, and the rest."""
    found = KIND.fullmatch(text)
    return (WORDS[found[1]], found[2].strip()) if found else (NoticeKind.GENERAL, text.strip())


def set_body(work: UnitOfWork, notice: Notice, body: str) -> None:
    """Put a text into a notice; title, deadline and whether it wants an answer come out of it."""
    if not body:
        raise UserError(say("broadcast.no_body"))
    if len(body) > LONGEST_BODY:
        raise UserError(say("broadcast.too_long", limit=LONGEST_BODY, length=len(body)))
    notice.body = body
    notice.title = _title(body)
    notice.deadline = parse_deadline(body, work.now)
    notice.acknowledge = bool(WANTS_ANSWER.search(body)) and not notice.public


def read_hour(work: UnitOfWork, text: str) -> datetime:
    """The moment that «明早9点» means; raises `UserError` where it is none, or past."""
    moment = parse_when(text, work.now)
    if moment is None:
        raise UserError(say("broadcast.no_hour", text=text[:30]))
    if moment <= work.now:
        raise UserError(say("broadcast.past_hour", moment=moment))
    return moment


def submit_notice(work: UnitOfWork, notice: Notice, drafter: Person) -> str:
    """Hand a draft to whoever may approve it; gives the sentence for the drafter."""
    if notice.state not in OPEN:
        raise UserError(say("broadcast.not_open", notice=notice, state=STATES[NoticeState(notice.state)]))
    approvers = [one for one in directory.staff(work.session, directory.APPROVING) if one.id != drafter.id]
    if not approvers:
        raise UserError(say("broadcast.no_approver"))
    notice.state = NoticeState.SUBMITTED
    work.audit(f"person:{drafter.id}", "notice.submit", f"notice:{notice.id}")
    buttons = (
        Button("批准", f"notice.approve:{notice.id}", "primary"),
        Button("退回", f"notice.return:{notice.id}", "danger"),
    )
    # The same notice may come back and be submitted again: the occasion is this submission.
    stamp = f"{work.now.timestamp():.0f}"
    card = Card(f"待审通知 {notice.id}", f"approve-{notice.id}-{stamp}", buttons)
    text = say("broadcast.to_approve", notice=notice, drafter=drafter)
    key = f"notice:{notice.id}:approve:{stamp}"
    outgoing.to_staff(work, Content(text, card=card), key=key, roles=directory.APPROVING, except_for=drafter.id)
    return say("broadcast.submitted", notice=notice, approvers=approvers)


def approve(work: UnitOfWork, notice: Notice, approver: Person) -> str:
    """A second person says yes: it goes now, or at its hour. Gives the sentence for the approver."""
    if notice.state != NoticeState.SUBMITTED:
        raise UserError(say("broadcast.not_waiting", notice=notice, state=STATES[NoticeState(notice.state)]))
    if notice.drafter_id == approver.id:
        raise UserError(say("broadcast.own", notice=notice))
    notice.approver_id = approver.id
    work.audit(f"person:{approver.id}", "notice.approve", f"notice:{notice.id}")
    if notice.scheduled_at and notice.scheduled_at > work.now:
        notice.state = NoticeState.SCHEDULED
    else:
        send(work, notice)
    text = say("broadcast.approved", notice=notice, quiet_until=_held_until(work))
    _tell_drafter(work, notice, approver, text)
    return text


def give_back(work: UnitOfWork, notice: Notice, approver: Person, reason: str) -> str:
    """Return a notice to its drafter with a reason."""
    if notice.state != NoticeState.SUBMITTED:
        raise UserError(say("broadcast.not_waiting", notice=notice, state=STATES[NoticeState(notice.state)]))
    notice.state = NoticeState.RETURNED
    work.audit(f"person:{approver.id}", "notice.return", f"notice:{notice.id}", reason=reason[:200])
    _tell_drafter(work, notice, approver, say("broadcast.returned", notice=notice, reason=reason))
    return say("broadcast.returned_done", notice=notice)


def call_back(work: UnitOfWork, notice: Notice, person: Person) -> str:
    """Cancel what has not gone; withdraw what has, saying honestly what cannot be undone."""
    if notice.state in (NoticeState.CANCELLED, NoticeState.WITHDRAWN):
        raise UserError(say("broadcast.gone_already", notice=notice, state=STATES[NoticeState(notice.state)]))
    before = notice.state
    going_out = (NoticeState.SENT, NoticeState.PAUSED)
    notice.state = NoticeState.WITHDRAWN if before in going_out else NoticeState.CANCELLED
    change = (
        update(Delivery)
        .where(Delivery.notice_id == notice.id, Delivery.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.RECALLED)
        .returning(Delivery.id)
    )
    stopped = len(list(work.session.execute(change)))
    arrived = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)
    wish = select(Delivery.id).where(
        Delivery.notice_id == notice.id, Delivery.purpose == "notice", Delivery.state.in_(arrived)
    )
    gone = len(list(work.session.scalars(wish)))
    work.audit(f"person:{person.id}", "notice.call_back", f"notice:{notice.id}", stopped=stopped, gone=gone)
    if before in going_out and not gone:
        notice.state = NoticeState.CANCELLED
    return say("broadcast.called_back", notice=notice, stopped=stopped, gone=gone)


STATES = {
    NoticeState.DRAFT: "草稿",
    NoticeState.SUBMITTED: "待审核",
    NoticeState.SCHEDULED: "已批准，待定时发出",
    NoticeState.SENT: "已发出",
    NoticeState.PAUSED: "已暂停",
    NoticeState.RETURNED: "已退回",
    NoticeState.CANCELLED: "已取消",
    NoticeState.WITHDRAWN: "已撤回",
}


def _held_until(work: UnitOfWork) -> datetime | None:
    """The end of the quiet hours where it is quiet now."""
    start = outgoing.allowed_from(work)
    return start if start > work.now else None


def _tell_drafter(work: UnitOfWork, notice: Notice, other: Person, text: str) -> None:
    if notice.drafter is not None and notice.drafter_id != other.id:
        key = f"notice:{notice.id}:{notice.state}:{work.now.timestamp():.0f}"
        outgoing.to_person(work, notice.drafter, Content(text), purpose="staff", key=key)


def _title(body: str) -> str:
    named = re.search(r"《([^《》\n]{2,60})》", body)
    first = named[1] if named else re.split(r"[。！!；;\n]", body, maxsplit=1)[0]
    first = WANTS_ANSWER.split(first)[0].strip(" ，,、；;：:") or first
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"
