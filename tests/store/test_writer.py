"""The writer: each change by itself, all of a batch in one commit; and the audit chain."""

import asyncio

import pytest
from sqlalchemy import text

from bot.model import AuditEntry, Unit
from bot.store.audit import first_broken_entry
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office


def test_change_that_fails_takes_no_other_with_it(office: Office) -> None:
    def good(work: UnitOfWork, name: str) -> None:
        work.session.add(Unit(name=name))

    def bad(work: UnitOfWork) -> None:
        work.session.add(Unit(name="bad"))
        work.session.flush()
        raise ValueError("no")

    async def both() -> list[object]:
        changes = [
            office.writer.run(lambda work: good(work, "one")),
            office.writer.run(bad),
            office.writer.run(lambda work: good(work, "two")),
        ]
        return await asyncio.gather(*changes, return_exceptions=True)

    results = asyncio.run(both())
    assert isinstance(results[1], ValueError)
    assert [unit.name for unit in office.rows(Unit)] == ["one", "two"]


def test_change_against_a_constraint_fails_alone(office: Office) -> None:
    office.unit("one")
    with pytest.raises(Exception, match=r"(?i)unique"):
        office.unit("one")
    office.unit("two")
    assert len(office.rows(Unit)) == 2


def test_change_whose_flush_fails_takes_no_other_of_its_batch_with_it(office: Office) -> None:
    def add(work: UnitOfWork, name: str) -> None:
        work.session.add(Unit(name=name))

    async def at_once() -> list[object]:
        changes = [office.writer.run(lambda work, name=name: add(work, name)) for name in ("one", "one", "two")]  # type: ignore[misc]
        return await asyncio.gather(*changes, return_exceptions=True)

    assert [type(result).__name__ for result in asyncio.run(at_once())] == ["NoneType", "IntegrityError", "NoneType"]
    assert [unit.name for unit in office.rows(Unit)] == ["one", "two"]


def test_connection_of_a_change_sees_what_the_session_holds_back(office: Office) -> None:
    def count(work: UnitOfWork) -> int | None:
        work.session.add(Unit(name="one"))
        return work.connection.scalar(text("SELECT count(*) FROM unit"))

    assert office.do(count) == 1


def test_audit_chain_is_whole_until_somebody_touches_it(office: Office) -> None:
    for number in range(5):
        office.do(lambda work, n=number: work.audit("person:1", "act", f"thing:{n}", why="测试"))
    with office.session() as session:
        assert first_broken_entry(session) is None
    office.do(lambda work: work.session.execute(text("UPDATE audit_entry SET subject='other' WHERE subject='thing:2'")))
    with office.session() as session:
        third = session.query(AuditEntry).order_by(AuditEntry.id).all()[2]
        assert first_broken_entry(session) == third.id
