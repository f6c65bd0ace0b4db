"""Chases of acknowledgements by the ladder: direct at nine, in the group at three; by itself on the day of the deadline."""

from collections.abc import Callable

import pytest

from bot.model import Delivery, Person
from tests.office import GROUP, Office
from tests.schedules.year import china, notice, queued, texts, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DEADLINE = china("2020-10-14T18:00")  # a Wednesday


def _chased(office: Office) -> list[str]:
    return [one.recipient for one in queued(office, "chase")]


def _over(office: Office) -> list[Delivery]:
    return [one for one in queued(office, "staff") if one.content["title"] == "回执截止"]


def test_only_those_who_owe_are_chased_first_alone_and_then_in_the_group(going: Office) -> None:
    notice(going, acknowledge=True, deadline=DEADLINE)
    going.say("li", "收到", chat=GROUP)
    for moment in ("2020-10-13T09:00:05", "2020-10-13T15:00:05", "2020-10-14T08:59:00"):
        tick_at(going, moment)
    assert _chased(going) == []
    tick_at(going, "2020-10-14T09:00:05")
    assert _chased(going) == ["he"]
    tick_at(going, "2020-10-14T15:00:05")
    assert _chased(going) == ["he", GROUP]
    in_group = texts(going, "chase")[1]
    assert "乙学会" in in_group
    assert "甲协会" not in in_group
    tick_at(going, "2020-10-15T09:00:05")
    tick_at(going, "2020-10-15T15:00:05")
    assert len(_chased(going)) == 2


def test_whoever_answers_after_the_first_chase_is_spared_the_second(going: Office) -> None:
    notice(going, acknowledge=True, deadline=DEADLINE)
    tick_at(going, "2020-10-14T09:00:05")
    for userid in ("li", "he"):
        going.say(userid, "收到", chat=GROUP)
    tick_at(going, "2020-10-14T15:00:05")
    assert GROUP not in _chased(going)


def test_early_deadline_is_chased_on_the_working_day_before(going: Office) -> None:
    notice(going, acknowledge=True, deadline=china("2020-10-19T10:00"))  # a Monday
    tick_at(going, "2020-10-16T09:00:05")
    assert sorted(_chased(going)) == ["he", "li"]
    tick_at(going, "2020-10-16T15:00:05")
    assert _chased(going).count(GROUP) == 1
    tick_at(going, "2020-10-19T09:00:05")
    assert len(_chased(going)) == 3


def test_notice_without_a_deadline_or_an_answer_is_not_chased(going: Office) -> None:
    notice(going, acknowledge=True, deadline=None)
    notice(going, acknowledge=False, deadline=DEADLINE)
    for hour in ("09", "15"):
        tick_at(going, f"2020-10-14T{hour}:00:05")
    assert _chased(going) == []


def test_chase_that_was_missed_is_not_made_after_the_deadline(going: Office) -> None:
    notice(going, acknowledge=True, deadline=china("2020-10-14T12:00"))
    tick_at(going, "2020-10-14T08:00:00")
    tick_at(going, "2020-10-14T13:00:00")  # back after the deadline, within the schedule's grace
    tick_at(going, "2020-10-14T15:00:05")
    assert _chased(going) == []


def test_staff_who_chased_in_the_morning_are_not_doubled_by_the_clock(going: Office) -> None:
    number = notice(going, acknowledge=True, deadline=DEADLINE)
    going.at("2020-10-14T08:30:00")
    going.say("chen", f"催办 {number}")
    tick_at(going, "2020-10-14T09:00:05")
    assert sorted(_chased(going)) == ["he", "li"]


def test_drafter_hears_once_who_never_answered(going: Office) -> None:
    wang = going.rows(Person, Person.name == "王芳")[0].id
    notice(going, acknowledge=True, deadline=DEADLINE, drafter_id=wang)
    going.say("li", "收到", chat=GROUP)
    tick_at(going, "2020-10-14T17:59:59")
    assert queued(going, "staff") == []
    for moment in ("2020-10-14T18:10:05", "2020-10-14T18:20:05", "2020-10-15T12:00:00"):
        tick_at(going, moment)
    told = _over(going)
    assert [one.recipient for one in told] == ["wang"]
    assert "乙学会" in told[0].content["text"]
    assert "甲协会" not in told[0].content["text"]


def test_drafter_hears_nothing_where_everybody_answered(going: Office) -> None:
    wang = going.rows(Person, Person.name == "王芳")[0].id
    notice(going, acknowledge=True, deadline=DEADLINE, drafter_id=wang)
    for userid in ("li", "he"):
        going.say(userid, "收到", chat=GROUP)
    tick_at(going, "2020-10-14T18:10:05")
    assert _over(going) == []


def test_deadline_that_passed_at_night_is_told_in_the_morning(going: Office) -> None:
    wang = going.rows(Person, Person.name == "王芳")[0].id
    notice(going, acknowledge=True, deadline=china("2020-10-14T22:00"), drafter_id=wang)
    tick_at(going, "2020-10-14T22:10:05")
    [one] = _over(going)
    assert one.not_before == china("2020-10-15T08:00")


@pytest.fixture
def firm(make_office: Callable[..., Office]) -> Office:
    """An office that reminds the day before, on the day, and the day after."""
    office = make_office({"notices": {"chase_days": [-1, 0, 1]}}, start="2020-10-09T12:00:00+08:00")
    for userid, person, unit in (("li", "李敏", "甲协会"), ("he", "何伟", "乙学会")):
        office.unit(unit)
        office.contact(userid, person, unit)
    office.tick()
    return office


def test_ladder_of_the_settings_is_climbed_and_its_words_grow_firmer(firm: Office) -> None:
    notice(firm, acknowledge=True, deadline=DEADLINE)
    firm.say("li", "收到", chat=GROUP)
    for day in range(12, 19):
        for hour in ("09", "15"):
            tick_at(firm, f"2020-10-{day}T{hour}:00:05")
    assert _chased(firm) == ["he", GROUP] * 3
    said = texts(firm, "chase")
    assert all("麻烦您看一下" in one for one in (said[0], said[2]))
    assert "请您今天抓紧办理" in said[4]
    assert "已超过截止时间" in said[5]
    assert [one.not_before.day for one in queued(firm, "chase")] == [13, 13, 14, 14, 15, 15]


def test_ladder_stops_at_once_on_an_answer(firm: Office) -> None:
    notice(firm, acknowledge=True, deadline=DEADLINE)
    firm.say("li", "收到", chat=GROUP)
    tick_at(firm, "2020-10-13T09:00:05")
    firm.say("he", "收到", chat=GROUP)
    for moment in ("2020-10-13T15:00:05", "2020-10-14T09:00:05", "2020-10-15T09:00:05", "2020-10-15T15:00:05"):
        tick_at(firm, moment)
    assert _chased(firm) == ["he"]
