"""The life of a filing: every step recorded with who, when, where and why."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.errors import UserError
from bot.messaging.texts import say
from bot.model import Activity, Filing, FilingState, FilingTransition, FilingVersion
from bot.rules.filing import may_move
from bot.store.unit_of_work import UnitOfWork

FIELDS = (
    "name", "start", "end", "all_day", "place", "town", "kind", "audience", "attendance", "contact_name",
    "contact_phone", "summary", "budget", "media_invited", "remarks",
)  # fmt: skip

# An activity that was moved by more than this is taken for another one.
MOVED = timedelta(days=45)


def move(
    work: UnitOfWork, filing: Filing, after: FilingState, *, account_id: int | None, place: str, reason: str = ""
) -> None:
    """Take a filing to its next state, or raise `UserError` where its life does not go that way."""
    before = filing.state
    if not may_move(before, after):
        raise UserError(say("filing.no_such_move", number=filing.number, before=before, after=str(after)))
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


def keep_version(work: UnitOfWork, filing: Filing) -> None:
    """Keep the fields as they stand at submission; a version is never changed afterwards."""
    newest = work.session.scalar(select(func.max(FilingVersion.version)).where(FilingVersion.filing_id == filing.id))
    filing.version = (newest or 0) + 1
    fields = {name: getattr(filing, name) for name in FIELDS}
    for name in ("start", "end"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    work.session.add(FilingVersion(filing_id=filing.id, version=filing.version, fields=fields, at=work.now))


def tie_to_plan(work: UnitOfWork, filing: Filing) -> None:
    """Mark the planned activity that this filing is for: the one of that name near that day, else the day's only one."""
    if filing.start is None or filing.unit_id is None:
        return
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
