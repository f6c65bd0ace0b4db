"""What time it is.

Time is passed into handlers and schedules; only the edges ask a clock. Instants are aware; Asia/Shanghai
is the office's zone, the database holds UTC.
"""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(CHINA)


class FileClock:
    """A clock that several processes share through one small file, so that a demo or a test can move time.

    The file holds ``{"shown": seconds, "at": seconds}``: the instant shown when the real time was ``at``;
    from there time runs at its usual speed. A missing file means the real time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._offset = 0.0

    def now(self) -> datetime:
        self._reload()
        return datetime.fromtimestamp(time.time() + self._offset, CHINA)

    def set(self, moment: datetime) -> None:
        """Show ``moment`` (aware) from now on, in every process that reads the same file."""
        body = json.dumps({"shown": moment.timestamp(), "at": time.time()})
        # A reader must never see half a file: write beside it, then rename.
        beside = self.path.with_suffix(f".{os.getpid()}.tmp")
        beside.write_text(body)
        beside.replace(self.path)

    def _reload(self) -> None:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._stamp, self._offset = None, 0.0
            return
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            held = json.loads(self.path.read_text())
            self._stamp, self._offset = stamp, held["shown"] - held["at"]


def clock_from_environment() -> Clock:
    """The system clock, or the shared one where ``KEPU_CLOCK_FILE`` names a file (demo and tests)."""
    path = os.environ.get("KEPU_CLOCK_FILE")
    return FileClock(Path(path)) if path else SystemClock()


def to_utc(moment: datetime) -> datetime:
    """The same instant in UTC, as the database holds it; refuses a naive one."""
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return moment.astimezone(UTC)
