"""What it means that a filing, or an amendment of one, is submitted: recorded, checked against others, shown to staff.

Takes a unit of work and not a turn: a table, a form or a chat submit by the same few lines.
"""

from sqlalchemy import select

from bot.delivery import outgoing
from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Filing, FilingState, FilingVersion
from bot.rules.filing import missing, same_day
from bot.store.unit_of_work import UnitOfWork
from handlers.filing import conflicts as filing_conflicts
from handlers.filing.card import changes
from handlers.filing.draft import end_or_usual, judge, timely
from handlers.filing.fields import Fields, differing
from handlers.filing.life import keep_version, lock, move, tie_to_plan


def is_ready(filing: Filing) -> bool:
    """Whether nothing is left to ask; `judge` it first."""
    explained = not filing.late_days or filing.retroactive or bool(filing.late_reason)
    return filing.unit_id is not None and not missing(Fields.of(filing).as_dict()) and explained


def lodge(work: UnitOfWork, filing: Filing, *, account_id: int | None, place: str, show: bool = True) -> None:
    """Submit a draft, or a filing that was returned or withdrawn, that `is_ready`.

    Without ``show`` staff get no card of it: of a long list they are told as a whole.
    """
    judge(work, filing)
    filing.end = end_or_usual(filing)
    filing.submitted_at = work.now
    if filing.state != FilingState.DRAFT:
        move(work, filing, FilingState.DRAFT, account_id=account_id, place=place)
    move(work, filing, FilingState.SUBMITTED, account_id=account_id, place=place)
    keep_version(work, filing, account_id=account_id, place=place)
    tie_to_plan(work, filing)
    filing_conflicts.flag(work, filing)
    if show:
        year = work.settings.programme.year
        text = say("filing.staff_new", filing=filing, end=filing.end, changes=_since_last(work, filing), year=year)
        show_to_staff(work, filing, text)


def lodge_amendment(work: UnitOfWork, filing: Filing, *, account_id: int | None, place: str) -> None:
    """Make what was being amended the next version. What the office had accepted waits for it again."""
    state = lock(work, filing)
    before, after, reason = Fields.of(filing), Fields.proposed(filing), (filing.pending or {}).get("late_reason", "")
    begun = before.start is not None and before.start <= work.now
    for name in differing(before, after):
        setattr(filing, name, getattr(after, name))
    filing.end, filing.pending, filing.updated_at = after.usual_end, None, work.now
    found = None if same_day(before.start, after.start) else timely(work, after)
    if found is not None:
        filing.last_filing_day, filing.late_days, filing.retroactive = found.last_day, found.late, found.over
        filing.late_reason = reason if found.late else ""
    keep_version(work, filing, account_id=account_id, place=place)
    if state == FilingState.SUBMITTED:
        actor = f"account:{account_id}" if account_id else "system"
        work.audit(actor, "filing.amend", f"filing:{filing.number}", version=filing.version, place=place)
    else:
        move(work, filing, FilingState.AMENDED, account_id=account_id, place=place)
    tie_to_plan(work, filing)
    filing_conflicts.flag(work, filing)
    told = changes(work, before, Fields.of(filing))
    moved = found is not None
    show_to_staff(work, filing, say("filing.staff_amended", filing=filing, changes=told, moved=moved, begun=begun))


def show_to_staff(work: UnitOfWork, filing: Filing, text: str) -> None:
    """The card by which staff decide on the newest version."""
    work.session.flush()
    doubts = filing_conflicts.flags_of(work, [filing]).get(filing.id, "")
    shown = f"{text}\n{say('filing.staff_how', filing=filing, doubts=doubts)}"
    key = f"filing:{filing.number}:submitted:{filing.version}"
    outgoing.to_staff(work, Content(shown, card=review_card(filing)), key=key, filing_id=filing.id)


def review_card(filing: Filing) -> Card:
    """The buttons of a decision; the task id names the version they are about."""
    buttons = (
        Button("备案", f"filing.accept:{filing.number}", "primary"),
        Button("退回", f"filing.return:{filing.number}", "danger"),
    )
    return Card(f"待审 {filing.number}", f"review-{filing.number}-{filing.version}", buttons)


def _since_last(work: UnitOfWork, filing: Filing) -> str:
    """What differs from the version before; empty for the first."""
    before = FilingVersion.version == filing.version - 1
    wish = select(FilingVersion).where(FilingVersion.filing_id == filing.id, before)
    last = work.session.scalars(wish).first()
    return changes(work, Fields.kept(last.fields), Fields.of(filing)) if last is not None else ""
