"""What units handed in for a notice: which of it counts, and what that settles."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from bot.model import Acknowledgement, Attachment, AttachmentState, Deliverable
from bot.store.unit_of_work import UnitOfWork

PURPOSE = "deliverable"  # of an attachment


def good(work: UnitOfWork, notice_id: int, unit_id: int | None = None) -> Sequence[Deliverable]:
    """What is here and was not given back, in the order in which it came; of one unit or of all."""
    wish = (
        select(Deliverable)
        .outerjoin(Attachment, Deliverable.attachment_id == Attachment.id)
        .options(joinedload(Deliverable.attachment))
        .where(Deliverable.notice_id == notice_id, Deliverable.returned_why == "")
        .where(or_(Deliverable.attachment_id.is_(None), Attachment.state == AttachmentState.KEPT))
        .order_by(Deliverable.id)
    )
    return work.session.scalars(wish if unit_id is None else wish.where(Deliverable.unit_id == unit_id)).all()


def refresh(work: UnitOfWork, notice_id: int, unit_id: int) -> int:
    """Bring the debt of a unit up to date with what it handed in; gives how many things count."""
    work.session.flush()
    found = good(work, notice_id, unit_id)
    debt = work.session.get_one(Acknowledgement, (notice_id, unit_id))
    debt.delivered_at = found[0].at if found else None
    if found and debt.given_at is None:  # who hands in what was asked for has read the notice
        debt.given_at, debt.person_id, debt.how = found[0].at, found[0].person_id, "words"
    return len(found)


def of_attachment(work: UnitOfWork, attachment: Attachment) -> Deliverable | None:
    """The thing handed in that this file is."""
    return work.session.scalars(select(Deliverable).where(Deliverable.attachment_id == attachment.id)).first()
