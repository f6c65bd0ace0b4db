"""A server under test as a real process: how long it takes to start, what memory and processor time it uses (Linux)."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

READY_WITHIN = 30.0
TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """What a process has computed so far, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Process:
    """Python with ``arguments``, in ``folder``; ready once ``url`` answers. Ends with the `with` block."""

    def __init__(
        self, arguments: Sequence[str], url: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._log = folder / "server.log"
        began = time.monotonic()
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, *arguments], stdout=out, stderr=out, env={**os.environ, **(environment or {})}
            )
        try:
            self._wait(url)
        except BaseException:
            self._process.kill()
            raise
        self.started_in = time.monotonic() - began

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def memory(self) -> dict[str, float]:
        """Megabytes (10^6 bytes) by the kernel's names: Rss, Pss, …"""
        lines = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text().splitlines()[1:]
        parts = (line.split() for line in lines)
        return {name.rstrip(":"): int(kilobytes) * 1024 / 1e6 for name, kilobytes, _unit in parts}

    def _wait(self, url: str) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except urllib.error.HTTPError as answer:
                if answer.code < 500:
                    return
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError(f"{url} did not answer:\n{self._log.read_text(errors='replace')[-1500:]}")
