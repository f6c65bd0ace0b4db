"""The simulated platform and the bot as two real processes that share a clock; for the demo, the tests, the benchmarks."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from bot.clock import FileClock
from bot.errors import BotError

READY_WITHIN = 30.0
MOST_KEPT = 64  # ports; those that were asked for before these are in use, or done with
_KEPT: deque[socket.socket] = deque()


class Process(Protocol):
    """As much of a running program as is needed here."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int, /) -> None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...


Launch = Callable[[list[str], IO[bytes], Mapping[str, str]], Process]


def _launch(command: list[str], out: IO[bytes], environment: Mapping[str, str]) -> Process:
    return subprocess.Popen(command, stdout=out, stderr=out, env=environment)  # noqa: S603


class Stack:
    """Two child processes in one folder: ``world.json``, ``config.toml``, the database, the clock and the logs."""

    def __init__(self, folder: Path, *, port: int = 0, sandbox_port: int = 0, launch: Launch | None = None) -> None:
        """``launch``: how a process is started, where not as any other."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.sandbox_port = sandbox_port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self.clock = FileClock(folder / "clock.json")
        self.config = folder / "config.toml"
        self.launch: Launch = launch or _launch
        self._bot: Process | None = None
        self._sandbox: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this stack."""
        return {**os.environ, "KEPU_CLOCK_FILE": str(self.clock.path), "KEPU_CONFIG": str(self.config)}

    def set_clock(self, moment: str) -> None:
        """Move the clock that both processes share; ``moment`` in ISO form with its zone."""
        self.clock.set(datetime.fromisoformat(moment))

    def write(self, world: Mapping[str, Any], config: str) -> None:
        """Lay out the world of the platform and the bot's configuration."""
        (self.folder / "world.json").write_text(json.dumps(world, ensure_ascii=False), encoding="utf-8")
        self.config.write_text(config, encoding="utf-8")

    def start_sandbox(self) -> None:
        command = [sys.executable, "-m", "bot.sandbox", "--port", str(self.sandbox_port), "--bot-url", self.url]
        command += ["--world", str(self.folder / "world.json"), "--clock-file", str(self.clock.path)]
        self._sandbox = self._start(command, "sandbox.log")
        self._wait_for(f"{self.sandbox_url}/_sandbox/clock", self._sandbox, "sandbox.log")

    def start_bot(self) -> None:
        self._bot = self._start([sys.executable, "-m", "bot", "serve"], "bot.log")
        self._wait_for(f"{self.url}/health", self._bot, "bot.log")

    def kill_bot(self) -> None:
        """As a power cut would: no warning, no tidying up."""
        if self._bot is not None:
            self._bot.send_signal(signal.SIGKILL)
            self._bot.wait()
            self._bot = None

    @property
    def bot_pid(self) -> int:
        if self._bot is None:
            raise BotError("the bot is not running")
        return self._bot.pid

    def wait(self) -> None:
        """Until one of the two ends."""
        while all(one is not None and one.poll() is None for one in (self._bot, self._sandbox)):
            time.sleep(0.3)

    def stop(self) -> None:
        """End both, the bot first."""
        for process in (self._bot, self._sandbox):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self._bot = self._sandbox = None

    def _start(self, command: list[str], log: str) -> Process:
        with (self.folder / log).open("ab") as out:
            return self.launch(command, out, self.environment)

    def _wait_for(self, url: str, process: Process, log: str) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        tail = (self.folder / log).read_text(errors="replace")[-1500:]
        raise BotError(f"没有起来：{url}\n{tail}")


def free_port() -> int:
    """A port that nobody listens on just now, outside the range from which the system takes ports by itself.

    It is kept from everybody else who asks, in other processes too, until whoever it is for listens on it.
    """
    while True:
        kept = socket.socket()
        port = random.randrange(20_000, 30_000)  # noqa: S311
        try:
            kept.bind(("127.0.0.1", port))
        except OSError:
            kept.close()
            continue
        # Only now: a listener, which sets this too, may share the port, and another who asks here may not.
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _KEPT.append(kept)
        if len(_KEPT) > MOST_KEPT:
            _KEPT.popleft().close()
        return port


def run_demo(port: int, sandbox_port: int, fresh: bool) -> None:
    """Lay out the demonstration, start it, and say where to click; until interrupted."""
    import shutil

    from bot.demo import world
    from bot.demo.config import config_for
    from bot.demo.seed import publish_menu, seed
    from bot.settings import load

    for taken in (port, sandbox_port):  # before anything is thrown away
        if not _is_free(taken):
            raise BotError(f"端口 {taken} 已被占用。请关掉占用它的程序，或用 --port / --sandbox-port 另选。")
    folder = Path(".demo").resolve()
    if fresh and folder.exists():
        shutil.rmtree(folder)
    stack = Stack(folder, port=port, sandbox_port=sandbox_port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended by a supervisor, it ends its children too
    stack.write(world.world(), config_for(stack))
    if fresh:
        print("正在准备演示数据…", flush=True)
        seed(load(stack.config))
    stack.set_clock(world.START)
    try:
        stack.start_sandbox()
        stack.start_bot()
        publish_menu(stack)
        print(GUIDE.format(sandbox=stack.sandbox_url, bot=stack.url), flush=True)
        stack.wait()
    except KeyboardInterrupt:
        print("\n演示结束。", flush=True)
    finally:
        stack.stop()


GUIDE = """
演示已启动（现在是 2020年10月12日 10:00）。请在浏览器里打开：

    {sandbox}/          模拟的工作群、私聊和公众号（从这里开始，跟着「剧本」走一遍）
    {bot}/notices   公开的通知页
    {bot}/health    运行状态

按 Ctrl+C 结束。再次运行会从头开始；加 --no-fresh 则接着上次的数据。
(Open the first address in a browser. Ctrl+C ends the demo.)
"""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
