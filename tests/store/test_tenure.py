"""The office of the gateway: one holder, and another soon after the first is gone, however it went."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from bot.store import tenure
from bot.store.engine import Database
from bot.store.tenure import GATEWAY, Tenure, holder
from tests.waiting import until


class Candidate:
    """Would hold the office; counts how often it began, and says so."""

    def __init__(self, database: Database, name: str) -> None:
        self.name = name
        self.begun, self.ended = 0, 0
        self.ending = asyncio.Event()
        self.ending.set()
        self.tenure = Tenure(database.url, self._begin, self._end, lambda: name)

    @property
    def holds(self) -> bool:
        return self.begun > self.ended

    async def _begin(self) -> None:
        self.begun += 1

    async def _end(self) -> None:
        await self.ending.wait()
        self.ended += 1


@pytest.fixture
def database(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(tenure, "EVERY", 0.05)
    database = Database(postgres)
    yield database
    database.close()


@asynccontextmanager
async def running(candidate: Candidate) -> AsyncIterator[Candidate]:
    task = asyncio.create_task(candidate.tenure.run())
    try:
        yield candidate
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_one_holds_the_office_and_everybody_can_read_what_it_says(database: Database) -> None:
    assert _holder(database) is None
    async with running(Candidate(database, "connected")) as first:
        await until(lambda: _holder(database) == "connected")
        async with running(Candidate(database, "second")) as second:
            await asyncio.sleep(0.3)  # six tries
            assert (first.holds, second.begun) == (True, 0)
    assert _holder(database) is None


async def test_holder_lays_the_office_down_before_another_has_it(database: Database) -> None:
    first, second = Candidate(database, "first"), Candidate(database, "second")
    leaving = asyncio.create_task(first.tenure.run())
    await until(lambda: first.holds)
    async with running(second):
        first.ending.clear()
        leaving.cancel()
        await asyncio.sleep(0.3)  # it is still at it, and the other tries
        assert second.begun == 0
        first.ending.set()
        await until(lambda: second.holds)
        assert not first.holds


async def test_holder_keeps_the_office_over_a_moment_without_its_database(database: Database) -> None:
    async with running(Candidate(database, "holder")) as one:
        for _ in range(3):
            await until(lambda: _holder(database) == "holder")
            _cut(database)
            await until(lambda: _holder(database) != "holder")
        await until(lambda: _holder(database) == "holder")
        assert (one.begun, one.ended) == (1, 0)


async def test_holder_that_comes_back_when_another_was_quicker_lays_the_office_down(database: Database) -> None:
    async with running(Candidate(database, "holder")) as one:
        await until(lambda: _holder(database) == "holder")
        wish = dict(zip(("first", "second"), GATEWAY, strict=True))
        with database.writer.connect() as quicker:
            _cut(database)
            quicker.execute(text("SELECT pg_advisory_lock(:first, :second)"), wish)
            await until(lambda: one.ended == 1)
        quicker.close()
        database.writer.dispose()  # the pool would keep the connection, and the lock with it
        await until(lambda: one.begun == 2)


async def test_holder_that_hangs_is_sent_away_by_the_server(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenure, "SILENT", 1)
    hanging = Candidate(database, "hanging")
    async with running(hanging):
        await until(lambda: _holder(database) == "hanging")
        monkeypatch.setattr(tenure, "EVERY", 4.0)  # it says nothing for longer than it may
        await until(lambda: _holder(database) is None, 5)


def _holder(database: Database) -> str | None:
    with database.read() as session:
        return holder(session)


def _cut(database: Database) -> None:
    with database.read() as session:
        wish = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'kepu-bot gateway%'"
        session.execute(text(wish))
