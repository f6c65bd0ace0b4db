"""``release``: an operator lets a held installation send."""

from typing import Annotated

import typer

from bot.cli.context import ConfigOption, change, opened, settings_of
from bot.delivery import holding
from bot.errors import UserError


def register(app: typer.Typer) -> None:
    app.command()(release)


def release(
    discard: Annotated[
        bool, typer.Option("--discard", help="备份里排队待发的一律不再发送 (drop what was queued in the backup)")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问 (do not ask)")] = False,
    config: ConfigOption = None,
) -> None:
    """恢复备份或搬家后，确认由这一套继续发送。(Let a restored or copied installation send.)"""
    settings = settings_of(config)
    with opened(settings) as database, database.read() as session:
        why, waits = holding.why_held(session), holding.waiting(session)
    if not why:
        raise UserError("没有被暂停，不用放行。(not held)")
    typer.echo(f"已停止发送：{why}。")
    typer.echo(f"待发 {waits.deliveries} 条，定时通知 {waits.notices} 条。其中有些可能在备份之后已经发过。")
    typer.echo("待发的将全部丢弃。" if discard else "放行后待发的会全部发出；不想再发请加 --discard。")
    if not yes:
        typer.confirm("确认原来的那一套已经停用，由这一套继续发送？", abort=True)
    marker = change(settings, lambda work: holding.release(work, discard=discard))
    holding.write_marker(settings.storage.folder, marker)
    typer.echo("已放行。正在运行的机器人一分钟内开始发送。")
