"""What `kepu-bot serve` takes before anybody has written: seconds from its start to a healthy answer, memory at rest."""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import table
from benchmarks.options import Options
from benchmarks.processes import Process
from bot.demo import world
from bot.demo.config import config_for
from bot.demo.stack import Stack
from bot.settings import load
from bot.store import migrate
from bot.store.engine import Database

REST = 10.0  # seconds before memory is looked at
BARE = """
[database]
url = "sqlite:///{database}"

[server]
port = {port}

[programme]
name = "{programme}"
year = 2020
"""
WEBHOOK_KEY = "benchmark-webhook"
WEBHOOK = """
[[group_webhooks]]
name = "{group}"
url = "{sandbox}/cgi-bin/webhook/send?key={key}"
"""


def run(options: Options) -> None:
    """Print one table."""
    rows = [
        _row("SQLite, nothing connected", [_alone() for _ in range(options.rounds)]),
        _row("official account, work group, webhook", [_connected() for _ in range(options.rounds)]),
    ]
    print(table(f"footprint: kepu-bot serve, {REST:.0f} s at rest", ("", "start s", "RSS MB", "PSS MB"), rows))


def _alone() -> tuple[float, ...]:
    with tempfile.TemporaryDirectory() as name:
        stack = Stack(Path(name))  # for its port; nothing of it is started
        stack.write({}, BARE.format(database=stack.folder / "kepu.db", port=stack.port, programme=world.PROGRAMME))
        return _serve(stack)


def _connected() -> tuple[float, ...]:
    with tempfile.TemporaryDirectory() as name:
        stack = Stack(Path(name))
        played = world.world()
        played["work"]["groups"][0]["webhooks"] = [{"key": WEBHOOK_KEY, "name": world.GROUP_NAME}]
        webhook = WEBHOOK.format(group=world.GROUP_NAME, sandbox=stack.sandbox_url, key=WEBHOOK_KEY)
        stack.write(played, config_for(stack) + webhook)
        try:
            stack.start_sandbox()
            return _serve(stack)
        finally:
            stack.stop()


def _serve(stack: Stack) -> tuple[float, ...]:
    """Seconds to start, and megabytes resident and in proportion."""
    database = Database(load(stack.config).database.url)
    migrate.upgrade(database)
    database.close()
    command = ["-m", "bot", "serve", "--config", str(stack.config)]
    with Process(command, f"{stack.url}/health", stack.folder) as bot:
        time.sleep(REST)
        memory = bot.memory()
        return bot.started_in, memory["Rss"], memory["Pss"]


def _row(name: str, runs: list[tuple[float, ...]]) -> tuple[str, ...]:
    start, rss, pss = (median(column) for column in zip(*runs, strict=True))
    return name, f"{start:.2f}", f"{rss:.0f}", f"{pss:.0f}"
