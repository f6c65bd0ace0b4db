"""What staff look for, out of their words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.searching import Query, month_span, near_span, read_query, town_of

TODAY = date(2020, 10, 12)
OCTOBER = (date(2020, 10, 1), date(2020, 10, 31))


def day(number: int) -> tuple[date, date]:
    return date(2020, 10, number), date(2020, 10, number)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("2020-0001", Query(number="2020-0001")),
        ("２０２０－０００１", Query(number="2020-0001")),
        ("2020-0001。", Query(number="2020-0001")),
        ("137", Query(number="2020-0137")),
        ("0007号", Query(number="2020-0007")),
        ("10月", Query(span=OCTOBER)),
        ("十月", Query(span=OCTOBER)),
        ("10月份", Query(span=OCTOBER)),
        ("2021年2月", Query(span=(date(2021, 2, 1), date(2021, 2, 28)))),
        ("12月", Query(span=(date(2020, 12, 1), date(2020, 12, 31)))),
        ("10月24日", Query(span=day(24))),
        ("2020-10-24", Query(span=day(24))),
        ("10.24", Query(span=day(24))),
        ("今天", Query(span=day(12))),
        ("下周", Query(span=(date(2020, 10, 19), date(2020, 10, 25)))),
        ("本月", Query(span=OCTOBER)),
        ("长安", Query(words=("长安",))),
        ("10月 长安 讲座", Query(span=OCTOBER, words=("长安", "讲座"))),
        ("长安、10月", Query(span=OCTOBER, words=("长安",))),
        ("10月长安", Query(span=OCTOBER, words=("长安",))),
        ("10月的讲座", Query(span=OCTOBER, words=("讲座",))),
        ("待备案", Query(states=frozenset({"submitted", "amended"}))),
        ("待总结 长安", Query(states=frozenset({"due"}), words=("长安",))),
        ("逾期", Query(late=True)),
        ("补报 10月", Query(retroactive=True, span=OCTOBER)),
        ("13800138000", Query(phone="13800138000")),
        ("13月", Query(words=("13月",))),
        ("2月30日", Query(words=("2月30日",))),
        ("", Query()),
    ],
)
def test_read_query(text: str, query: Query) -> None:
    assert read_query(text, TODAY, 2020) == query


@given(st.text(max_size=200))
def test_any_words_are_read(text: str) -> None:
    query = read_query(text, TODAY, 2020)
    assert len(query.words) <= 5
    assert all(0 < len(word) <= 30 for word in query.words)


@pytest.mark.parametrize(
    ("word", "town"),
    [
        ("长安", "长安镇"),
        ("长安镇", "长安镇"),
        ("莞城", "莞城街道"),
        ("松山湖", "松山湖"),
        ("长安图书馆", ""),
        ("讲座", ""),
    ],
)
def test_town_of(word: str, town: str) -> None:
    assert town_of(word) == town


@pytest.mark.parametrize("month", range(1, 13))
def test_month_span_ends_where_the_next_begins(month: int) -> None:
    from datetime import timedelta

    first, last = month_span(2020, month)
    following = last + timedelta(days=1)
    assert first.day == following.day == 1
    assert (following.year * 12 + following.month) - (first.year * 12 + first.month) == 1


@pytest.mark.parametrize("today", [date(2020, 1, 15), date(2020, 12, 31), date(2020, 10, 12)])
def test_weeks_and_months_lie_side_by_side(today: date) -> None:
    for before, now, after in (("上周", "本周", "下周"), ("上月", "本月", "下月")):
        spans = [near_span(word, today) for word in (before, now, after)]
        assert all(spans)
        (_, a), (b, c), (d, _) = spans  # type: ignore[misc]
        assert (b - a).days == 1
        assert (d - c).days == 1
        assert b <= today <= c
    assert near_span("昨夜", today) is None
