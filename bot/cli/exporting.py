"""``export``: the filings as the office's table."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.context import ConfigOption, opened, settings_of
from bot.errors import ConfigError


def register(app: typer.Typer) -> None:
    app.command()(export)


def export(
    file: Annotated[Path, typer.Argument(help="写到哪个 .xlsx 文件")],
    month: Annotated[str | None, typer.Option(help="只要某个月的活动，如 2020-10")] = None,
    full_phones: Annotated[bool, typer.Option(help="写出完整电话（默认只留前三后四位）")] = False,
    force: Annotated[bool, typer.Option(help="覆盖已有的文件")] = False,
    config: ConfigOption = None,
) -> None:
    """导出活动报备登记表。(Export the filings as an .xlsx.)"""
    from bot.documents.filing_sheet import write_sheet
    from bot.store import register as filings

    if file.suffix.lower() != ".xlsx":
        raise ConfigError(f"{file} 应以 .xlsx 结尾。")
    if file.exists() and not force:
        raise ConfigError(f"{file} 已经存在。要覆盖请加 --force。")
    span = filings.month_span(month) if month else None
    if month and span is None:
        raise ConfigError(f"“{month}”不是月份，请写成 2020-10。")
    settings: Any = settings_of(config)
    with opened(settings) as database, database.read() as session:
        entries = filings.entries(session, span)
        file.write_bytes(write_sheet(entries, settings.programme.name, full_phones=full_phones))
    typer.echo(f"已导出 {len(entries)} 条报备到 {file}。")
