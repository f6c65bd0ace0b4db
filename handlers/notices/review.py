"""A notice and the people who review it: each version kept, one word a step, never by who wrote or submitted it."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.delivery import articles, outgoing, targets, values
from bot.delivery import notices as planning
from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Notice, NoticeKind, NoticeReview, NoticeState, NoticeVersion, Person
from bot.rules import variables
from bot.rules.notice_numbers import next_number
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork
from handlers.notices.life import OPEN, STATES

KEPT = ("kind", "title", "body", "targets", "files", "link", "public", "acknowledge", "deliverable", "cover_sha256")


def steps_of(work: UnitOfWork, notice: Notice) -> int:
    """How many other people must approve, one after the other; none at all only where it is urgent."""
    configured = {one.kind: one.steps for one in work.settings.notices.review}
    return configured.get(notice.kind, 1)


def submit_notice(work: UnitOfWork, notice: Notice, drafter: Person) -> str:
    """Hand a draft to whoever may approve it; gives the sentence for the drafter."""
    _check_draft(work, notice)
    approvers, steps = _others(work, notice, drafter), steps_of(work, notice)
    if len(approvers) < steps:
        raise UserError(say("broadcast.no_approver", steps=steps, there=len(approvers)))
    _keep_version(work, notice, drafter)
    notice.state = NoticeState.SUBMITTED
    work.audit(f"person:{drafter.id}", "notice.submit", f"notice:{notice.id}", version=notice.version)
    _ask(work, notice, 1)
    return say("broadcast.submitted", notice=notice, approvers=approvers, steps=steps)


def send_urgently(work: UnitOfWork, notice: Notice, drafter: Person, reason: str) -> str:
    """An urgent notice whose kind needs no review: it goes at once, and every colleague hears of it and why."""
    _check_draft(work, notice)
    if notice.kind != NoticeKind.EMERGENCY or steps_of(work, notice) > 0:
        raise UserError(say("broadcast.needs_review", notice=notice))
    if not reason:
        raise UserError(say("broadcast.why_urgent"))
    _keep_version(work, notice, drafter)
    notice.reason, notice.scheduled_at, notice.send_until = reason, None, None
    work.audit(f"person:{drafter.id}", "notice.urgent", f"notice:{notice.id}", reason=reason[:200])
    _number(work, notice)
    planning.send(work, notice)
    told = Content(say("broadcast.went_urgently", notice=notice, drafter=drafter))
    outgoing.to_staff(work, told, key=f"notice:{notice.id}:urgent", except_for=drafter.id, urgent=True)
    return say("broadcast.urgent_sent", notice=notice)


def approve(work: UnitOfWork, notice: Notice, approver: Person) -> str:
    """One more person says yes: after the last it goes now, or at its hour. Gives the sentence for the approver."""
    reviews = _reviews_under_way(work, notice, approver)
    if approver.id in [one.person_id for one in reviews]:
        raise UserError(say("broadcast.reviewed_already", notice=notice))
    if notice.send_until and notice.send_until < work.now:
        raise UserError(say("broadcast.hour_passed", notice=notice))
    if fault := fault_of(work, notice):
        raise UserError(fault)
    step, steps = len(reviews) + 1, max(1, steps_of(work, notice))
    _record(work, notice, approver, step, approved=True)
    work.audit(f"person:{approver.id}", "notice.approve", f"notice:{notice.id}", step=step)
    if step < steps:
        _ask(work, notice, step + 1)
        return say("broadcast.step_approved", notice=notice, left=steps - step)
    notice.approver_id = approver.id
    _number(work, notice)
    if notice.scheduled_at and notice.scheduled_at > work.now:
        notice.state = NoticeState.SCHEDULED
    else:
        planning.send(work, notice)
    text = say("broadcast.approved", notice=notice, quiet_until=held_until(work, notice))
    _tell_drafter(work, notice, approver, text)
    return text


def give_back(work: UnitOfWork, notice: Notice, approver: Person, reason: str) -> str:
    """Return a notice to its drafter with a reason."""
    reviews = _reviews_under_way(work, notice, approver)
    _record(work, notice, approver, len(reviews) + 1, approved=False, reason=reason)
    notice.state = NoticeState.RETURNED
    work.audit(f"person:{approver.id}", "notice.return", f"notice:{notice.id}", reason=reason[:200])
    _tell_drafter(work, notice, approver, say("broadcast.returned", notice=notice, reason=reason))
    return say("broadcast.returned_done", notice=notice)


def check_waiting(work: UnitOfWork, notice: Notice, person: Person) -> None:
    """Raise `UserError` unless this person may say yes or no to the notice just now."""
    _reviews_under_way(work, notice, person)


def tell_of_hour(
    work: UnitOfWork, notice: Notice, person: Person, before: datetime | None, *, occasion: str
) -> list[Person]:
    """The hour of a notice that others look at, or have approved, was moved: they hear of it, and so does its drafter.

    No second look is needed for it: the words and the receivers are what was approved. Who disagrees can call it back.
    """
    if notice.state in OPEN or notice.scheduled_at == before:
        return []
    approvers = directory.staff(work.session, directory.APPROVING)
    if notice.state == NoticeState.SCHEDULED:
        said = {one.person_id for one in reviews_of(work, notice) if one.version == notice.version}
        approvers = [one for one in approvers if one.id in said]
    concerned = {one.id: one for one in (*approvers, *filter(None, [notice.drafter])) if one.id != person.id}
    text = say("broadcast.hour_moved", notice=notice, who=person.name, before=before)
    for one in concerned.values():
        key = f"notice:{notice.id}:hour:{occasion}"
        outgoing.to_person(work, one, Content(text), purpose="staff", key=key)
    return [one for one in concerned.values() if one.id != notice.drafter_id]


def held_until(work: UnitOfWork, notice: Notice) -> datetime | None:
    """The end of the quiet hours where it is quiet now; what is urgent does not wait for it."""
    start = outgoing.allowed_from(work)
    return start if start > work.now and notice.kind != NoticeKind.EMERGENCY else None


def fault_of(work: UnitOfWork, notice: Notice) -> str:
    """Why the notice cannot go as it is: a variable without a value, an article that cannot be made; else empty."""
    return values.fault_of(work, notice) or articles.fault_of(work, notice, planning.content_of(work, notice))


def reviews_of(work: UnitOfWork, notice: Notice) -> list[NoticeReview]:
    """Every word that was said on any version, in order."""
    wish = select(NoticeReview).where(NoticeReview.notice_id == notice.id)
    return list(work.session.scalars(wish.order_by(NoticeReview.version, NoticeReview.step)))


def _check_draft(work: UnitOfWork, notice: Notice) -> None:
    if notice.state not in OPEN:
        raise UserError(say("broadcast.not_open", notice=notice, state=STATES[NoticeState(notice.state)]))
    if notice.scheduled_at and notice.scheduled_at <= work.now:
        raise UserError(say("broadcast.past_hour", moment=notice.scheduled_at, year=work.now.year))
    if targets.evaluate(work, notice).nobody:
        raise UserError(say("broadcast.nobody", notice=notice, text=""))
    if fault := fault_of(work, notice):
        raise UserError(fault)


def _others(work: UnitOfWork, notice: Notice, person: Person) -> list[Person]:
    own = (notice.drafter_id, person.id)
    return [one for one in directory.staff(work.session, directory.APPROVING) if one.id not in own]


def _reviews_under_way(work: UnitOfWork, notice: Notice, person: Person) -> list[NoticeReview]:
    """What was said on the version that waits; raises `UserError` where this person may say nothing on it."""
    if notice.state != NoticeState.SUBMITTED:
        raise UserError(say("broadcast.not_waiting", notice=notice, state=STATES[NoticeState(notice.state)]))
    wish = select(NoticeVersion.person_id).where(
        NoticeVersion.notice_id == notice.id, NoticeVersion.version == notice.version
    )
    if person.id in (notice.drafter_id, work.session.scalar(wish)):
        raise UserError(say("broadcast.own", notice=notice))
    return [one for one in reviews_of(work, notice) if one.version == notice.version]


def _record(work: UnitOfWork, notice: Notice, person: Person, step: int, *, approved: bool, reason: str = "") -> None:
    said: dict[str, Any] = {"approved": approved, "reason": reason, "person_id": person.id, "at": work.now}
    work.session.add(NoticeReview(notice_id=notice.id, version=notice.version, step=step, **said))
    work.session.flush()


def _keep_version(work: UnitOfWork, notice: Notice, person: Person) -> None:
    wish = select(func.max(NoticeVersion.version)).where(NoticeVersion.notice_id == notice.id)
    notice.version = (work.session.scalar(wish) or 0) + 1
    fields = {name: getattr(notice, name) for name in KEPT}
    fields["deadline"] = notice.deadline.isoformat() if notice.deadline else None
    held = {"version": notice.version, "fields": fields, "person_id": person.id, "at": work.now}
    work.session.add(NoticeVersion(notice_id=notice.id, **held))


def _number(work: UnitOfWork, notice: Notice) -> None:
    pattern = work.settings.notices.number_format
    if pattern and notice.number is None:
        given = work.session.scalars(select(Notice.number).where(Notice.number.is_not(None)))
        notice.number = next_number(pattern, work.now.year, [one for one in given if one])


def _ask(work: UnitOfWork, notice: Notice, step: int) -> None:
    """Show the notice to those who may review it next."""
    buttons = (
        Button("批准", f"notice.approve:{notice.id}", "primary"),
        Button("退回", f"notice.return:{notice.id}", "danger"),
    )
    # The same notice may come back and be submitted again: the occasion is this step of this version.
    occasion = f"{notice.version}-{step}"
    card = Card(f"待审通知 {notice.id}", f"approve-{notice.id}-{occasion}-{work.now.timestamp():.0f}", buttons)
    said = {one.person_id for one in reviews_of(work, notice) if one.version == notice.version}
    reach = planning.preview(work, notice)
    text = say(
        "broadcast.to_approve", notice=notice, drafter=notice.drafter, step=step, steps=steps_of(work, notice),
        body=variables.fill(notice.body, variables.GENERAL), own=planning.own_example(work, notice, reach),
        reach=reach, targets=targets.describe(work, reach.targets), ways=planning.explain(reach),
        beside=targets.left_out_but_in_the_group(work, reach.targets),
        general=bool(reach.targets.groups or reach.targets.followers),
    )  # fmt: skip
    urgent = notice.kind == NoticeKind.EMERGENCY
    for person in directory.staff(work.session, directory.APPROVING):
        if person.id != notice.drafter_id and person.id not in said:
            key = f"notice:{notice.id}:approve:{occasion}"
            outgoing.to_person(work, person, Content(text, card=card), purpose="staff", key=key, urgent=urgent)


def _tell_drafter(work: UnitOfWork, notice: Notice, other: Person, text: str) -> None:
    if notice.drafter is not None and notice.drafter_id != other.id:
        key = f"notice:{notice.id}:{notice.state}:{notice.version}"
        outgoing.to_person(work, notice.drafter, Content(text), purpose="staff", key=key)
