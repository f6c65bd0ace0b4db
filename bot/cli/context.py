"""What every command needs: the settings, the database, a way to change rows and to say what went wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.clock import clock_from_environment
from bot.errors import ConfigError
from bot.settings import Settings, load
from bot.store import migrate
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

T = TypeVar("T")
ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", help="配置文件 (configuration file), default config.toml")
]


def change(settings: Settings, act: Callable[[UnitOfWork], T]) -> T:
    """Run one change in a transaction and give its result."""
    with opened(settings) as database:
        writer = Writer(database, settings, clock_from_environment())
        writer.start()
        try:
            return writer.submit(act).result()
        finally:
            writer.close()


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database, checked to be there and current."""
    database = Database(settings.database.url)
    try:
        database.check()
        if not migrate.is_current(database):
            raise ConfigError("数据库还没有建好或版本不符，请先运行 kepu-bot migrate。(run `kepu-bot migrate` first)")
        yield database
    finally:
        database.close()


def settings_of(config: Path | None) -> Settings:
    return load(config)
