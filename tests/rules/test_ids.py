import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.ids import read_id


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" 12 ", 12), ("１２", 12), ("0", 0), ("999999999", 999_999_999),
     ("", None), ("-1", None), ("1.5", None), ("1e3", None), ("²", None), ("①", None), ("十二", None),
     ("1000000000", None), ("9" * 5000, None), ("1 2", None)],
)  # fmt: skip
def test_only_a_number_that_a_row_may_have_is_one(text: str, number: int | None) -> None:
    assert read_id(text) == number


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_none(text: str) -> None:
    found = read_id(text)
    assert found is None or 0 <= found < 10**9
