"""The staff's morning digest: on working days and on days with activities, with what needs them."""

from datetime import date, timedelta

import pytest

from bot.delivery.outgoing import by_way
from bot.delivery.reach import Way
from bot.messaging.types import WORK_GROUP, Content
from bot.model import FilingState, Notice, Person
from bot.store.unit_of_work import UnitOfWork
from tests.office import GROUP, Office
from tests.schedules.year import china, filing, notice, plan, queued, tick_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _digest(office: Office, day: str) -> str:
    """What everybody reads on this morning; empty where nobody is written to."""
    before = len(queued(office, "staff"))
    tick_at(office, f"{day}T08:10:05")
    new = [one for one in queued(office, "staff")[before:] if one.content["title"] == "今日简报"]
    if not new:
        return ""
    assert {one.recipient for one in new} == {"wang", "chen"}
    assert len({one.content["text"] for one in new}) == 1
    return str(new[0].content["text"])


@pytest.mark.parametrize(
    ("day", "comes"),
    [
        ("2020-10-12", True),  # Monday
        ("2020-10-10", True),  # a Saturday that is worked
        ("2020-10-11", False),  # Sunday
        ("2020-10-17", False),  # Saturday
    ],
)
def test_digest_comes_on_working_days(going: Office, day: str, comes: bool) -> None:
    assert bool(_digest(going, day)) is comes


def test_digest_comes_on_a_day_off_that_has_activities(going: Office) -> None:
    filing(going, "li", "周末讲座", "2020-10-17T09:00")
    assert "周末讲座" in _digest(going, "2020-10-17")


def test_digest_names_what_needs_staff_and_nothing_personal(going: Office) -> None:
    filing(going, "li", "今天的讲座", "2020-10-19T09:00")
    filing(going, "he", "等待备案的展览", "2020-10-30T09:00", state=FilingState.SUBMITTED)
    filing(going, "li", "没交总结的活动", "2020-10-10T09:00")
    plan(going, "乙学会", "没报备的活动", date(2020, 10, 21), date(2020, 10, 16))
    notice(going, acknowledge=True, deadline=china("2020-10-16T18:00"))
    going.say("li", "收到", chat=GROUP)
    going.at("2020-10-16T12:00:00")
    for state in ("ambiguous", "failed", "unreachable"):
        going.do(lambda work, state=state: _trouble(work, state))  # type: ignore[misc]
    text = _digest(going, "2020-10-19")
    for part in ("今日活动 1 场", "今天的讲座", "待备案 1 条", "没报备的活动", "总结逾期 1 场", "仍未回执：乙学会"):
        assert part in text
    for part in ("待确认 1 条", "失败 1 条", "无法送达 1 条"):
        assert part in text
    for private in ("13800138000", "李敏"):
        assert private not in text


def test_digest_names_the_notices_that_wait_for_a_review(going: Office) -> None:
    number = notice(going, deadline=None)
    assert "待审核" not in _digest(going, "2020-10-13")
    going.do(lambda work: setattr(work.session.get_one(Notice, number), "state", "submitted"))
    assert f"待审核的通知 1 份：{number}《" in _digest(going, "2020-10-14")


def _trouble(work: UnitOfWork, state: str) -> None:
    from bot.model import Delivery

    by_way(work, Way(WORK_GROUP, "push", GROUP), Content("x"), purpose="notice", key=state)
    work.session.query(Delivery).filter_by(dedupe_key=state).update({"state": state})


@pytest.mark.parametrize(("state", "words"), [("ambiguous", "待确认"), ("failed", "失败"), ("unreachable", "无法送达")])
def test_trouble_of_any_one_kind_is_told_and_last_weeks_is_not(going: Office, state: str, words: str) -> None:
    going.do(lambda work: _trouble(work, state))
    text = _digest(going, "2020-10-16")
    assert f"发送异常：{words} 1 条" in text
    assert text.count(" 1 条") == 1
    assert "发送异常" not in _digest(going, "2020-10-19")


def test_quiet_morning_is_a_short_digest(going: Office) -> None:
    text = _digest(going, "2020-10-12")
    assert "今天没有已报备的活动" in text
    assert len(text.splitlines()) == 2


def test_digest_of_a_year_without_a_calendar_says_that_days_are_computed(make_office: object) -> None:
    office: Office = make_office({"programme": {"name": "专项", "year": 2099}}, start="2099-03-02T07:00:00+08:00")  # type: ignore[operator]
    office.staff("wang", "王芳", "drafter")
    office.staff("chen", "陈志明", "approver")
    office.tick()
    assert "工作日暂按周末和法定节假日推算" in _digest(office, "2099-03-02")


@pytest.mark.parametrize(("back_at", "comes"), [("11:30:00", True), ("13:00:00", False)])
def test_missed_digest_is_made_good_only_while_it_is_morning(going: Office, back_at: str, comes: bool) -> None:
    tick_at(going, "2020-10-11T12:00:00")
    tick_at(going, f"2020-10-12T{back_at}")
    digests = [one for one in queued(going, "staff") if one.content["title"] == "今日简报"]
    assert bool(digests) is comes
    assert all(one.not_after and one.not_after - one.not_before == timedelta(hours=6) for one in digests)


def test_viewers_read_it_too(going: Office) -> None:
    going.staff("zhao", "赵检查", "viewer")
    tick_at(going, "2020-10-12T08:10:05")
    assert "zhao" in {one.recipient for one in queued(going, "staff")}


def test_who_is_in_charge_hears_each_working_day_what_is_owed(going: Office) -> None:
    people = {one.name: one.id for one in going.rows(Person)}
    deadline = china("2020-10-14T18:00")
    number = notice(going, acknowledge=True, deadline=deadline, drafter_id=people["王芳"])
    notice(going, acknowledge=True, deadline=deadline, drafter_id=people["王芳"], in_charge_id=people["陈志明"])
    going.click("li", f"acknowledge:{number}", chat=GROUP)
    for moment in ("2020-10-11T08:20:05", "2020-10-12T08:20:05", "2020-10-12T08:40:00"):  # a Sunday, a Monday
        tick_at(going, moment)
    told = {one.recipient: one.content for one in queued(going, "staff") if one.content["title"] == "要求进展"}
    assert set(told) == {"wang", "chen"}
    assert "乙学会" in told["wang"]["text"]
    assert "甲协会" not in told["wang"]["text"]
    assert "甲协会" in told["chen"]["text"]
