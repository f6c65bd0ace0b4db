"""The inputs of the filing page: what each means, what is said of a wrong one, and that looking changes nothing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.rules.form import LIMITS, MOST_PEOPLE, read_form, shown
from bot.rules.form_when import needs_a_second_look
from bot.rules.kinds import KINDS
from bot.rules.towns import dongguan

NOW = datetime(2020, 10, 12, 10, tzinfo=CHINA)
EMPTY: dict[str, Any] = {
    "name": "", "start": None, "end": None, "all_day": False, "place": "", "town": "", "kind": "", "audience": "",
    "attendance": None, "contact_name": "", "contact_phone": "", "summary": "", "budget": "", "media_invited": None,
    "remarks": "",
}  # fmt: skip


def at(day: int, hour: int = 0, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2020, month, day, hour, minute, tzinfo=CHINA)


def values(**posted: str) -> dict[str, Any]:
    """What an empty page becomes by these inputs."""
    entered = read_form(posted, shown(EMPTY), NOW)
    assert entered.faults == {}
    return {name: one.value for name, one in entered.values.items()}


def fault(**posted: str) -> tuple[str, str]:
    [one] = read_form(posted, shown(EMPTY), NOW).faults.values()
    return one.input, one.reason


@pytest.mark.parametrize(
    ("posted", "start", "end", "all_day"),
    [
        ({"date": "2020-10-24", "begin": "09:00", "until": "11:30"}, at(24, 9), at(24, 11, 30), False),
        ({"date": "2020-10-24", "begin": "09:00"}, at(24, 9), None, False),
        ({"date": "2020-10-24", "all_day": "1"}, at(24, 9), at(24, 17), True),
        ({"date": "2020-10-24", "all_day": "1", "until_date": "2020-10-26"}, at(24, 9), at(26, 17), True),
        ({"date": "2020-10-24", "all_day": "1", "begin": "19:00", "until": "21:00"}, at(24, 9), at(24, 17), True),
        ({"date": "2020-10-24", "begin": "22:00", "until": "00:00"}, at(24, 22), at(25), False),
        (
            {"date": "2020-10-24", "begin": "22:00", "until": "01:00", "until_date": "2020-10-25"},
            at(24, 22),
            at(25, 1),
            False,
        ),
        # As people write where the browser shows a plain box.
        ({"date": "24号", "begin": "下午三点", "until": "下午五点"}, at(24, 15), at(24, 17), False),
        ({"date": "2020/10/24", "begin": "9:05"}, at(24, 9, 5), None, False),
        ({"date": "10月24日周六", "begin": "９：３０"}, at(24, 9, 30), None, False),
    ],
)
def test_time_is_taken(posted: dict[str, str], start: datetime, end: datetime | None, all_day: bool) -> None:
    entered = read_form(posted, shown(EMPTY), NOW)
    found = {name: one.value for name, one in entered.values.items()}
    assert entered.faults == {}
    assert (found["start"], found["end"], found["all_day"]) == (start, end, all_day)


@pytest.mark.parametrize(
    ("posted", "where", "reason"),
    [
        ({"date": "2020-02-30"}, "date", "no_such_day"),
        ({"date": "1020-10-24"}, "date", "no_such_day"),
        ({"date": "某天"}, "date", "day"),
        ({"date": "10月24日周五", "begin": "09:00"}, "date", "which_day"),
        ({"date": "2020-10-24", "begin": "25:00"}, "begin", "hour"),
        ({"date": "2020-10-24", "begin": "上午"}, "begin", "hour"),
        ({"date": "2020-10-24", "begin": "09:00", "until": "08:00"}, "until", "ends_before_begin"),
        ({"date": "2020-10-24", "begin": "09:00", "until": "09:00"}, "until", "ends_before_begin"),
        (
            {"date": "2020-10-24", "begin": "09:00", "until": "10:00", "until_date": "2020-10-23"},
            "until",
            "ends_before",
        ),
        ({"date": "2020-10-24", "all_day": "1", "until_date": "2020-10-23"}, "until_date", "ends_before"),
        ({"date": "2020-10-24", "begin": "09:00", "until_date": "2020-10-25"}, "until", "end_hour"),
        (
            {"date": "2020-10-24", "begin": "09:00", "until": "10:00", "until_date": "2099-10-24"},
            "until_date",
            "too_far_apart",
        ),
    ],
)
def test_impossible_time_is_a_fault_beside_its_input(posted: dict[str, str], where: str, reason: str) -> None:
    assert fault(**posted) == (where, reason)


def test_wrong_end_does_not_take_the_start_with_it() -> None:
    entered = read_form({"date": "2020-10-24", "begin": "09:00", "until": "08:00"}, shown(EMPTY), NOW)
    assert entered.values["start"].value == at(24, 9)


def test_day_without_hours_is_kept_as_a_day() -> None:
    entered = read_form({"date": "2020-10-24"}, shown(EMPTY), NOW)
    assert (entered.day, entered.values["start"].value) == (date(2020, 10, 24), None)


def test_cleared_date_clears_the_time() -> None:
    held = {**EMPTY, "start": at(24, 9), "end": at(24, 11)}
    entered = read_form({**shown(held), "date": ""}, shown(held), NOW)
    assert {name: one.value for name, one in entered.values.items()} == {"start": None, "end": None, "all_day": False}


@pytest.mark.parametrize(
    ("written", "count"), [("120", 120), ("约200人", 200), ("一百二十人", 120), ("１２０", 120), ("", None)]
)
def test_attendance_is_read_as_in_the_chat(written: str, count: int | None) -> None:
    before = shown({**EMPTY, "attendance": 7})
    assert read_form({"attendance": written}, before, NOW).values["attendance"].value == count


@pytest.mark.parametrize(
    ("written", "reason"),
    [("很多", "attendance"), ("25组家庭", "groups"), (str(MOST_PEOPLE + 1), "attendance"), ("9" * 40, "attendance")],
)
def test_attendance_that_is_no_head_count_is_a_fault(written: str, reason: str) -> None:
    assert fault(attendance=written) == ("attendance", reason)


def test_name_and_telephone_in_one_box_are_both_taken() -> None:
    assert values(contact_name="李敏 13800138000") == {"contact_name": "李敏", "contact_phone": "13800138000"}
    assert values(contact_name="欧阳娜娜") == {"contact_name": "欧阳娜娜"}


@pytest.mark.parametrize("written", ["1380013800", "138001380001", "电话", "<script>"])
def test_telephone_that_is_none_is_a_fault(written: str) -> None:
    assert fault(contact_phone=written) == ("contact_phone", "phone")


def test_empty_telephone_leaves_the_one_that_is_known() -> None:
    assert values(contact_phone="") == {}


@pytest.mark.parametrize(
    ("posted", "place", "town"),
    [
        ({"place": "莞城文化广场"}, "莞城文化广场", "莞城街道"),
        ({"place": "文化广场", "town": "莞城"}, "文化广场", "莞城街道"),
        ({"place": "松山湖图书馆", "town": "莞城街道"}, "松山湖图书馆", "莞城街道"),
        ({"place": "文化广场"}, "文化广场", ""),
    ],
)
def test_town_is_the_one_written_else_the_one_in_the_place(posted: dict[str, str], place: str, town: str) -> None:
    found = values(**posted)
    assert (found["place"], found["town"]) == (place, town)


def test_new_place_without_a_town_leaves_the_town_that_stands_on_the_page() -> None:
    before = shown({**EMPTY, "place": "莞城文化广场", "town": "莞城街道"})
    found = read_form({**before, "place": "文化馆"}, before, NOW).values
    assert found["town"].value == "莞城街道"


def test_unknown_town_and_vague_place_are_faults() -> None:
    assert fault(town="上海市") == ("town", "town")
    assert fault(place="待定") == ("place", "vague")


@pytest.mark.parametrize(
    ("written", "kept"), [("3000", "3000元"), ("3,000 元", "3000元"), ("约3000元，场地1000", "约3000元，场地1000")]
)
def test_budget_loses_no_word(written: str, kept: str) -> None:
    assert values(budget=written) == {"budget": kept}


@pytest.mark.parametrize("name", ["kind", "media_invited"])
def test_choice_that_is_not_offered_is_a_fault(name: str) -> None:
    assert fault(**{name: "../../etc/passwd"}) == (name, "choice")


@pytest.mark.parametrize("name", [name for name in LIMITS if name != "late_reason"])
def test_text_over_its_limit_is_a_fault(name: str) -> None:
    assert fault(**{name: "长" * (LIMITS[name] + 1)}) == (name, "too_long")


def test_what_was_not_changed_on_the_page_is_left_alone() -> None:
    """So a page that lay open undoes nothing that was said in the chat meanwhile."""
    before = shown({**EMPTY, "name": "讲座", "attendance": 50})
    assert set(read_form({**before, "attendance": "80"}, before, NOW).values) == {"attendance"}


@pytest.mark.parametrize(
    ("start", "end", "doubt"),
    [
        (at(1, 9), at(1, 11), "passed"),
        (at(12, 9), at(12, 11), ""),  # going on just now
        (at(24, 9), None, ""),
        (datetime(2021, 10, 24, 9, tzinfo=CHINA), None, "far"),
        (None, None, ""),
    ],
)
def test_day_that_is_more_often_a_slip_wants_a_second_look(
    start: datetime | None, end: datetime | None, doubt: str
) -> None:
    assert needs_a_second_look(start, end, NOW) == doubt


moments = st.datetimes(datetime(2020, 1, 1), datetime(2021, 12, 1)).map(
    lambda one: one.replace(second=0, microsecond=0, tzinfo=CHINA)
)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]), max_size=30)


@given(
    start=moments,
    length=st.none() | st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=20)),
    texts=st.fixed_dictionaries(
        dict.fromkeys(("name", "audience", "contact_name", "summary", "remarks", "place"), texts)
    ),
    town=st.sampled_from(["", *(town.name for town in dongguan().towns)]),
    kind=st.sampled_from(["", *KINDS]),
    attendance=st.none() | st.integers(1, MOST_PEOPLE),
    media=st.sampled_from([None, True, False]),
)
def test_looking_at_a_filing_changes_nothing(
    start: datetime,
    length: Any,
    texts: dict[str, str],
    town: str,
    kind: str,
    attendance: int | None,
    media: bool | None,
) -> None:
    end = (start + length).replace(second=0, microsecond=0) if length else None
    held = {**EMPTY, **texts, "start": start, "end": end if end and end > start else None, "town": town, "kind": kind,
            "attendance": attendance, "media_invited": media}  # fmt: skip
    page = shown(held)
    assert read_form(page, page, NOW).values == {}
    # And what every input says is what the filing holds, where the page says all of it anew.
    again = read_form({name: page[name] for name in ("date", "begin", "until", "until_date", "all_day")}, {}, NOW)
    assert {name: one.value for name, one in again.values.items()} == {
        "start": start,
        "end": held["end"],
        "all_day": False,
    }


@given(st.dictionaries(st.sampled_from([*shown(EMPTY), "late_reason", "odd"]), st.text(max_size=60)))
def test_any_post_is_taken_or_answered_with_a_fault(posted: dict[str, str]) -> None:
    entered = read_form(posted, shown(EMPTY), NOW)
    assert set(entered.faults) <= set(shown(EMPTY))
    for one in entered.values.values():
        assert not isinstance(one.value, str) or "\x00" not in one.value
