"""Who writes too much: a count of each account's last minute, in memory, because it is asked for every message."""

from collections import deque
from datetime import datetime, timedelta

from bot.messaging.types import Incoming

MESSAGES_A_MINUTE = 60
MINUTE = timedelta(minutes=1)
# Accounts beyond this many are forgotten, the longest silent first: memory stays bounded whoever writes.
MOST_ACCOUNTS = 20_000


class FloodGate:
    """Used from one thread only, the writer's."""

    def __init__(self, limit: int = MESSAGES_A_MINUTE) -> None:
        self._limit = limit
        self._seen: dict[tuple[str, str], deque[datetime]] = {}
        self._told: dict[tuple[str, str], datetime] = {}

    def is_over(self, message: Incoming, now: datetime) -> bool:
        """Count a message; whether its account is over the limit."""
        key = (message.channel, message.account)
        times = self._seen.pop(key, None) or deque(maxlen=self._limit + 1)
        self._seen[key] = times  # now the newest
        times.append(now)
        while times[0] <= now - MINUTE:
            times.popleft()
        if len(self._seen) > MOST_ACCOUNTS:
            oldest = next(iter(self._seen))
            self._seen.pop(oldest)
            self._told.pop(oldest, None)
        return len(times) > self._limit

    def tells(self, message: Incoming, now: datetime) -> bool:
        """Whether to say so: once a minute, in words; the rest is silence."""
        key = (message.channel, message.account)
        told = self._told.get(key)
        if told is not None and now - told < MINUTE:
            return False
        self._told[key] = now
        return True
