"""The bot as several processes, each with a part of the work, on the database and the platform of one `Stack`."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any

from bot.demo.stack import Process, Stack, free_port

READY_WITHIN = 60.0
STOPPED_WITHIN = 20.0
# Two of each: what a machine with a hot spare runs.
PAIRS = tuple(f"{role}-{letter}" for role in ("web", "worker", "gateway", "scheduler") for letter in "ab")


class Fleet:
    """Processes by name; the part before the dash is the role."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._processes: dict[str, Process] = {}
        self.ports: dict[str, int] = {}

    def start(self, names: Iterable[str]) -> None:
        """Start these at once; returns when all answer."""
        names = list(names)
        for name in names:
            port = self.ports.setdefault(name, free_port())
            environment = {**self._stack.environment, "KEPU_SERVER__PORT": str(port)}
            command = [sys.executable, "-m", "bot", "serve", "--role", name.partition("-")[0]]
            with (self._stack.folder / f"{name}.log").open("ab") as out:
                self._processes[name] = self._stack.launch(command, out, environment)
        for name in names:
            self._wait(name)

    def kill(self, name: str) -> None:
        """As a power cut would."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def health(self, name: str) -> dict[str, Any]:
        """What the process says of itself; empty where it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/health", timeout=2) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, urllib.error.HTTPError):
            return {}

    def holder(self) -> str:
        """The gateway that has the robot's connection; empty where none has."""
        states = {name: self.health(name).get("channels", {}) for name in self._processes if name.startswith("gateway")}
        return next((name for name, channels in states.items() if channels.get("work_group") == "connected"), "")

    def stop(self) -> dict[str, int]:
        """End all in good order; gives the exit code of each."""
        for process in self._processes.values():
            process.terminate()
        codes, until = {}, time.monotonic() + STOPPED_WITHIN
        for name, process in self._processes.items():
            try:
                codes[name] = process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                codes[name] = process.wait()
        self._processes.clear()
        return codes

    def _wait(self, name: str) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self._processes[name].poll() is None:
            if self.health(name):
                return
            time.sleep(0.05)
        log = (self._stack.folder / f"{name}.log").read_text(errors="replace")
        raise RuntimeError(f"{name} did not answer:\n{log[-1500:]}")
