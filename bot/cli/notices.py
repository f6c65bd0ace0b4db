"""``notice send``: a notice from the command line, through the same review as in chat."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from bot.cli.context import ConfigOption, change, settings_of
from bot.delivery import targets
from bot.errors import UserError
from bot.model import NoticeKind, Person, Staff
from bot.store.unit_of_work import UnitOfWork

notice = typer.Typer(help="通知 (notices)", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(notice, name="notice")


@notice.command("send")
def send(
    drafter: Annotated[str, typer.Option("--from", help="拟稿人姓名（须是工作人员）")],
    kind: Annotated[NoticeKind, typer.Option(help="通知种类")] = NoticeKind.GENERAL,
    text: Annotated[str | None, typer.Option(help="正文；与 --file 二选一")] = None,
    file: Annotated[Path | None, typer.Option(help="正文所在的文件（UTF-8 文本或 Markdown）")] = None,
    when: Annotated[str | None, typer.Option("--at", help="定时，如 “明早9点” 或 “10月14日 09:00”")] = None,
    to: Annotated[str | None, typer.Option(help="发给谁，如 “长安镇或虎门镇”；不写为该种类的全体")] = None,
    config: ConfigOption = None,
) -> None:
    """提交一条通知送审：审核人会在私聊里收到，批准后发出。(Submit a notice for approval by a second person.)"""
    from handlers.notices.life import draft_notice
    from handlers.notices.review import submit_notice

    body = text or (file.read_text(encoding="utf-8") if file and file.is_file() else "")
    if not body.strip():
        raise UserError("没有正文。请用 --text 写正文，或用 --file 指定一个 UTF-8 文本文件。")

    def act(work: UnitOfWork) -> str:
        wish = select(Person).join(Staff, Staff.person_id == Person.id).where(Person.name == drafter)
        found = list(work.session.scalars(wish))
        if len(found) != 1:
            raise UserError(f"姓名为“{drafter}”的工作人员有 {len(found)} 位，应正好一位。请先运行 kepu-bot staff add。")
        made = draft_notice(work, found[0], f"{kind}：{body}", when=when)
        made.targets = targets.read(work, to) if to else None
        return submit_notice(work, made, found[0])

    typer.echo(change(settings_of(config), act))
