"""Forgetting the draft of somebody bound to no unit: what it said goes, that it was there stays on record."""

from bot.model import Filing, FilingState, FilingTransition
from bot.store.unit_of_work import UnitOfWork

SYSTEM = "system"  # where it happened, in the filing's own record


def forget(work: UnitOfWork, draft: Filing, *, why: str, account_id: int | None = None) -> None:
    """Cancel a draft and erase its words; ``account_id``: of whoever caused it by leaving."""
    work.session.add(
        FilingTransition(
            filing_id=draft.id,
            before=draft.state,
            after=FilingState.CANCELLED,
            account_id=account_id,
            place=SYSTEM,
            reason=why,
            at=work.now,
        )
    )
    draft.erase()
    work.audit("system", "filing.expire", f"filing:{draft.number}")
