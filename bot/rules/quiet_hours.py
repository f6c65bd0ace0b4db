"""The hours in which nobody is disturbed."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import CHINA

_SPAN = re.compile(r"\s*(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})\s*")


@dataclass(frozen=True)
class QuietHours:
    """From ``begin`` until ``end`` (not included), local time; may run over midnight. Equal ends: never quiet."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """Read ``21:00-08:00``; an empty text means never. Raises ValueError on anything else."""
        if not text.strip():
            return cls(time(0), time(0))
        found = _SPAN.fullmatch(text)
        if found is None:
            raise ValueError(f"not a span of hours such as 21:00-08:00: {text!r}")
        h1, m1, h2, m2 = (int(part) for part in found.groups())
        # 24:00 is how offices write the end of the day.
        return cls(time(0 if h1 == 24 else h1, m1), time(0 if h2 == 24 else h2, m2))

    def is_quiet(self, moment: datetime) -> bool:
        """Whether ``moment`` (aware) falls into the quiet hours."""
        now = moment.astimezone(CHINA).time()
        if self.begin == self.end:
            return False
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def next_allowed(self, moment: datetime) -> datetime:
        """The first instant from ``moment`` on that is not quiet: the same instant where it is allowed."""
        if not self.is_quiet(moment):
            return moment
        local = moment.astimezone(CHINA)
        end = datetime.combine(local.date(), self.end, CHINA)
        return end if end > local else end + timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"
