"""Callbacks of the official account: encrypted text in, encrypted answer out; how many a second, how long each waits.

The bot keeps every message (SQLite, synchronous=FULL), runs its real handlers and answers after the commit. Its peers
echo the text and keep nothing.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

from benchmarks.figures import table
from benchmarks.load import Load, Measured, generate
from benchmarks.office import lay_out
from benchmarks.options import Options
from benchmarks.processes import Process
from bot.demo.stack import free_port
from bot.web.callbacks import PATH

CONNECTIONS = 64
STEADY = 500  # messages a second
WARM_UP = 1_000
MESSAGES_AN_ACCOUNT = 4  # people write a few, not dozens; the bot takes 60 a minute from one of them
# Above this the generator itself, not the server, sets the pace.
GENERATOR_BUSY = 0.85


@dataclass(frozen=True)
class Contender:
    """A server to load: who writes what to it, and what its answers must hold.

    ``start``: in a folder, on a port, for so many accounts. ``check``: that so many messages are kept.
    """

    name: str
    kind: str
    text: str
    answer: str
    path: str
    start: Callable[[Path, int, int], Process]
    check: Callable[[Path, int], None] = lambda _folder, _messages: None


def run(options: Options) -> None:
    """Print both tables and the ratios."""
    print(f"\nA flush to the disk takes {1000 * _flush():.2f} ms here.")
    full = _rounds(options, options.messages, per_second=0)
    _print(f"callback: as fast as it goes, {CONNECTIONS} connections, {options.messages:,} messages a run", full)
    _print_ratios("messages/s, bot : peer (above 1 the bot is faster)", full, lambda one: one.per_second)
    _print_ratios(
        "processor time a message, peer : bot (above 1 the bot is cheaper)", full, lambda one: 1 / one.processor
    )
    steady = _rounds(options, STEADY * options.seconds, per_second=STEADY)
    _print(f"callback: {STEADY} messages a second, at random moments, {options.seconds} s a run", steady)


def _start_bot(folder: Path, port: int, accounts: int) -> Process:
    config = lay_out(folder, port, accounts)
    return Process(["-m", "bot", "serve", "--config", str(config)], f"http://127.0.0.1:{port}/health", folder)


def _check_bot(folder: Path, messages: int) -> None:
    with sqlite3.connect(folder / "kepu.db") as database:
        [kept] = database.execute("SELECT count(*) FROM inbox_message").fetchone()
    if kept != WARM_UP + messages:
        raise RuntimeError(f"{WARM_UP + messages} messages were answered, {kept} kept")


def _bot(name: str, kind: str, text: str, answer: str) -> Contender:
    return Contender(f"bot: {name}", kind, text, answer, PATH, _start_bot, _check_bot)


def _echo(name: str, module: str, server: str) -> Contender:
    def start(folder: Path, port: int, _accounts: int) -> Process:
        return Process(["-m", "benchmarks.peers", module, server, str(port)], f"http://127.0.0.1:{port}/", folder)

    return Contender(f"{name} echo, {server}", "follower", "最新通知", "最新通知", "/", start)


BOTS = (
    _bot("最新通知 of followers", "follower", "最新通知", "活动计划的通知"),
    _bot("我的报备 of contacts", "contact", "我的报备", "垃圾分类进社区讲座"),
)
PEERS = (
    _echo("werobot", "werobot_echo", "waitress"),
    _echo("werobot", "werobot_echo", "tornado"),
    _echo("wechatpy + Flask", "flask_echo", "waitress"),
    _echo("wechatpy + Flask", "flask_echo", "tornado"),
)


def _rounds(options: Options, messages: int, per_second: float) -> dict[str, Measured]:
    """Every contender once a round, so that whatever else the machine does meets them all; the median of the rounds."""
    seen: dict[str, list[Measured]] = {one.name: [] for one in (*BOTS, *PEERS)}
    for _ in range(options.rounds):
        for contender in (*BOTS, *PEERS):
            seen[contender.name].append(_measure(contender, messages, per_second))
    return {name: _median(runs) for name, runs in seen.items()}


def _measure(contender: Contender, messages: int, per_second: float) -> Measured:
    accounts, port = max(1, messages // MESSAGES_AN_ACCOUNT), free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with contender.start(folder, port, accounts) as server:
            seen = generate(Load(
                pid=server.pid, port=port, path=contender.path, text=contender.text, expected=contender.answer,
                kind=contender.kind, accounts=accounts, messages=messages, warm_up=WARM_UP, connections=CONNECTIONS,
                per_second=per_second,
            ))  # fmt: skip
        contender.check(folder, messages)
    if seen.failed:
        raise RuntimeError(f"{contender.name}: {seen.failed} of {messages} messages got no good answer")
    return seen


def _median(runs: Sequence[Measured]) -> Measured:
    return Measured(**{field.name: median(getattr(one, field.name) for one in runs) for field in fields(Measured)})


def _print_ratios(title: str, seen: Mapping[str, Measured], good: Callable[[Measured], float]) -> None:
    rows = [(peer.name, *(f"{good(seen[bot.name]) / good(seen[peer.name]):.2f}" for bot in BOTS)) for peer in PEERS]
    print(table(title, ("", *(bot.name for bot in BOTS)), rows))


def _print(title: str, results: Mapping[str, Measured]) -> None:
    head = ("", "messages/s", "p50 ms", "p99 ms", "longest ms", "processor µs", "generator", "opened")
    rows = [
        (
            name, f"{one.per_second:,.0f}", f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.longest:.1f}",
            f"{one.processor:,.0f}", f"{one.generator:.0%}", f"{one.opened:.0f}",
        )
        for name, one in results.items()
    ]  # fmt: skip
    print(table(title, head, rows))
    if any(one.generator > GENERATOR_BUSY for one in results.values()):
        print("The generator itself was the limit in at least one row.")


def _flush() -> float:
    """Seconds that one small write takes to be on the disk."""
    with tempfile.TemporaryFile() as file:
        took = []
        for _ in range(50):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return median(took)
