"""``init`` and ``migrate``: a configuration out of questions or flags, and the database."""

import contextlib
import json
import secrets
import string
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.context import ConfigOption, settings_of
from bot.errors import ConfigError
from bot.settings import DEFAULT_PATH, check


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command("migrate")(migrate_command)


def init(
    config: Annotated[Path, typer.Option("--config", "-c", help="写到哪里 (where to write)")] = DEFAULT_PATH,
    name: Annotated[str | None, typer.Option(help="专项名称，如 2020年度科普专项")] = None,
    year: Annotated[int | None, typer.Option(help="年度，如 2020")] = None,
    database: Annotated[str, typer.Option(help="数据库地址")] = "sqlite:///kepu.db",
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听端口")] = 8090,
    public_url: Annotated[str, typer.Option(help="外网访问地址")] = "",
    app_id: Annotated[str | None, typer.Option(help="公众号 AppID")] = None,
    app_secret: Annotated[str | None, typer.Option(help="公众号 AppSecret", envvar="KEPU_INIT_APP_SECRET")] = None,
    bot_id: Annotated[str | None, typer.Option(help="智能机器人 Bot ID")] = None,
    bot_secret: Annotated[str | None, typer.Option(help="智能机器人 Secret", envvar="KEPU_INIT_BOT_SECRET")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不提问，缺的用默认值 (ask nothing)")] = False,
    force: Annotated[bool, typer.Option(help="覆盖已有的配置文件")] = False,
) -> None:
    """写配置文件并建数据库。(Write a configuration and create the database.)"""
    if config.exists() and not force:
        raise ConfigError(f"{config} 已经存在。要重写请加 --force，或用 --config 另选位置。")
    if not yes:
        year = year or typer.prompt("年度", default=date.today().year, type=int)  # noqa: DTZ011 - only a suggestion
        name = name or typer.prompt("专项名称", default=f"{year}年度科普专项")
        app_id = app_id if app_id is not None else typer.prompt("公众号 AppID（没有就直接回车）", default="")
        if app_id and app_secret is None:
            app_secret = typer.prompt("公众号 AppSecret", hide_input=True)
        bot_id = bot_id if bot_id is not None else typer.prompt("智能机器人 Bot ID（没有就直接回车）", default="")
        if bot_id and bot_secret is None:
            bot_secret = typer.prompt("智能机器人长连接 Secret", hide_input=True)
    year = year or date.today().year  # noqa: DTZ011
    sections: dict[str, dict[str, Any]] = {
        "database": {"url": database},
        "server": {"host": host, "port": port, "public_url": public_url},
        "programme": {"name": name or f"{year}年度科普专项", "year": year},
    }
    if app_id:
        sections["official_account"] = _official_account(app_id, app_secret)
    if bot_id:
        sections["work_group"] = {"bot_id": bot_id, "secret": bot_secret or ""}
    text = _toml(sections)
    settings = check(tomllib.loads(text), str(config))  # before anything is written
    _create_database(settings.database.url)
    config.parent.mkdir(parents=True, exist_ok=True)
    config.touch(mode=0o600)
    config.chmod(0o600)  # it holds secrets
    config.write_text(text, encoding="utf-8")
    typer.echo(f"已写好 {config}，数据库已建好。")
    if app_id:
        typer.echo(
            "公众号后台「服务器配置」要填的令牌 (Token) 和消息加解密密钥 (EncodingAESKey) 在该文件的 [official_account] 一节。"
        )
    typer.echo("下一步：kepu-bot staff add 姓名 --role admin，然后 kepu-bot doctor，再 kepu-bot serve。")


def migrate_command(config: ConfigOption = None) -> None:
    """把数据库升到当前版本，可重复执行。(Bring the database to the present version.)"""
    _create_database(settings_of(config).database.url)
    typer.echo("数据库已是最新版本。")


def _official_account(app_id: str, app_secret: str | None) -> dict[str, str]:
    letters = string.ascii_letters + string.digits
    return {
        "app_id": app_id,
        "app_secret": app_secret or "",
        "token": "".join(secrets.choice(letters) for _ in range(24)),
        "encoding_aes_key": "".join(secrets.choice(letters) for _ in range(43)),
    }


def _create_database(url: str) -> None:
    from bot.store import migrate
    from bot.store.engine import Database

    database = Database(url)
    _keep_to_ourselves(database)
    try:
        database.check()
        migrate.upgrade(database)
    finally:
        database.close()


def _keep_to_ourselves(database: Any) -> None:
    """Make a new SQLite file readable for its owner alone: it will hold names and telephone numbers."""
    if database.sqlite and database.url.database:
        with contextlib.suppress(OSError):  # `check` says in words what is wrong with the place
            Path(database.url.database).touch(mode=0o600, exist_ok=True)


def _toml(sections: dict[str, dict[str, Any]]) -> str:
    """A TOML document of plain values; JSON's strings and numbers are TOML's."""
    parts = ["# 各项含义见 config.example.toml (every key is explained there)"]
    for section, values in sections.items():
        parts.append(f"\n[{section}]")
        parts += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(parts) + "\n"
