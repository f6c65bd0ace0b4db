import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.numbers import find_counts, read_count, read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("120", 120), ("一百二十", 120), ("一百二", 120), ("两百", 200), ("五六十", 60), ("一两百", 200),
    ("一千零五", 1005),
     ("1.2万", 12000), ("一万二", 12000), ("三千五", 3500), ("十五", 15), ("廿五", 25), ("一百零二", 102),
     ("1,200", 1200), ("3千", 3000),
     ("二零二零", 2020), ("人", None), ("", None)],
)  # fmt: skip
def test_read_number(text: str, number: int | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "counts"),
    [("预计120人", [120]), ("约200人", [200]), ("一百二十人", [120]), ("100-150人", [150]),
    ("100人到150人", [150]), ("两百多人", [200]),
     ("300余人次", [300]), ("120 人左右", [120]), ("来的村民大概五六十个", [60]), ("大约40个小朋友", [40]),
     ("前三名获奖", []), ("3人组", []),
     ("120人民币", []), ("第1名", []), ("活动2个小时", []), ("志愿者10人，观众200人", [10, 200]), ("三位老师", [])],
)  # fmt: skip
def test_find_counts(text: str, counts: list[int]) -> None:
    assert [c.value for c in find_counts(text)] == counts


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("一百二", 120),
        ("大概120吧", 120),
        ("100到150", 150),
        ("120", 120),
        ("约两百人左右", 200),
        ("没定", None),
        ("10月24日来120", None),
    ],
)
def test_read_count_of_an_answer(answer: str, number: int | None) -> None:
    found = read_count(answer)
    assert (found.value if found else None) == number


def _written(n: int) -> str:
    digits, out, zero = "零一二三四五六七八九", "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = n // size % 10
        if digit:
            out += ("零" if zero and out else "") + digits[digit] + unit
        zero = not digit
    return out


@given(st.integers(1, 9999))
def test_a_number_written_in_words_is_read_back(n: int) -> None:
    assert read_number(_written(n)) == n
    assert [c.value for c in find_counts(f"预计{_written(n)}人")] == [n]
