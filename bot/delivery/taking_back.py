"""What can be taken back of a notice that has gone out: only the articles of the official account, at any time.

Whoever has received one keeps its card, which then leads to nothing. No platform takes texts and files back.
"""

from sqlalchemy import or_, select

from bot.delivery import outgoing
from bot.delivery.reach import Way
from bot.messaging.texts import say
from bot.messaging.types import OFFICIAL_ACCOUNT, Content
from bot.model import Delivery, DeliveryState, JobReceipt, Notice
from bot.store.unit_of_work import UnitOfWork

# How an article that went out by one method is taken back.
DELETED_BY = {"mass": "delete", "publish": "unpublish"}


def delete_articles(work: UnitOfWork, notice: Notice) -> int:
    """Queue the deletion of each article of the notice; gives how many there are.

    One that is still being sent or published follows when the platform says that it is out (`receipts`).
    """
    published = select(JobReceipt.platform_id).where(JobReceipt.method == "publish")
    wish = select(Delivery).where(
        Delivery.notice_id == notice.id,
        Delivery.method.in_(DELETED_BY),
        Delivery.state == DeliveryState.SENT,
        Delivery.platform_id != "",
        # Until it is published it goes by the number of the job, and not by that of an article.
        or_(Delivery.method != "publish", Delivery.platform_id.in_(published)),
    )
    rows = [row for row in work.session.scalars(wish.order_by(Delivery.id)) if row.content.get("article")]
    for row in rows:
        way = Way(OFFICIAL_ACCOUNT, DELETED_BY[row.method], row.platform_id)
        content, key = Content(say("broadcast.deletion", notice=notice)), f"notice:{notice.id}:delete:{row.platform_id}"
        outgoing.by_way(work, way, content, purpose="deletion", key=key, notice_id=notice.id, urgent=True)
    return len(rows)
