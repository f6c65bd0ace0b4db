"""Procrastinate's tables, in a schema of their own beside the bot's. They hold nothing that outlives a minute."""

import hashlib

from sqlalchemy import Connection, text

from bot.errors import ConfigError

SCHEMA = "procrastinate"
_MAY_CREATE = text("SELECT has_database_privilege(current_database(), 'CREATE')")


def bring(connection: Connection) -> None:
    """Make them as the installed version of Procrastinate wants them; harmless to repeat.

    Jobs only wake whoever sends, so tables of another version are thrown away rather than brought over.
    """
    if is_current(connection):
        return
    # The driver itself, because the script is many statements in one, and full of percent signs.
    driver = connection.connection.driver_connection
    assert driver is not None
    if not connection.scalar(_MAY_CREATE):
        raise ConfigError(
            "数据库用户没有建立 schema 的权限：请让它成为数据库的所有者（ALTER DATABASE 库名 OWNER TO 用户名），"
            "再运行 kepu-bot migrate。(the user must own the database)"
        )
    driver.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    driver.execute(f"CREATE SCHEMA {SCHEMA}")
    [before] = driver.execute("SHOW search_path").fetchone()
    driver.execute(f"SET LOCAL search_path = {SCHEMA}")
    driver.execute(_script())
    driver.execute(f"SET LOCAL search_path = {before}")
    driver.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{_version()}'")


def is_current(connection: Connection) -> bool:
    wish = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")
    return bool(connection.scalar(wish, {"schema": SCHEMA}) == _version())


def _version() -> str:
    return hashlib.sha256(_script().encode()).hexdigest()[:16]


def _script() -> str:
    try:
        from procrastinate.schema import SchemaManager  # only where there is PostgreSQL
    except ImportError:
        raise ConfigError(
            "使用 PostgreSQL 需要 procrastinate：请运行 pip install 'kepu-bot[postgres]'。(install the extra `postgres`)"
        ) from None
    return str(SchemaManager.get_schema())
