"""``notice progress``: a bar that follows a notice while it goes out."""

import sys
import time
from typing import Annotated

import typer

from bot.cli.context import ConfigOption, opened, settings_of
from bot.cli.notices import notice
from bot.clock import clock_from_environment
from bot.delivery.progress import Progress, progress
from bot.errors import UserError
from bot.model import Notice
from bot.store.engine import Database

WIDTH = 30  # of the bar, characters
EVERY = 1.0  # seconds


def register(app: typer.Typer) -> None:
    """The command stands beside the others of ``notice``, which registers itself."""
    del app
    notice.command("progress")(follow)


def follow(
    number: Annotated[int, typer.Argument(help="通知编号")],
    once: Annotated[bool, typer.Option("--once", help="只看一次，不跟随 (look once)")] = False,
    config: ConfigOption = None,
) -> None:
    """显示一条通知发到哪里了，直到发完。(Show how far a notice is, until it is out.)"""
    with opened(settings_of(config)) as database:
        shown = ""
        while True:
            seen = _look(database, number)
            line = bar(seen)
            if sys.stdout.isatty():
                sys.stdout.write(f"\r\x1b[2K{line}")
                sys.stdout.flush()
            elif line != shown:
                typer.echo(line)
            shown = line
            if once or seen.over:
                break
            time.sleep(EVERY)
        if sys.stdout.isatty():
            typer.echo()


def bar(seen: Progress) -> str:
    """One line."""
    filled = seen.percent * WIDTH // 100
    parts = [f"[{'█' * filled}{'░' * (WIDTH - filled)}] {seen.percent:3d}%  已发 {seen.sent}/{seen.total}"]
    for name, count in (("失败", seen.failed), ("待确认", seen.doubtful), ("无法送达", seen.unreachable)):
        if count:
            parts.append(f"{name} {count}")
    if seen.paused:
        parts.append("已暂停")
    elif not seen.over:
        if seen.per_minute:
            parts.append(f"每分钟 {seen.per_minute}")
        if seen.ends_at:
            parts.append(f"预计 {seen.ends_at:%m-%d %H:%M} 发完")
    return "  ".join(parts)


def _look(database: Database, number: int) -> Progress:
    with database.read() as session:
        found = session.get(Notice, number)
        if found is None:
            raise UserError(f"没有通知 {number}。(no such notice)")
        return progress(session, found, clock_from_environment().now())
