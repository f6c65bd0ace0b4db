"""Doubts about a report, case by case."""

from datetime import UTC, datetime

import pytest

from bot.clock import CHINA
from bot.rules.truth import attendance_is_far, differing_bits, distance_km, look_alikes, taken_on_another_day

START = datetime(2020, 10, 24, 9, 0, tzinfo=CHINA)
END = datetime(2020, 10, 24, 11, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("one", "other", "bits"),
    [
        ("0" * 16, "0" * 16, 0),
        ("0" * 16, "f" * 16, 64),
        ("000000000000000f", "0" * 16, 4),
        ("8000000000000000", "0", 1),
    ],
)
def test_differing_bits_are_counted(one: str, other: str, bits: int) -> None:
    assert differing_bits(one, other) == bits


@pytest.mark.parametrize(
    ("fingerprint", "others", "found"),
    [
        ("00000000000000ff", [(7, "00000000000000ff")], [7]),
        ("00000000000000ff", [(7, "00000000000000e0")], [7]),  # five bits
        ("00000000000000ff", [(7, "00000000000000c0")], []),  # six
        ("00000000000000ff", [(9, "00000000000000ff"), (7, "00000000000000fe"), (7, "00000000000000ff")], [7, 9]),
        ("00000000000000ff", [(7, "")], []),
        ("", [(7, "")], []),
        ("", [(7, "0000000000000000")], []),
        ("00000000000000ff", [], []),
    ],
)
def test_look_alikes_differ_in_at_most_five_bits(
    fingerprint: str, others: list[tuple[int, str]], found: list[int]
) -> None:
    assert look_alikes(fingerprint, others) == found


@pytest.mark.parametrize(
    ("taken", "end", "another"),
    [
        (START, END, False),
        (datetime(2020, 10, 24, 0, 0, tzinfo=CHINA), END, False),
        (datetime(2020, 10, 24, 23, 59, tzinfo=CHINA), END, False),
        (datetime(2020, 10, 25, 0, 0, tzinfo=CHINA), END, True),
        (datetime(2020, 10, 23, 23, 59, tzinfo=CHINA), END, True),
        (datetime(2020, 10, 23, 16, 30, tzinfo=UTC), END, False),  # half past midnight of the 24th in China
        (datetime(2020, 10, 24, 16, 30, tzinfo=UTC), END, True),
        (datetime(2020, 10, 26, 12, 0, tzinfo=CHINA), datetime(2020, 10, 27, 17, 0, tzinfo=CHINA), False),
        (datetime(2020, 10, 24, 12, 0, tzinfo=CHINA), None, False),
        (datetime(2020, 10, 25, 12, 0, tzinfo=CHINA), None, True),
    ],
)
def test_day_of_a_picture_is_by_chinas_calendar(taken: datetime, end: datetime | None, another: bool) -> None:
    assert taken_on_another_day(taken, START, end) == another


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((23.02, 113.75), (23.02, 113.75), 0),
        ((23.02, 113.75), (22.82, 113.67), 23.7),  # the city's centre and 虎门
        ((0.0, 179.9), (0.0, -179.9), 22.2),  # over the date line
        ((90.0, 0.0), (-90.0, 0.0), 20015),
    ],
)
def test_distance_is_along_the_globe(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, rel=0.01, abs=0.01)


@pytest.mark.parametrize(
    ("came", "expected", "far"),
    [
        (135, 120, False),
        (120, 120, False),
        (59, 120, True),
        (60, 120, False),
        (240, 120, False),
        (241, 120, True),
        (5, 20, False),  # a small circle
        (50, 20, True),
        (49, 20, False),
        (0, 10, True),  # nobody
        (0, 0, True),
        (100, None, False),
        (0, None, True),
    ],
)
def test_head_count_is_far_below_half_or_above_double(came: int, expected: int | None, far: bool) -> None:
    assert attendance_is_far(came, expected) == far
