"""All commands, and the one place where an error becomes a sentence and an exit code."""

import sys
from functools import cache

import typer

from bot.cli.loading import loading
from bot.errors import BotError


def main() -> None:
    """Entry of ``kepu-bot``. A fault that the user can mend is one sentence and exit code 2, never a traceback."""
    try:
        with loading():
            commands = _commands()
        commands()
    except BotError as fault:
        typer.echo(str(fault), err=True)
        sys.exit(2)


@cache
def _commands() -> typer.Typer:
    # Registering imports what each command needs at least; heavy parts are imported inside the commands.
    from bot.cli import (
        exporting,
        follower_tags,
        holding,
        initialising,
        notice_views,
        notices,
        people,
        progress,
        running,
        texts,
    )

    app = typer.Typer(
        name="kepu-bot",
        help="科普项目通知机器人：通知与提醒发出去，活动报备收进来。(Notices go out, filings come in.)",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    people_parts, notice_parts = (people, follower_tags), (notices, progress, notice_views)
    for part in (initialising, running, holding, *people_parts, *notice_parts, exporting, texts):
        part.register(app)
    return app
