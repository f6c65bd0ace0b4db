"""The life of a filing: every step recorded with who, when, where and why."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.errors import UserError
from bot.messaging.texts import say
from bot.model import Account, Activity, Filing, FilingState, FilingTransition, FilingVersion, Person
from bot.rules.filing import STANDING, may_move, report_is_due, usual_end
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork
from handlers.filing.fields import FIELDS, Fields, from_json, to_json

__all__ = [
    "FIELDS",
    "STATES",
    "keep_version",
    "lock",
    "move",
    "people_of",
    "state_of",
    "tie_to_plan",
    "untie_from_plan",
]

STATES = {
    FilingState.DRAFT: "草稿",
    FilingState.SUBMITTED: "待备案",
    FilingState.ACCEPTED: "已备案",
    FilingState.RETURNED: "退回修改",
    FilingState.WITHDRAWN: "已撤回",
    FilingState.CANCELLED: "已取消",
    FilingState.AMENDED: "变更待备案",
    FilingState.REPORTED: "已总结",
    FilingState.VERIFIED: "已核验",
    FilingState.QUERIED: "存疑",
}
REPORT_DUE = "待总结"
TO_BE_COMPLETED = "总结待补充"  # what a unit is told of a doubt

# An activity that was moved by more than this is taken for another one.
MOVED = timedelta(days=45)


def state_of(filing: Filing, now: datetime, *, office: bool = False) -> str:
    """The state as people say it, to the unit or within the ``office``.

    待总结 is no state of its own but an accepted filing whose activity is over.
    """
    if filing.state == FilingState.QUERIED and not office:
        return TO_BE_COMPLETED
    if report_is_due(filing.state, usual_end(filing.start, filing.end, filing.all_day), now):
        return REPORT_DUE
    return STATES[FilingState(filing.state)]


def lock(work: UnitOfWork, filing: Filing) -> str:
    """Its state, held until the transaction ends.

    Of two who decide at once in two processes the second finds here what the first did, as `UserError`.
    """
    found = work.session.scalar(select(Filing.state).where(Filing.id == filing.id).with_for_update())
    if found is None or found != filing.state:
        state = STATES[FilingState(found or filing.state)]
        raise UserError(say("filing.no_such_move", number=filing.number, state=state))
    return found


def move(
    work: UnitOfWork, filing: Filing, after: FilingState, *, account_id: int | None, place: str, reason: str = ""
) -> None:
    """Take a filing to its next state, or raise `UserError` where its life does not go that way."""
    before = lock(work, filing)
    if not may_move(before, after):
        raise UserError(say("filing.no_such_move", number=filing.number, state=STATES[FilingState(before)]))
    if before in STANDING and after not in STANDING:
        _end_amendment(filing, after)
    filing.state = after
    filing.updated_at = work.now
    work.session.add(
        FilingTransition(
            filing_id=filing.id,
            before=before,
            after=after,
            account_id=account_id,
            place=place,
            reason=reason,
            at=work.now,
        )
    )
    actor = f"account:{account_id}" if account_id else "system"
    work.audit(actor, f"filing.{after}", f"filing:{filing.number}", before=before, place=place)


def keep_version(work: UnitOfWork, filing: Filing, *, account_id: int | None, place: str) -> None:
    """Keep the fields as they stand at submission; a version is never changed afterwards."""
    newest = work.session.scalar(select(func.max(FilingVersion.version)).where(FilingVersion.filing_id == filing.id))
    filing.version = (newest or 0) + 1
    work.session.add(
        FilingVersion(
            filing_id=filing.id,
            version=filing.version,
            fields=to_json(Fields.of(filing).as_dict()),
            account_id=account_id,
            place=place,
            at=work.now,
        )
    )


def people_of(work: UnitOfWork, filing: Filing) -> list[Person]:
    """Whom to tell about a filing: who wrote it and who last submitted it, while they act for its unit.

    Where neither does any more, all who do.
    """
    last = (
        select(Account.person_id)
        .join(FilingVersion, FilingVersion.account_id == Account.id)
        .where(FilingVersion.filing_id == filing.id)
        .order_by(FilingVersion.version.desc())
        .limit(1)
    )
    wanted = {filing.person_id or filing.account.person_id, work.session.scalar(last)}
    if filing.unit_id is None:
        return [work.session.get_one(Person, one) for one in sorted(filter(None, wanted))]
    contacts = directory.contacts_of(work.session, filing.unit_id)
    return [one for one in contacts if one.id in wanted] or contacts


def tie_to_plan(work: UnitOfWork, filing: Filing) -> None:
    """Mark the planned activity that this filing is for: the one of that name near that day, else the day's only one."""
    if filing.start is None or filing.unit_id is None:
        return
    if work.session.scalar(select(Activity.id).where(Activity.filing_id == filing.id).limit(1)) is not None:
        return  # a filing is for one activity, however often it is submitted
    day = filing.start.date()
    wish = (
        select(Activity)
        .where(Activity.unit_id == filing.unit_id, Activity.filing_id.is_(None))
        .where(Activity.planned_on >= day - MOVED, Activity.planned_on <= day + MOVED)
    )
    planned = sorted(work.session.scalars(wish), key=lambda one: abs(one.planned_on - day))
    named = [one for one in planned if one.name in filing.name or filing.name in one.name]
    same_day = [one for one in planned if one.planned_on == day]
    chosen = named[0] if named else same_day[0] if len(same_day) == 1 else None
    if chosen is not None:
        chosen.filing_id = filing.id
        filing.project_id = filing.project_id or chosen.project_id


def untie_from_plan(work: UnitOfWork, filing: Filing) -> None:
    """The planned activity is open again once its filing is withdrawn or cancelled."""
    for planned in work.session.scalars(select(Activity).where(Activity.filing_id == filing.id)):
        planned.filing_id = None


def _end_amendment(filing: Filing, after: FilingState) -> None:
    """A filing that the unit writes in again takes up what was being amended; one that is done with drops it."""
    if filing.pending and after in (FilingState.RETURNED, FilingState.WITHDRAWN):
        for name, value in from_json(filing.pending).items():
            setattr(filing, name, value)
    filing.pending = None
