"""Doubts that one filing raises beside others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conflicts import (
    ALIKE,
    DOUBLE_BOOKED,
    OVERLAP,
    SAME_TEXT,
    TWO_PLACES,
    Booking,
    conflicts,
    likeness,
    normal_place,
    overlap,
    same_place,
    same_text,
    span,
)
from tests.rules.cases import at

TALK = Booking(
    number="2020-0001",
    unit_id=1,
    start=at("10-24 09:00"),
    end=at("10-24 11:30"),
    name="垃圾分类进社区讲座",
    summary="面向社区居民讲解垃圾分类的方法",
    place="莞城文化广场",
    town="莞城街道",
    contact_phone="13800138000",
)
OTHER = Booking(
    number="2020-0007",
    unit_id=2,
    start=at("10-24 10:00"),
    end=at("10-24 12:00"),
    name="机器人体验日",
    summary="机器人编程与竞技体验",
    place="虎门科技馆",
    town="虎门镇",
    contact_phone="13900139000",
)


def kinds(one: Booking, other: Booking) -> set[str]:
    return {found.kind for found in conflicts(one, [other])}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"unit_id": 1}, {OVERLAP}),
        ({"unit_id": 1, "start": at("10-24 11:30"), "end": at("10-24 12:30")}, set()),  # begins as the other ends
        ({"unit_id": 1, "start": at("10-23 09:00"), "end": at("10-25 18:00")}, {OVERLAP}),
        ({"unit_id": None}, set()),
        ({"contact_phone": "13800138000"}, {TWO_PLACES}),
        ({"contact_phone": "138 0013 8000（李敏）"}, {TWO_PLACES}),
        ({"contact_phone": "13800138000", "start": at("10-24 13:00"), "end": at("10-24 14:00")}, set()),
        ({"contact_phone": "13800138000", "place": "莞城街道文化广场", "town": "莞城街道"}, {DOUBLE_BOOKED}),
        ({"place": "文化广场", "town": "莞城街道"}, {DOUBLE_BOOKED}),
        ({"place": "文化广场", "town": "虎门镇"}, set()),
        ({"place": "文化广场", "town": "莞城街道", "unit_id": 1}, {OVERLAP, DOUBLE_BOOKED}),
        ({"place": "莞城街道", "town": "莞城街道"}, set()),  # a town is no place
        ({"name": TALK.name, "summary": TALK.summary}, {SAME_TEXT}),
        ({"name": TALK.name, "summary": TALK.summary + "。", "start": at("10-31 09:00"), "end": None}, {SAME_TEXT}),
        ({"name": TALK.name, "summary": ""}, set()),
        ({"number": "2020-0001", "unit_id": 1}, set()),  # itself
    ],
)
def test_kinds_of_doubt(change: dict[str, object], expected: set[str]) -> None:
    assert kinds(TALK, replace(OTHER, **change)) == expected  # type: ignore[arg-type]


def test_only_the_unit_itself_owns_a_doubt() -> None:
    [found] = conflicts(TALK, [replace(OTHER, unit_id=1)])
    assert found.own
    [found] = conflicts(TALK, [replace(OTHER, contact_phone=TALK.contact_phone)])
    assert not found.own
    [found] = conflicts(replace(TALK, unit_id=None), [replace(OTHER, unit_id=None, contact_phone=TALK.contact_phone)])
    assert not found.own  # two who are bound to nothing are not of one unit


@pytest.mark.parametrize(
    ("one", "two", "own", "alike"),
    [
        (("科普讲座", ""), ("科普讲座", ""), True, True),  # twice on one day
        (("科普讲座", ""), ("科普讲座", ""), False, False),  # what half of all activities are called
        (("科普大讲堂第3期 垃圾分类的方法", ""), ("科普大讲堂第4期 垃圾分类的方法", ""), True, False),
        (("科普大讲堂（三）垃圾分类的方法", ""), ("科普大讲堂（四）垃圾分类的方法", ""), False, False),
        (("垃圾分类进社区", "讲解方法，现场互动"), ("《垃圾分类进社区》", "讲解方法,现场互动!"), False, True),
        (("垃圾分类进社区", "讲解方法，现场互动"), ("防震减灾进校园", "讲解自救，现场演练"), False, False),
        (("", ""), ("", ""), True, False),
    ],
)
def test_same_text(one: tuple[str, str], two: tuple[str, str], own: bool, alike: bool) -> None:
    mine = Booking("1", 1, at("10-24 09:00"), name=one[0], summary=one[1])
    theirs = Booking("2", 1, at("10-24 15:00"), name=two[0], summary=two[1])
    assert same_text(mine, theirs, own) == alike


def test_short_text_of_one_unit_on_another_day_is_a_series_not_a_copy() -> None:
    mine = Booking("1", 1, at("10-24 09:00"), name="科普讲座")
    assert not same_text(mine, replace(mine, number="2", start=at("10-25 09:00")), True)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("莞城街道文化广场", "文化广场"),
        ("东莞市莞城街道 · 文化广场（东门）", "文化广场"),
        ("莞城文化广场门口", "文化广场"),
        ("長安鎮圖書館", "图书馆"),
        ("虎门科技馆一楼大厅", "科技馆一楼大厅"),
        ("莞城街道", ""),
        ("麻涌镇村委会", ""),
        ("线上（腾讯会议 123-456-789）", ""),
        ("各社区", ""),
        ("地点待定", ""),
        ("", ""),
    ],
)
def test_normal_place(written: str, normal: str) -> None:
    assert normal_place(written) == normal


def test_place_without_a_town_has_to_say_more() -> None:
    one = Booking("1", 1, at("10-24 09:00"), place="文化广场")
    assert not same_place(one, replace(one, town="莞城街道"))
    long = replace(one, place="科学技术博物馆")
    assert same_place(long, replace(long, town="莞城街道"))


def test_whole_days_take_the_whole_day() -> None:
    day = Booking("1", 1, at("10-24 09:00"), at("10-24 17:00"), all_day=True)
    assert span(day) == (at("10-24 00:00"), at("10-25 00:00"))
    assert overlap(day, Booking("2", 1, at("10-24 19:00"), at("10-24 20:00")))
    assert not overlap(day, Booking("2", 1, at("10-25 00:00"), at("10-25 01:00")))
    until_midnight = Booking("1", 1, at("10-24 00:00"), at("10-25 00:00"), all_day=True)
    assert span(until_midnight) == (at("10-24 00:00"), at("10-25 00:00"))
    three_days = Booking("1", 1, at("10-24 00:00"), at("10-26 17:00"), all_day=True)
    assert span(three_days)[1] == at("10-27 00:00")


def test_unsaid_end_is_two_hours_after_the_start() -> None:
    one = Booking("1", 1, at("10-24 09:00"))
    assert overlap(one, Booking("2", 1, at("10-24 10:59")))
    assert not overlap(one, Booking("2", 1, at("10-24 11:00")))


moments = st.integers(0, 200).map(lambda quarters: at("10-24 00:00") + timedelta(minutes=15 * quarters))
texts = st.text(alphabet="垃圾分类讲座社区科普第一二12 ，。", max_size=40)
bookings = st.builds(
    Booking,
    number=st.integers(1, 9).map(lambda number: f"2020-000{number}"),
    unit_id=st.sampled_from([None, 1, 2]),
    start=moments,
    end=st.one_of(st.none(), moments),
    all_day=st.booleans(),
    name=texts,
    summary=texts,
    place=st.sampled_from(["", "文化广场", "莞城文化广场", "长安图书馆", "线上", "虎门科技馆", "科学技术博物馆"]),
    town=st.sampled_from(["", "莞城街道", "长安镇"]),
    contact_phone=st.sampled_from(["", "13800138000", "138-0013-8000", "0769-22223333", "李敏"]),
)


@given(bookings, bookings)
def test_doubt_is_mutual(one: Booking, other: Booking) -> None:
    assert kinds(one, other) == kinds(other, one)


@given(bookings)
def test_nothing_collides_with_itself(one: Booking) -> None:
    assert conflicts(one, [one]) == []


@given(bookings, st.lists(bookings, max_size=5))
def test_others_are_judged_one_by_one(one: Booking, others: list[Booking]) -> None:
    assert conflicts(one, others) == [found for other in others for found in conflicts(one, [other])]


@given(bookings, bookings, st.integers(0, 10_000))
def test_moving_both_changes_no_overlap(one: Booking, other: Booking, minutes: int) -> None:
    if one.all_day or other.all_day:
        minutes -= minutes % (24 * 60)  # a whole day is a day of the calendar
    by = timedelta(minutes=minutes)

    def later(booking: Booking) -> Booking:
        return replace(booking, start=booking.start + by, end=booking.end + by if booking.end else None)

    assert overlap(one, other) == overlap(later(one), later(other))


@given(texts, texts)
def test_likeness_is_a_measure(one: str, other: str) -> None:
    found = likeness(one, other)
    assert 0 <= found <= 1
    assert found == likeness(other, one)
    assert likeness(one, one) == 1


def test_likeness_below_the_bar_by_length_alone_is_none() -> None:
    assert likeness("垃圾分类", "垃圾分类进社区讲座活动") < ALIKE
