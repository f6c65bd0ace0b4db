"""``texts``: every text of the bot on one page, filled with examples, to be read as its receivers read it."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.messaging.examples import Example

Groups = list[tuple[str, list["Example"]]]


def register(app: typer.Typer) -> None:
    app.command()(texts)


def texts(
    html: Annotated[Path | None, typer.Option("--html", help="写成一个网页文件，而不是打印出来")] = None,
    force: Annotated[bool, typer.Option(help="覆盖已有的文件")] = False,
) -> None:
    """机器人的全部文字，各配一个例子，按谁收到分组。(Every text of the bot with an example, by who receives it.)"""
    from bot.messaging.examples import examples

    groups = [(receiver, list(found)) for receiver, found in groupby(examples(), lambda one: one.receiver)]
    if html is None:
        typer.echo(_printed(groups))
        return
    if html.exists() and not force:
        raise ConfigError(f"{html} 已经存在。要覆盖请加 --force。")
    html.write_text(_page(groups), encoding="utf-8")
    typer.echo(f"已写到 {html}，共 {sum(len(found) for _, found in groups)} 条。")


def _printed(groups: Groups) -> str:
    lines = []
    for receiver, found in groups:
        lines += [f"━━ {receiver}（{len(found)} 条）", ""]
        for one in found:
            lines += [f"[{one.name}]", *(f"{shown}\n" for shown in one.shown)]
    return "\n".join(lines).rstrip()


def _page(groups: Groups) -> str:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("bot.messaging", "examples"), autoescape=True)
    return environment.get_template("page.html").render(groups=groups)
