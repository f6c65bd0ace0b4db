"""Bringing a database to the present tables.

Alembic is imported where something is to be brought: every start asks whether the tables are there, and it would be
the tenth part of the start.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bot.store import wake_tables
from bot.store.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
REVISION_DIGITS = 4  # with which the name of a migration's file begins


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(database: Database) -> None:
    """Apply every migration that is missing; harmless to repeat."""
    from alembic import command

    config = _config()
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if not database.sqlite:
            wake_tables.bring(connection)


def is_current(database: Database) -> bool:
    """Whether the database has the tables this version works with."""
    newest = max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:REVISION_DIGITS]
    with database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        present: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return present == newest and (database.sqlite or wake_tables.is_current(connection))
