from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.rules.quiet_hours import QuietHours
from tests.rules.cases import at


@pytest.mark.parametrize(
    ("span", "moment", "allowed"),
    [
        ("21:00-08:00", "10-12 20:59", "10-12 20:59"),
        ("21:00-08:00", "10-12 21:00", "10-13 08:00"),
        ("21:00-08:00", "10-13 03:00", "10-13 08:00"),
        ("21:00-08:00", "10-13 08:00", "10-13 08:00"),
        ("12:00-14:00", "10-12 13:59", "10-12 14:00"),
        ("12:00-14:00", "10-12 14:00", "10-12 14:00"),
        ("22:00-24:00", "10-12 23:00", "10-13 00:00"),
        ("", "10-12 23:00", "10-12 23:00"),
        ("00:00-00:00", "10-12 23:00", "10-12 23:00"),
        ("21：00～8：00", "10-12 22:00", "10-13 08:00"),
    ],
)
def test_next_allowed(span: str, moment: str, allowed: str) -> None:
    assert QuietHours.parse(span).next_allowed(at(moment)) == at(allowed)


@pytest.mark.parametrize("text", ["nachts", "21-8", "25:00-08:00", "21:00-08:61", "21:00-08:00-09:00"])
def test_parse_refuses_what_is_no_span_of_hours(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the hour's own message differs
        QuietHours.parse(text)


@given(st.times(), st.times(), st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1)))
def test_next_allowed_is_never_quiet_and_within_a_day(begin, end, moment) -> None:  # type: ignore[no-untyped-def]
    hours = QuietHours(begin.replace(microsecond=0), end.replace(microsecond=0))
    now = moment.replace(tzinfo=CHINA, fold=0)
    later = hours.next_allowed(now)
    assert not hours.is_quiet(later)
    assert timedelta(0) <= later - now <= timedelta(days=1)
