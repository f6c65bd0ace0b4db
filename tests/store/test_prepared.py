"""A prepared statement says what SQLAlchemy's own execution would have said, values of every kind both ways."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.clock import CHINA
from bot.model import InboxMessage, Unit
from bot.store.prepared import Prepared
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office

COLUMNS = ("channel", "message_id", "account_id", "received_at", "reply")
SAID = {"text": "是 50% 了吗？", "card": None}
ROW = dict(zip(COLUMNS, ("x", "7", None, datetime(2020, 10, 12, 10, tzinfo=CHINA), SAID), strict=True))
TABLE = InboxMessage.__table__


def test_prepared_statements_convert_what_goes_in_and_comes_out(office: Office) -> None:
    keep = Prepared(insert(InboxMessage).returning(InboxMessage.id), COLUMNS)
    wish = select(*[TABLE.c[name] for name in COLUMNS]).where(TABLE.c.message_id == bindparam("which")).limit(3)
    look, shown = Prepared(wish), {"which": "7"}

    def walk(work: UnitOfWork) -> None:
        [kept] = keep.run(work.connection, ROW)
        [found] = look.run(work.connection, shown)
        assert found._asdict() == ROW
        assert tuple(found) == tuple(work.connection.execute(wish, shown).one())
        assert work.session.get_one(InboxMessage, kept.id).reply == SAID

    office.do(walk)


def test_prepared_statement_without_rows_gives_none(office: Office) -> None:
    office.unit("甲协会")
    rest = Prepared(update(Unit).where(Unit.name == bindparam("which")).values(active=False))
    office.do(lambda work: rest.run(work.connection, {"which": "甲协会"}))
    assert [unit.active for unit in office.rows(Unit)] == [False]
