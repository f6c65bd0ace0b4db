"""A database of an earlier version, with rows in it, comes to the present tables and loses nothing."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.model import Base
from bot.store import migrate
from bot.store.engine import Database
from tests.databases import admin, url_of

FIRST = (
    "INSERT INTO person (id, name, phone, created_at) VALUES (1, 'a', '', '2020-01-01')",
    "INSERT INTO notice (id, kind, title, body, state, public, acknowledge, link, created_at)"
    " VALUES (1, '监督要求', 't', 'b', 'sent', false, false, '', '2020-01-01')",
    "INSERT INTO delivery (id, purpose, channel, lane, method, recipient, content, state, notice_id, dedupe_key,"
    " attempts, urgent, not_before, pace_key, platform_id, error, created_at) VALUES (1, 'notice', 'x', 'x', 'push',"
    " 'r', '{}', 'sent', 1, 'k', 0, false, '2020-01-01', '', '', '', '2020-01-01')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path / 'old.db'}")
    server = request.getfixturevalue("postgres")
    admin(server, "CREATE DATABASE old_version")
    return Database(url_of(server, "old_version"))


def test_rows_of_the_first_version_are_kept_when_the_tables_grow(empty_database: Database) -> None:
    assert not migrate.is_current(empty_database)
    config = migrate._config()
    with empty_database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    assert not migrate.is_current(empty_database)
    with empty_database.writer.begin() as connection:
        for statement in FIRST:
            connection.execute(text(statement))
    migrate.upgrade(empty_database)
    with empty_database.writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.execute(text("SELECT kind, version FROM notice")).all() == [("监督管理要求", 1)]
        assert connection.execute(text("SELECT notice_id FROM delivery")).scalar() == 1
    assert migrate.is_current(empty_database)
    empty_database.close()
