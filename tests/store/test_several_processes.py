"""Two processes at one PostgreSQL: where they get in each other's way, neither loses a change."""

import threading

import pytest
from sqlalchemy import select, text, update

from bot.errors import ConfigError
from bot.model import Unit
from bot.store import migrate, wake_tables
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer
from tests.office import Office

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def test_changes_that_lock_the_same_rows_in_opposite_order_are_both_made(office: Office) -> None:
    for name in ("one", "two"):
        office.unit(name)
    meet = threading.Barrier(2)
    tries = 0

    def both(work: UnitOfWork, first: str, second: str) -> None:
        nonlocal tries
        tries += 1
        work.session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        for name in (first, second):
            if name == second and tries <= 2:
                meet.wait(5)
            work.session.execute(update(Unit).where(Unit.name == name).values(town=Unit.town + first[0]))

    other = Writer(Database(str(office.settings.database.url)), office.settings, office.clock)
    other.start()
    changes = [office.writer.submit(lambda work: both(work, "one", "two"))]
    changes.append(other.submit(lambda work: both(work, "two", "one")))
    for change in changes:
        change.result(10)
    other.close()
    assert tries == 3
    with office.database.read() as session:
        assert {frozenset(town) for town in session.scalars(select(Unit.town))} == {frozenset("ot")}


def test_start_of_one_waits_for_that_of_another(office: Office) -> None:
    order: list[str] = []
    started = threading.Event()

    def another() -> None:
        started.set()
        with Database(str(office.settings.database.url)).one_at_a_time("start"):
            order.append("second")

    with office.database.one_at_a_time("start"):
        thread = threading.Thread(target=another)
        thread.start()
        started.wait(5)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_migrate_by_a_user_who_may_not_make_a_schema_is_one_sentence(office: Office) -> None:
    office.do(lambda work: work.session.execute(text("COMMENT ON SCHEMA procrastinate IS 'of another version'")))
    office.do(lambda work: work.session.execute(text("CREATE ROLE guest")))
    with office.database.writer.begin() as connection:
        connection.execute(text("SET LOCAL ROLE guest"))
        with pytest.raises(ConfigError, match="请让它成为数据库的所有者"):
            wake_tables.bring(connection)


def test_postgresql_that_is_too_old_is_one_sentence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.database.check()
    monkeypatch.setattr("bot.store.engine.OLDEST_POSTGRESQL", (99,))
    with pytest.raises(ConfigError, match="PostgreSQL 需要 99 或更新的版本"):
        office.database.check()


def test_tables_of_another_procrastinate_are_made_anew_by_migrate(office: Office) -> None:
    office.do(lambda work: work.session.execute(text("COMMENT ON SCHEMA procrastinate IS 'of another version'")))
    office.do(lambda work: work.session.execute(text("DROP TABLE procrastinate.procrastinate_events")))
    assert not migrate.is_current(office.database)
    for _ in range(2):
        migrate.upgrade(office.database)
    assert migrate.is_current(office.database)
    with office.database.read() as session:
        assert session.scalar(text("SELECT to_regclass('procrastinate.procrastinate_events')")) is not None
