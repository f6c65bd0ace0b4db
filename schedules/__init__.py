"""What the bot does by the clock, a file per topic. Importing this package registers every schedule."""

from schedules import activities, chases, deadlines, digests, housekeeping, notices, publicity, receipts, reports
from schedules.clockwork import SCHEDULES, run_due

__all__ = [
    "SCHEDULES",
    "activities",
    "chases",
    "deadlines",
    "digests",
    "housekeeping",
    "notices",
    "publicity",
    "receipts",
    "reports",
    "run_due",
]
