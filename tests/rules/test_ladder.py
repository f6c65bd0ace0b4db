"""When those who owe are reminded."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.rules.ladder import DIRECT, GROUP, ladder
from bot.rules.working_days import is_working_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2020-{text}").replace(tzinfo=CHINA)


def shown(deadline: str, *days: int) -> list[tuple[str, str]]:
    return [(f"{one.at:%m-%d %H}", one.way) for one in ladder(at(deadline), days)]


@pytest.mark.parametrize(
    ("deadline", "days", "steps"),
    [
        ("10-14 18:00", (0,), [("10-14 09", DIRECT), ("10-14 15", GROUP)]),
        ("10-14 10:00", (0,), [("10-13 09", DIRECT), ("10-13 15", GROUP)]),  # too early on its own day
        ("10-14 15:30", (0,), [("10-14 09", DIRECT)]),  # the group would hear of it half an hour before
        ("10-18 18:00", (0,), [("10-16 09", DIRECT), ("10-16 15", GROUP)]),  # a Sunday
        ("10-10 18:00", (0,), [("10-10 09", DIRECT), ("10-10 15", GROUP)]),  # a make-up Saturday
        ("10-16 18:00", (1,), [("10-19 09", DIRECT), ("10-19 15", GROUP)]),  # the day after is a Saturday
        (
            "10-14 18:00",
            (-1, 0, 1),
            [(f"10-{day} {hour}", way) for day in (13, 14, 15) for hour, way in (("09", DIRECT), ("15", GROUP))],
        ),
        ("10-14 18:00", (), []),
    ],
)
def test_steps_of_a_deadline(deadline: str, days: tuple[int, ...], steps: list[tuple[str, str]]) -> None:
    assert shown(deadline, *days) == steps


DEADLINES = st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 1)).map(lambda one: one.replace(tzinfo=CHINA))


@given(DEADLINES, st.lists(st.integers(-10, 10), max_size=6))
def test_at_most_once_a_day_by_each_way_and_only_on_working_days(deadline: datetime, days: list[int]) -> None:
    steps = ladder(deadline, days)
    assert len({(one.at.date(), one.way) for one in steps}) == len(steps)
    assert all(is_working_day(one.at.date()) and 8 <= one.at.hour < 21 for one in steps)
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    for one in steps:
        assert (one.late > 0) == (one.at > deadline) or one.at.date() == deadline.date()
        assert one.late <= 0 or one.at > deadline
    if 0 in days:
        assert any(deadline - timedelta(days=12) < one.at < deadline for one in steps)
