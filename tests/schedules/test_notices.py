"""Notices at their hour: sent in time, asked about when long overdue, never sent twice."""

from datetime import timedelta

import pytest

from bot.model import Delivery, Notice, NoticeState
from tests.office import GROUP, Office
from tests.schedules.year import china, notice, queued, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NINE = china("2020-10-13T09:00")


def _state(office: Office, number: int) -> str:
    return str(office.rows(Notice, Notice.id == number)[0].state)


def _sent(office: Office, number: int) -> list[Delivery]:
    return office.rows(Delivery, Delivery.notice_id == number, Delivery.purpose == "notice")


def test_notice_goes_at_its_hour_and_once(going: Office) -> None:
    number = notice(going, state=NoticeState.SCHEDULED, scheduled_at=NINE)
    tick_at(going, "2020-10-13T08:59:59")
    assert _state(going, number) == "scheduled"
    for moment in ("2020-10-13T09:00:00", "2020-10-13T09:01:00", "2020-10-13T09:05:00"):
        tick_at(going, moment)
    assert _state(going, number) == "sent"
    assert [one.recipient for one in _sent(going, number)] == [GROUP]
    assert going.rows(Notice, Notice.id == number)[0].sent_at == NINE


@pytest.mark.parametrize(
    "state",
    [NoticeState.DRAFT, NoticeState.SUBMITTED, NoticeState.RETURNED, NoticeState.CANCELLED, NoticeState.WITHDRAWN],
)
def test_only_what_was_approved_goes(going: Office, state: str) -> None:
    number = notice(going, state=state, scheduled_at=NINE)
    tick_at(going, "2020-10-13T09:00:05")
    assert _state(going, number) == state
    assert _sent(going, number) == []


@pytest.mark.parametrize(("late", "goes"), [(timedelta(minutes=119), True), (timedelta(minutes=121), False)])
def test_notice_that_missed_its_hour_goes_within_two_hours_and_is_asked_about_after(
    going: Office, late: timedelta, goes: bool
) -> None:
    number = notice(going, state=NoticeState.SCHEDULED, scheduled_at=NINE)
    for moment in (NINE + late, NINE + late + timedelta(minutes=1), NINE + late + timedelta(hours=1)):
        going.at(moment)
        going.tick()
    assert bool(_sent(going, number)) is goes
    asked = [one for one in queued(going, "staff") if one.content["card"]]
    assert [one.recipient for one in asked] == ([] if goes else ["chen"])  # once, and only those who may approve
    if not goes:
        assert _state(going, number) == "scheduled"


@pytest.mark.parametrize(("button", "state"), [("仍然发布", "sent"), ("取消", "cancelled")])
def test_staff_decide_about_a_notice_that_missed_its_hour(going: Office, button: str, state: str) -> None:
    number = notice(going, state=NoticeState.SCHEDULED, scheduled_at=NINE)
    tick_at(going, "2020-10-13T12:00:00")
    [asked] = [one for one in queued(going, "staff") if one.content["card"]]
    key = next(one["key"] for one in asked.content["card"]["buttons"] if one["text"] == button)
    going.click("wang", key)  # a drafter may not
    assert _state(going, number) == "scheduled"
    going.click("chen", key)
    assert _state(going, number) == state
    going.click("chen", key)
    assert len(_sent(going, number)) == (1 if state == "sent" else 0)


def test_notice_of_the_night_is_sent_and_its_deliveries_wait_for_the_morning(going: Office) -> None:
    number = notice(going, state=NoticeState.SCHEDULED, scheduled_at=china("2020-10-13T22:00"))
    tick_at(going, "2020-10-13T22:00:05")
    assert _state(going, number) == "sent"
    assert [one.not_before for one in _sent(going, number)] == [china("2020-10-14T08:00")]


def test_month_off_the_air_sends_nothing_stale(going: Office) -> None:
    number = notice(going, state=NoticeState.SCHEDULED, scheduled_at=NINE)
    tick_at(going, "2020-11-30T10:00:00")
    assert _sent(going, number) == []
    assert [one.recipient for one in queued(going, "staff") if one.content["card"]] == ["chen"]
