"""Databases of a PostgreSQL server for the tests: copied from one with the tables, emptied and used again."""

import itertools

import psycopg
from psycopg import sql

# Everything in the database that a test could have made: what is not as it was after the copy is not used again.
_SHAPE = """
    SELECT md5(string_agg(format('%s %s %s', oid, relname, relnatts), ',' ORDER BY oid)),
           (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_constraint),
           (SELECT count(*) FROM pg_trigger),
           (SELECT md5(string_agg(format('%s %s', objoid, description), ',' ORDER BY objoid, objsubid))
            FROM pg_description WHERE objoid > 16383)
    FROM pg_class
"""
_TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'"
_SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences"
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Pool:
    """Hands out databases like ``template``, each to one test at a time. Copying takes a tenth of a second, emptying
    a hundredth."""

    def __init__(self, server: str, template: str) -> None:
        self.server = server
        self._template = template
        self._free: list[str] = []
        self._names = (f"test_{number}" for number in itertools.count(1))
        with psycopg.connect(url_of(server, template), autocommit=True) as connection:
            tables = [name for (name,) in connection.execute(_TABLES)]
            self._shape = connection.execute(_SHAPE).fetchone()
            sequences = [name for (name,) in connection.execute(_SEQUENCES)]
            # What the migrations wrote stays.
            kept = [name for name in tables if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()]  # type: ignore[arg-type]
        assert set(kept) <= {"public.alembic_version"} | {one for one in tables if "procrastinate" in one}, kept
        lines = [f"DELETE FROM {name}" for name in tables if name not in kept]
        lines += ["SELECT " + ", ".join(f"setval('{name}', 1, false)" for name in sequences)]
        # Without the triggers: neither the order of the tables nor what may never be deleted matters here.
        self._empty = ";".join(["SET session_replication_role = replica", *lines])

    def take(self) -> str:
        """The name of an empty database with the bot's tables."""
        if self._free:
            return self._free.pop()
        name = next(self._names)
        copy_database(self.server, self._template, name)
        return name

    def give_back(self, name: str) -> None:
        """A test has ended: empty its database, or throw it away where something of it is not as it was."""
        with psycopg.connect(url_of(self.server, name), autocommit=True) as connection:
            connection.execute(_OTHERS)
            if connection.execute(_SHAPE).fetchone() == self._shape:
                connection.execute(self._empty)  # type: ignore[arg-type]
                self._free.append(name)
                return
        admin(self.server, f"DROP DATABASE {name} WITH (FORCE)")


def admin(server: str, statement: str) -> None:
    """Run one statement as the server's owner."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))  # type: ignore[arg-type]


def copy_database(server: str, template: str, name: str) -> None:
    """Make a database like the template; its files are copied as they are, not written through the log."""
    admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


def url_of(server: str, name: str) -> str:
    """The address of one database of the server."""
    head, _, query = server.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
