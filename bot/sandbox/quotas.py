"""Counting: how often in a minute, an hour, a day, a month."""

from collections import Counter, defaultdict, deque
from datetime import datetime


class SlidingWindow:
    """At most ``limit`` times in any ``seconds``, a count per key."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._times: dict[str, deque[float]] = defaultdict(deque)

    def full(self, key: str, now: float) -> bool:
        """Whether one more at ``now`` would be too many."""
        times = self._times[key]
        while times and times[0] <= now - self.seconds:
            times.popleft()
        # The demo may turn the clock back: what lies in the future no longer counts.
        while times and times[-1] > now:
            times.pop()
        return len(times) >= self.limit

    def count(self, key: str, now: float) -> None:
        """One more at ``now``."""
        self._times[key].append(now)

    def used(self, key: str, now: float) -> int:
        """How many count at ``now``."""
        self.full(key, now)
        return len(self._times[key])


class DayCounter:
    """A count per key that starts again at midnight."""

    def __init__(self) -> None:
        self._day = ""
        self._counts: Counter[str] = Counter()

    def add(self, key: str, now: datetime) -> int:
        """One more; the new count."""
        self._turn(now)
        self._counts[key] += 1
        return self._counts[key]

    def used(self, key: str, now: datetime) -> int:
        """The count of the day of ``now``."""
        self._turn(now)
        return self._counts[key]

    def clear(self) -> None:
        """Forget the day's counts."""
        self._counts.clear()

    def all(self, now: datetime) -> dict[str, int]:
        """Every count of the day of ``now``."""
        self._turn(now)
        return dict(self._counts)

    def _turn(self, now: datetime) -> None:
        if (day := f"{now:%Y-%m-%d}") != self._day:
            self._day = day
            self._counts.clear()
