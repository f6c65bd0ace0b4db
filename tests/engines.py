"""Engines of many small databases that share what SQLAlchemy has compiled: each test has a database of its own, and
compiling its statements anew cost a fifth of the suite."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError

from bot.store.engine import Database

_SHARED: dict[tuple[str, str], tuple[Dialect, dict[Any, Any]]] = {}


def share_compiled(database: Database) -> None:
    """Make this database's engines use the dialect and the compiled statements of the first one of their kind."""
    _share(database.writer, "writer")
    if database.reader is not database.writer:
        _share(database.reader, "reader")


def _share(engine: Engine, use: str) -> None:
    kind = (engine.name, use)
    if kind not in _SHARED:
        try:
            engine.connect().close()  # a dialect learns its server when it first connects
        except OperationalError:
            return  # a test of a database that is away
        _SHARED[kind] = (engine.dialect, {})
    engine.dialect, engine._compiled_cache = _SHARED[kind]  # type: ignore[assignment]
