"""The clockwork: each occurrence once, whoever asks; missed ones caught up or skipped; faults kept apart."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.model import ScheduleRun, Unit
from bot.store.unit_of_work import UnitOfWork
from schedules import SCHEDULES
from schedules.clockwork import Schedule, run_due
from tests.logs import Logged
from tests.office import Office


def _schedule(
    name: str = "test", cron: str = "0 9 * * *", hours: float = 20, fault: bool = False
) -> dict[str, Schedule]:
    """A schedule that leaves a unit behind, named after the occurrence."""

    def job(work: UnitOfWork, due: datetime) -> None:
        work.session.add(Unit(name=f"{name} {due:%m-%d %H:%M}"))
        if fault:
            work.session.flush()
            raise RuntimeError("boom")

    return {name: Schedule(name, cron, job, timedelta(hours=hours))}


def _done(office: Office) -> list[str]:
    return [one.name for one in office.rows(Unit)]


def test_new_installation_has_missed_nothing(office: Office) -> None:
    assert run_due(office.writer, _schedule()) == []
    office.at("2020-10-13T08:59:59")
    assert run_due(office.writer, _schedule()) == []


def test_occurrence_is_done_once_however_often_it_is_asked_for(office: Office) -> None:
    one = _schedule()
    run_due(office.writer, one)
    office.at("2020-10-13T09:00:00")
    assert run_due(office.writer, one) == ["test"]
    for moment in ("09:00:00", "09:00:20", "15:00:00", "23:59:59"):
        office.at(f"2020-10-13T{moment}")
        assert run_due(office.writer, one) == []
    assert _done(office) == ["test 10-13 09:00"]


@pytest.mark.parametrize(("back_at", "done"), [("2020-10-13T10:59:59", True), ("2020-10-13T11:00:01", False)])
def test_missed_occurrence_is_caught_up_within_its_grace_and_skipped_after(
    office: Office, back_at: str, done: bool
) -> None:
    one = _schedule(hours=2)
    run_due(office.writer, one)
    office.at(back_at)
    run_due(office.writer, one)
    assert _done(office) == (["test 10-13 09:00"] if done else [])
    office.at("2020-10-14T09:00:00")
    assert run_due(office.writer, one) == ["test"]  # what was skipped keeps nothing from going on


def test_of_several_missed_occurrences_only_the_newest_is_done(office: Office) -> None:
    office.at("2020-10-12T10:05:00")
    one = _schedule(cron="*/10 * * * *")
    run_due(office.writer, one)
    office.at("2020-10-12T13:07:00")
    assert run_due(office.writer, one) == ["test"]
    assert run_due(office.writer, one) == []
    assert _done(office) == ["test 10-12 13:00"]


def test_year_off_is_no_burden(office: Office) -> None:
    office.at("2020-10-12T10:05:00")
    one = _schedule(cron="*/10 * * * *", hours=24)
    run_due(office.writer, one)
    office.at("2021-10-12T13:07:00")
    assert run_due(office.writer, one) == ["test"]
    assert _done(office) == ["test 10-12 13:00"]


def test_two_writers_at_once_do_each_occurrence_once(database_url: str) -> None:
    offices = [Office(database_url), Office(database_url)]
    one = _schedule(cron="* * * * *")
    run_due(offices[0].writer, one)
    together = threading.Barrier(2)
    for minute in range(1, 11):
        for office in offices:
            office.at(f"2020-10-12T10:{minute:02}:05")

        def ask(office: Office) -> None:
            together.wait()
            run_due(office.writer, one)

        threads = [threading.Thread(target=ask, args=(office,)) for office in offices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(_done(offices[0])) == [f"test 10-12 10:{minute:02}" for minute in range(11)]
    for office in offices:
        office.close()


def test_schedule_that_fails_stops_no_other_and_is_due_again(office: Office, logged: Logged) -> None:
    some = _schedule("bad", fault=True) | _schedule("good")
    run_due(office.writer, some)
    office.at("2020-10-13T09:00:00")
    assert run_due(office.writer, some) == ["good"]
    assert _done(office) == ["good 10-13 09:00"]  # of the failed one nothing stays
    assert [line["schedule"] for line in logged.lines if line["event"] == "schedule_failed"] == ["bad"]
    office.at("2020-10-13T09:00:20")
    assert run_due(office.writer, _schedule("bad") | _schedule("good")) == ["bad"]


def test_claims_are_kept_with_the_hour_they_are_for(office: Office) -> None:
    one = _schedule()
    run_due(office.writer, one)
    office.at("2020-10-13T10:30:00")
    run_due(office.writer, one)
    newest = max(office.rows(ScheduleRun), key=lambda run: run.due_at)
    assert newest.due_at == datetime(2020, 10, 13, 9, 0, tzinfo=CHINA)
    assert newest.done_at == office.clock.now()


@settings(max_examples=60, deadline=None)
@given(
    cron=st.sampled_from(["0 9 * * *", "*/10 * * * *", "30 3 * * *", "* * * * *"]),
    away=st.integers(0, 3 * 86_400),
    grace=st.integers(60, 2 * 86_400),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2020, 12, 31)),
)
def test_due_occurrence_is_the_newest_there_is_and_inside_the_grace(
    cron: str, away: int, grace: int, at: datetime
) -> None:
    now = at.replace(tzinfo=CHINA)
    after = now - timedelta(seconds=away)
    one = Schedule("x", cron, lambda work, due: None, timedelta(seconds=grace))
    due = one.latest_due(after, now)
    if due is None:
        return
    assert after < due <= now
    assert now - due <= timedelta(seconds=grace)
    assert one.latest_due(due, now) is None


def test_every_schedule_of_the_bot_does_nothing_in_an_empty_office(
    make_office: Callable[..., Office], logged: Logged
) -> None:
    office = make_office()
    office.tick()
    for hour in range(24):
        office.at(f"2020-10-14T{hour:02}:31:00")
        office.tick()
    assert office.outbox(state=None) == []
    assert "schedule_failed" not in logged.text
    assert {run.name for run in office.rows(ScheduleRun)} == set(SCHEDULES)
