"""Statements of nearly every message, compiled once and given to the driver as they are.

Through SQLAlchemy's own execution such a statement took three to five times as long (the newest notices in SQLite 44 µs
instead of 19, the sender 33 instead of 7). What is left is the driver, and the conversion of values.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """For one kind of database."""

    sql: str
    fixed: dict[str, Any]  # the values that stand in the statement itself
    order: Sequence[str] | None  # of the values, where the driver takes them by position
    bind: list[tuple[str, Convert]]
    row: Callable[..., Any]
    result: list[tuple[int, Convert]]


class Prepared:
    """A statement in Core's terms. Its values are single ones: no lists for ``IN``.

    ``columns``: of an INSERT, those that will be given.
    """

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Execute it on `UnitOfWork.connection`; gives what it returns, as named tuples."""
        made = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        given = {**made.fixed, **(values or {})}
        for name, convert in made.bind:
            given[name] = convert(given[name])
        driver: Any = connection.connection.driver_connection
        cursor = driver.execute(made.sql, [given[name] for name in made.order] if made.order else given)
        if cursor.description is None:
            return []
        if not made.result:
            return [made.row(*found) for found in cursor.fetchall()]
        rows = []
        for found in cursor.fetchall():
            row = list(found)
            for at, convert in made.result:
                row[at] = convert(row[at])
            rows.append(made.row(*row))
        return rows

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        columns = list(self._statement.exported_columns)
        binds = [(name, one.type.dialect_impl(dialect)) for one, name in compiled.bind_names.items()]
        results = [one.type.dialect_impl(dialect) for one in columns]
        made = self._compiled[dialect.name] = _Compiled(
            sql=str(compiled),
            fixed=compiled.params,
            order=compiled.positiontup,
            bind=[(name, convert) for name, kind in binds if (convert := kind.bind_processor(dialect))],
            row=namedtuple("Row", [one.key for one in columns]),
            result=[
                (at, convert) for at, kind in enumerate(results) if (convert := kind.result_processor(dialect, None))
            ],
        )
        return made
