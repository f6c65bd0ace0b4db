"""The life of a notice: drafted, put into words, timed, called back. Its review stands in `notice_review`."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.delivery import outgoing, taking_back
from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import OUT, Delivery, DeliveryState, Notice, NoticeKind, NoticeState, Person
from bot.rules import variables
from bot.rules.asking import deliverable_in
from bot.rules.deadlines import parse_deadline, parse_when
from bot.rules.publicity import ends_at
from bot.rules.wording import clipped
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
ASKS = (
    NoticeKind.FUNDS,
    NoticeKind.REQUIREMENT,
    NoticeKind.CHECK,
    NoticeKind.RECTIFICATION,
    NoticeKind.ACCEPTANCE,
)  # kinds whose units are to answer, unless the text says otherwise
WANTS_NO_ANSWER = re.compile(r"(?:无需|不用|不必|不需要?|无须)(?:回执|回复)")
WANTS_ANSWER = re.compile(r"收到.{0,4}(?:请)?回复|请?回复.{0,3}收到|请.{0,4}回执|收到请回|需回执|请确认收到")
LONGEST_BODY = 6000  # characters; 20,480 bytes is the group's limit
LONGEST_TITLE = 40
OPEN = (NoticeState.DRAFT, NoticeState.RETURNED)
# «定时 取消», «改期 12 现在»: the hour is taken away.
UNTIMED = re.compile(r"(?:取消|不定时|不用|算了)(?P<off>)|(?:现在|马上|立即|立刻|即时|批准后)(?:就?发出?|发送)?")
TIMEABLE = (*OPEN, NoticeState.SUBMITTED, NoticeState.SCHEDULED)


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
        set_hour(work, notice, when)
    work.session.add(notice)
    work.session.flush()
    work.audit(f"person:{drafter.id}", "notice.draft", f"notice:{notice.id}", kind=str(kind))
    return notice


def read_kind(text: str) -> tuple[NoticeKind, str]:
    """The kind that a text names in front, and the rest."""
    found = KIND.fullmatch(text)
    return (WORDS[found[1]], found[2].strip()) if found else (NoticeKind.GENERAL, text.strip())


def template(text: str) -> str:
    """What a kind's notice may look like, where a text is the name of a kind and nothing else; else empty."""
    kind = WORDS.get(text.strip(" \t\n：:"))
    return say("template.shown", kind=kind, body=say(f"template.{kind.name.lower()}"), asks=kind in ASKS,
               public=kind in PUBLIC) if kind else ""  # fmt: skip


def set_body(work: UnitOfWork, notice: Notice, body: str) -> None:
    """Put a text into a notice; title, deadline, what is asked for and whether it wants an answer come out of it."""
    if not re.search(r"\w", body):  # a mark alone says nothing
        raise UserError(say("broadcast.no_body"))
    if len(body) > LONGEST_BODY:
        raise UserError(say("broadcast.too_long", limit=LONGEST_BODY, length=len(body)))
    if strange := variables.unknown(body):
        raise UserError(say("broadcast.unknown_variable", names=strange, known=list(variables.GENERAL)))
    if (notice.deliverable or "") == _asked_by(notice.body, notice.public):  # else staff have said what it asks for
        notice.deliverable = _asked_by(body, notice.public)
    notice.body = body
    notice.title = _title(variables.fill(body, variables.GENERAL))
    notice.acknowledge = wants_answer(notice)
    if notice.kind == NoticeKind.PUBLICITY:
        notice.deadline = ends_at(body, notice.scheduled_at or work.now)
    else:
        notice.deadline = parse_deadline(body, work.now)


def _asked_by(body: str, public: bool) -> str:
    """What a text asks to be handed in; empty where it goes to everybody, or wants no answer."""
    return "" if public or WANTS_NO_ANSWER.search(body) else deliverable_in(body)


def wants_answer(notice: Notice) -> bool:
    """Whether units are to answer it, by its kind and its words; whoever owes a paper owes an answer."""
    wanted = notice.kind in ASKS or WANTS_ANSWER.search(notice.body) or notice.deliverable
    return bool(wanted) and not WANTS_NO_ANSWER.search(notice.body) and not notice.public


def set_hour(work: UnitOfWork, notice: Notice, text: str) -> datetime:
    """Time a notice; past its window it will be asked about instead of sent. Raises `UserError` as `read_hour`.

    Gives the hour that was said: one in the quiet hours is moved to their end, unless the notice is urgent.
    """
    _check_timeable(notice)
    said = read_hour(work, text)
    notice.scheduled_at = said if notice.kind == NoticeKind.EMERGENCY else outgoing.allowed_from(work, said)
    if notice.kind == NoticeKind.PUBLICITY:  # days of a period count from the day on which it is published
        notice.deadline = ends_at(notice.body, notice.scheduled_at)
    notice.send_until = notice.scheduled_at + timedelta(minutes=work.settings.notices.window_minutes)
    return said


def clear_hour(work: UnitOfWork, notice: Notice) -> None:
    """A notice is not timed any more: it goes as soon as it is approved."""
    _check_timeable(notice)
    notice.scheduled_at = notice.send_until = None
    if notice.kind == NoticeKind.PUBLICITY:
        notice.deadline = ends_at(notice.body, work.now)


def _check_timeable(notice: Notice) -> None:
    if notice.state not in TIMEABLE:
        raise UserError(say("broadcast.not_open", notice=notice, state=STATES[NoticeState(notice.state)]))


def draft_correction(work: UnitOfWork, drafter: Person, wrong: Notice, body: str) -> Notice:
    """A notice of the same kind for the same receivers, tied to the one that it corrects."""
    if wrong.state not in (*OUT, NoticeState.WITHDRAWN):
        raise UserError(say("broadcast.not_out", notice=wrong, state=STATES[NoticeState(wrong.state)]))
    text = say("broadcast.correction", notice=wrong, body=body)
    made = draft_notice(work, drafter, f"{wrong.kind}：{text}")
    made.corrects_id, made.targets, made.public = wrong.id, wrong.targets, wrong.public
    made.title = clipped(f"更正：{_title(variables.fill(body, variables.GENERAL))}", LONGEST_TITLE)
    return made


def read_hour(work: UnitOfWork, text: str) -> datetime:
    """The moment that «明早9点» means; raises `UserError` where it is none, or past."""
    moment = parse_when(text, work.now)
    if moment is None:
        raise UserError(say("broadcast.no_hour", text=text[:30]))
    if moment <= work.now:
        raise UserError(say("broadcast.past_hour", moment=moment, year=work.now.year))
    return moment


def call_back(work: UnitOfWork, notice: Notice, person: Person, reason: str = "") -> str:
    """Cancel what has not gone; withdraw what has, saying honestly what cannot be undone."""
    if notice.state in (NoticeState.CANCELLED, NoticeState.WITHDRAWN):
        raise UserError(say("broadcast.gone_already", notice=notice, state=STATES[NoticeState(notice.state)]))
    before, notice.reason = notice.state, reason or notice.reason
    notice.state = NoticeState.WITHDRAWN if before in OUT else NoticeState.CANCELLED
    change = (
        update(Delivery)
        .where(Delivery.notice_id == notice.id, Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.WAITING)))
        .values(state=DeliveryState.RECALLED)
        .returning(Delivery.id)
    )
    stopped = len(list(work.session.execute(change)))
    arrived = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)
    wish = select(Delivery.id).where(
        Delivery.notice_id == notice.id, Delivery.purpose == "notice", Delivery.state.in_(arrived)
    )
    gone = len(list(work.session.scalars(wish)))
    if not gone:
        _drop_news(work, notice)
    work.audit(f"person:{person.id}", "notice.call_back", f"notice:{notice.id}", stopped=stopped, gone=gone)
    if before in OUT and not gone:
        notice.state = NoticeState.CANCELLED
    articles = taking_back.delete_articles(work, notice)
    _tell_drafter(work, notice, person)
    return say("broadcast.called_back", notice=notice, stopped=stopped, gone=gone, articles=articles)


def _drop_news(work: UnitOfWork, notice: Notice) -> None:
    """What staff were still to hear of it by morning, such as that it was approved, is not so any more."""
    held = Delivery.dedupe_key.like(f"notice:{notice.id}:%"), Delivery.purpose == "staff"
    work.session.execute(
        update(Delivery).where(Delivery.state == DeliveryState.QUEUED, *held).values(state=DeliveryState.RECALLED)
    )


def _tell_drafter(work: UnitOfWork, notice: Notice, person: Person) -> None:
    if notice.drafter is None or notice.drafter_id == person.id:
        return
    text = say("broadcast.called_back_by", notice=notice, who=person.name, state=STATES[NoticeState(notice.state)])
    outgoing.to_person(work, notice.drafter, Content(text), purpose="staff", key=f"notice:{notice.id}:called-back")


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


def _title(body: str) -> str:
    named = re.search(r"《([^《》\n]{2,60})》", body)
    first = named[1] if named else re.split(r"[。！!；;\n]", body, maxsplit=1)[0]
    first = WANTS_ANSWER.split(first)[0].strip(" ，,、；;：:") or first
    return clipped(first, LONGEST_TITLE)
