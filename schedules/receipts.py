"""What the platform told of jobs finds its delivery in the end; whom a mass send named is not kept for long."""

from datetime import datetime

from bot.delivery import receipts
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import schedule


@schedule("receipts", "*/10 * * * *")
def settle(work: UnitOfWork, due: datetime) -> None:
    """Every ten minutes."""
    receipts.catch_up(work)
    receipts.forget_lists(work)
