"""The calendar as a phone reads it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.clock import CHINA
from bot.documents.calendar import feed
from bot.model import Filing, Unit

AT = datetime(2020, 10, 12, 10, tzinfo=CHINA)


def filing(**fields: Any) -> Filing:
    held = {
        "number": "2020-0001", "state": "accepted", "version": 1, "name": "垃圾分类讲座", "all_day": False, "town": "莞城街道",
        "start": datetime(2020, 10, 24, 9, tzinfo=CHINA), "end": datetime(2020, 10, 24, 11, 30, tzinfo=CHINA),
        "place": "莞城文化广场", "kind": "讲座", "attendance": 120, "contact_phone": "13800138000", "updated_at": AT,
        "unit": Unit(name="东莞市环保志愿者协会"),
    }  # fmt: skip
    return Filing(**{**held, **fields})


def events(*filings: Filing) -> list[Any]:
    return list(Calendar.from_ical(feed(filings, "活动", "bot.example.org")).walk("VEVENT"))


def test_event_says_what_when_and_where_and_no_telephone() -> None:
    [event] = events(filing())
    assert (event["summary"], event["location"]) == ("垃圾分类讲座", "莞城街道 · 莞城文化广场")
    assert event["dtstart"].dt == datetime(2020, 10, 24, 9, tzinfo=CHINA)
    assert event["dtend"].dt == datetime(2020, 10, 24, 11, 30, tzinfo=CHINA)
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert "单位：东莞市环保志愿者协会" in event["description"]
    assert "2020-0001" in event["description"]
    assert b"13800138000" not in feed([filing()], "活动", "x")


def test_telephone_written_into_another_field_is_masked() -> None:
    body = feed([filing(name="讲座 咨询13800138000", place="文化广场 0769-22222222")], "活动", "x").decode()
    unfolded = body.replace("\r\n ", "")
    assert "138****8000" in unfolded
    assert "22222222" not in unfolded


@pytest.mark.parametrize(
    ("state", "title", "status"),
    [
        ("submitted", "【待备案】垃圾分类讲座", "TENTATIVE"),
        ("amended", "【变更待备案】垃圾分类讲座", "TENTATIVE"),
        ("accepted", "垃圾分类讲座", "CONFIRMED"),
        ("reported", "垃圾分类讲座", "CONFIRMED"),
        ("cancelled", "【已取消】垃圾分类讲座", "CANCELLED"),
    ],
)
def test_state_is_in_the_title_and_the_status(state: str, title: str, status: str) -> None:
    [event] = events(filing(state=state))
    assert (event["summary"], event["status"]) == (title, status)


@pytest.mark.parametrize("state", ["draft", "returned", "withdrawn"])
def test_what_the_office_does_not_have_is_no_event(state: str) -> None:
    assert events(filing(state=state)) == []


def test_name_stays_and_number_grows_with_every_version_and_the_cancelling() -> None:
    seen = [events(filing(version=1))[0], events(filing(version=2))[0], events(filing(version=2, state="cancelled"))[0]]
    assert {event["uid"] for event in seen} == {"filing-2020-0001@bot.example.org"}
    assert [event["sequence"] for event in seen] == [0, 1, 2]


def test_whole_days_are_days_and_the_last_one_is_included() -> None:
    [event] = events(filing(all_day=True, end=datetime(2020, 10, 26, 17, tzinfo=CHINA)))
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2020, 10, 24), date(2020, 10, 27))


def test_event_without_an_end_lasts_two_hours() -> None:
    [event] = events(filing(end=None))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(hours=2)


def test_same_filings_give_the_same_bytes() -> None:
    assert feed([filing()], "活动", "x") == feed([filing()], "活动", "x")


@given(name=st.text(max_size=120), place=st.text(max_size=120), town=st.text(max_size=20), kind=st.text(max_size=20))
def test_whatever_was_written_stays_inside_its_event(name: str, place: str, town: str, kind: str) -> None:
    body = feed([filing(name=name, place=place, town=town, kind=kind)], name, "x")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
    calendar = Calendar.from_ical(body)
    assert [one.name for one in calendar.walk()] == ["VCALENDAR", "VTIMEZONE", "STANDARD", "VEVENT"]
    [event] = calendar.walk("VEVENT")
    assert event["uid"] == "filing-2020-0001@x"
