"""What a database's own errors tell, and what they must not: the values of a row are people's data."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.model import Unit
from bot.store.unit_of_work import UnitOfWork
from schedules.clockwork import Schedule, run_due
from tests.logs import Logged
from tests.office import GROUP, Office

PRIVATE = "李敏13800138000"


def _twice(work: UnitOfWork) -> None:
    work.session.add_all([Unit(name=PRIVATE), Unit(name=PRIVATE)])
    work.session.flush()


def test_error_of_a_statement_holds_no_value(office: Office) -> None:
    with pytest.raises(SQLAlchemyError) as caught:
        office.do(_twice)
    assert PRIVATE not in str(caught.value).partition("DETAIL")[0]  # PostgreSQL's own words; the log cuts them out
    with office.session() as session, pytest.raises(SQLAlchemyError) as looked:
        session.execute(text("SELECT :value FROM nowhere"), {"value": PRIVATE})
    assert PRIVATE not in str(looked.value)


def test_broken_constraint_is_logged_without_the_value(office: Office, logged: Logged) -> None:
    broken = {"bad": Schedule("bad", "0 9 * * *", lambda work, due: _twice(work), timedelta(hours=1))}
    run_due(office.writer, broken)
    office.at("2020-10-13T09:00:00")
    run_due(office.writer, broken)
    assert "schedule_failed" in logged.text
    assert "IntegrityError" in logged.text
    for private in ("李敏", "13800138000", "138****8000"):
        assert private not in logged.text


def test_handler_that_breaks_on_the_database_logs_no_value(office: Office, logged: Logged) -> None:
    """Through the inbox, whose log is the one place where a traceback is written."""
    office.unit("甲协会")
    office.contact("li", "李敏", "甲协会")
    office.do(lambda work: work.session.connection().exec_driver_sql("ALTER TABLE filing RENAME TO away"))
    answer = office.say(
        "li", f"报备 10月24日上午9:00-11:00，莞城文化广场，垃圾分类讲座，预计120人，负责人{PRIVATE}", chat=GROUP
    )
    assert answer is not None
    assert "抱歉" in answer.text
    assert "handler_failed" in logged.text
    for private in ("李敏", "13800138000", "138****8000", "垃圾分类"):
        assert private not in logged.text
