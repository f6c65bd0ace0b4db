"""Engines for SQLite and PostgreSQL that behave alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.errors import ConfigError

SECONDS_TO_WAIT_FOR_A_LOCK = 10
OLDEST_POSTGRESQL = (14,)  # the first that sends idle sessions away by itself, which the gateway's lock relies on


class Database:
    """One database: `writer` for the writing thread, `reader` for pages that only look."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise ConfigError(
                "「database.url」不正确。含义：数据库地址。例：sqlite:///kepu.db 或 postgresql+psycopg://用户:密码@主机/库名"
            ) from None
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            self.writer = _sqlite(self.url, "BEGIN IMMEDIATE", pool_size=1)
            self.reader = _sqlite(self.url, "BEGIN", pool_size=4)
        else:
            url_with_driver = self.url.set(drivername="postgresql+psycopg")
            self.writer = self.reader = create_engine(
                url_with_driver, pool_size=4, pool_pre_ping=True, hide_parameters=True
            )
        _cheapen_savepoints(self.writer)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; what it changes is thrown away."""
        with Session(self.reader) as session:
            yield session

    @contextmanager
    def one_at_a_time(self, name: str) -> Iterator[None]:
        """Nobody else is inside under the same name, in however many processes."""
        if self.sqlite:  # one process serves it
            yield
            return
        with self.writer.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:name, 0))"), {"name": f"kepu {name}"})
            connection.commit()  # the lock is the connection's, not the transaction's
            try:
                yield
            finally:
                connection.invalidate()

    def check(self) -> None:
        """Raise `ConfigError` with one sentence where the database cannot be opened."""
        try:
            with self.writer.connect() as connection:
                connection.execute(text("SELECT 1"))
                version = connection.dialect.server_version_info or ()
        except SQLAlchemyError:
            # Neither the address (it holds a password) nor the driver's words (they repeat it) may be shown.
            raise ConfigError(
                f"无法打开数据库 {self.url.render_as_string(hide_password=True)}。请检查「database.url」、目录权限，"
                "以及 PostgreSQL 是否已启动。"
            ) from None
        if not self.sqlite and version < OLDEST_POSTGRESQL:
            raise ConfigError(
                f"PostgreSQL 需要 {OLDEST_POSTGRESQL[0]} 或更新的版本，现在是 {version[0]}。(PostgreSQL is too old)"
            )

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def _cheapen_savepoints(engine: Engine) -> None:
    """Hand savepoints to the driver as they are. SQLAlchemy compiles each anew, and every message has one: that took
    several times as long as the savepoint itself."""
    words = {
        "savepoint": "SAVEPOINT",
        "rollback_to_savepoint": "ROLLBACK TO SAVEPOINT",
        "release_savepoint": "RELEASE SAVEPOINT",
    }
    for name, word in words.items():
        setattr(engine.dialect, f"do_{name}", partial(_execute_savepoint, word))


def _execute_savepoint(word: str, connection: Connection, name: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"{word} {name}")  # the name is SQLAlchemy's own: letters and a number


def _sqlite(url: Any, begin: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,  # an error ends in the log, and the values of a row are people's data
        pool_size=pool_size,
        connect_args={"check_same_thread": False, "timeout": SECONDS_TO_WAIT_FOR_A_LOCK},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; the driver's own way breaks savepoints
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a committed filing survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
