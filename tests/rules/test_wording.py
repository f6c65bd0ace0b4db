from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.rules.moments import find_moments
from bot.rules.wording import format_day, format_span
from tests.rules.cases import NOW, at


def test_format_day_shows_the_year_only_outside_the_programmes_year() -> None:
    assert format_day(date(2020, 10, 21)) == "10月21日（周三）"
    assert format_day(date(2020, 10, 21), year=2020) == "10月21日（周三）"
    assert format_day(date(2021, 1, 5), year=2020) == "2021年1月5日（周二）"


@pytest.mark.parametrize(
    ("start", "end", "all_day", "text"),
    [
        ("10-24 09:00", "10-24 11:30", False, "10月24日（周六）09:00–11:30"),
        ("10-24 09:00", None, False, "10月24日（周六）09:00"),
        ("10-24 09:00", "10-24 17:00", True, "10月24日（周六）全天"),
        ("10-24 22:00", "10-25 01:00", False, "10月24日（周六）22:00–10月25日（周日）01:00"),
        ("10-24 20:00", "10-25 00:00", False, "10月24日（周六）20:00–24:00"),
        ("10-24 09:00", "10-26 17:00", True, "10月24日（周六）至10月26日（周一）全天"),
    ],
)
def test_format_span(start: str, end: str | None, all_day: bool, text: str) -> None:
    assert format_span(at(start), at(end) if end else None, all_day) == text


@given(
    st.datetimes(at("10-13 00:00").replace(tzinfo=None), at("2021-06-30 23:00").replace(tzinfo=None)),
    st.integers(5, 480),
)
def test_what_the_bot_writes_it_reads_back(moment, minutes) -> None:  # type: ignore[no-untyped-def]
    from datetime import timedelta

    start = moment.replace(second=0, microsecond=0, tzinfo=CHINA)
    end = start + timedelta(minutes=minutes)
    found = find_moments(format_span(start, end), NOW)
    assert [(m.start, m.end) for f in found for m in f.moments] == [(start, end)]
    assert found[0].reason is None
