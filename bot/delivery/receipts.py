"""The platform's word, some time later, on what became of a job; kept once, whatever order things come in.

It may come before the answer to the call itself is recorded, and it may come twice. Only the word on a publication is
not kept for later: the platform makes a page of it first, long after it has answered the call.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from bot.channels.base import EVERY_FOLLOWER
from bot.delivery import taking_back
from bot.delivery.doubt import tell_staff
from bot.model import Delivery, DeliveryState, JobReceipt, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork

GOOD = ("send success", "sendsuccess", "success")
LONGEST_ID = 120
PUBLISHED = "0"
OVERDUE = timedelta(hours=2)
LISTS_KEPT = timedelta(days=7)
LOOKED_BACK = timedelta(days=7)  # the platform tells nothing of what is older


def take(work: UnitOfWork, method: str, detail: Mapping[str, str]) -> None:
    """Keep the word on a job and act on it, where its delivery is known already; a repetition changes nothing."""
    platform_id = detail.get("msg_id", "")
    if not 0 < len(platform_id) <= LONGEST_ID or is_known(work, method, platform_id):
        return
    receipt = JobReceipt(
        method=method,
        platform_id=platform_id,
        status=detail.get("status", "")[:100],
        total=_count(detail, "total_count"),
        sent=_count(detail, "sent_count"),
        failed=_count(detail, "error_count"),
        url=detail.get("article_url", ""),
        at=work.now,
    )
    work.session.add(receipt)
    held = (Delivery.method == method, Delivery.platform_id == platform_id, Delivery.state == DeliveryState.SENT)
    row = work.session.scalars(select(Delivery).where(*held)).first()
    if row is not None:
        _apply(work, receipt, row)


def take_publication(work: UnitOfWork, detail: Mapping[str, str]) -> None:
    """An article was published, or was not; from now on it goes by its article id, by which it can be taken back."""
    held = (Delivery.method == "publish", Delivery.platform_id == detail.get("publish_id", ""))
    row = work.session.scalars(select(Delivery).where(*held)).first() if detail.get("publish_id") else None
    if row is None:
        return
    if detail.get("status") == PUBLISHED:
        row.platform_id, row.error = detail.get("article_id", "")[:LONGEST_ID], ""
        if not is_known(work, row.method, row.platform_id):
            done = {"status": GOOD[0], "applied": True, "at": work.now, "url": detail.get("article_url", "")}
            work.session.add(JobReceipt(method=row.method, platform_id=row.platform_id, **done))
        _take_back_late(work, row)
    else:
        row.state, row.error = DeliveryState.FAILED, f"平台没有发布图文（状态 {detail.get('status', '')[:10]}）"
        tell_staff(work, row)


def is_known(work: UnitOfWork, method: str, platform_id: str) -> bool:
    """Whether the word on this job has come before."""
    return work.session.get(JobReceipt, (method, platform_id)) is not None


def apply_early(work: UnitOfWork, delivery_ids: Sequence[int]) -> None:
    """These deliveries have just been recorded as sent: the word on them may be here already."""
    _apply_where(work, Delivery.id.in_(delivery_ids))


def of_mass_sends(session: Session, notice_id: int) -> list[JobReceipt]:
    """What the platform told of the mass sends of a notice."""
    own = select(Delivery.platform_id).where(Delivery.notice_id == notice_id, Delivery.method == "mass")
    wish = select(JobReceipt).where(JobReceipt.method == "mass", JobReceipt.platform_id.in_(own))
    return list(session.scalars(wish))


def articles_of(session: Session, notice_id: int) -> list[str]:
    """The addresses at which everybody can read the articles that came of a notice."""
    own = (Delivery.notice_id == notice_id, Delivery.method.in_(("mass", "publish")), JobReceipt.url != "")
    both = (JobReceipt.method == Delivery.method) & (JobReceipt.platform_id == Delivery.platform_id)
    wish = select(JobReceipt.url).join(Delivery, both).where(*own).order_by(Delivery.id)
    return list(dict.fromkeys(session.scalars(wish)))


def overdue(session: Session, now: datetime, notice_id: int | None = None) -> list[Delivery]:
    """Mass sends that the platform took more than two hours ago, and has not told the end of."""
    known = select(JobReceipt.platform_id).where(JobReceipt.method == "mass")
    wish = select(Delivery).where(
        Delivery.method == "mass",
        Delivery.state == DeliveryState.SENT,
        Delivery.platform_id.not_in(known),
        Delivery.sent_at < now - OVERDUE,
        Delivery.sent_at > now - LOOKED_BACK,
    )
    if notice_id is not None:
        wish = wish.where(Delivery.notice_id == notice_id)
    return list(session.scalars(wish.order_by(Delivery.id)))


def catch_up(work: UnitOfWork) -> None:
    """Words that came in the very moment in which another process recorded the send: neither saw the other."""
    _apply_where(work, JobReceipt.at > work.now - LOOKED_BACK)


def _apply_where(work: UnitOfWork, which: ColumnElement[bool]) -> None:
    wish = (
        select(JobReceipt, Delivery)
        .join(Delivery, (Delivery.platform_id == JobReceipt.platform_id) & (Delivery.method == JobReceipt.method))
        .where(which, JobReceipt.applied.is_(False), Delivery.state == DeliveryState.SENT)
        .execution_options(populate_existing=True)
    )
    for receipt, row in work.session.execute(wish).all():
        _apply(work, receipt, row)


def with_lists(session: Session) -> list[Delivery]:
    """The mass sends of which it is still known whom they name."""
    # JSON's null is not SQL's.
    held = sql_cast(Delivery.recipients, Text) != "null"
    return list(session.scalars(select(Delivery).where(Delivery.method == "mass", held)))


def may_go_again(row: Delivery) -> bool:
    """Whether it is still known whom a delivery is for."""
    return row.method != "mass" or row.recipient == EVERY_FOLLOWER or bool(row.recipients)


def forget_lists(work: UnitOfWork) -> None:
    """A week after its end nobody sends a mass send again: whom it named is dropped."""
    over = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNREACHABLE, DeliveryState.RECALLED)
    for row in with_lists(work.session):
        if row.state in over and (row.sent_at or row.created_at) < work.now - LISTS_KEPT:
            row.recipients = None


def _apply(work: UnitOfWork, receipt: JobReceipt, row: Delivery) -> None:
    receipt.applied = True
    if receipt.status.lower() in GOOD:
        row.recipients = None  # whom a mass send went to is kept only until it is known to have gone
        row.error = f"平台报告 {receipt.failed} 人未送达" if receipt.failed else ""
        _take_back_late(work, row)
    else:
        row.state, row.error = DeliveryState.FAILED, f"平台报告：{receipt.status}"
        tell_staff(work, row)


def _take_back_late(work: UnitOfWork, row: Delivery) -> None:
    """What was still on its way when its notice was called back has gone out after all."""
    notice = work.session.get(Notice, row.notice_id) if row.notice_id is not None else None
    if notice is not None and notice.state == NoticeState.WITHDRAWN:
        work.session.flush()
        taking_back.delete_articles(work, notice)


def _count(detail: Mapping[str, str], name: str) -> int:
    number = detail.get(name, "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
