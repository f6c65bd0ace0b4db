"""Tables of a notice where none can be shown."""

import time

import pytest

from bot.rules.tables import has_table, without_tables

TABLE = "资助标准：\n| 类别 | 最高 |\n|---|:--:|\n| 讲座 | 2万元 |\n|展览||\n\n以上。"


def test_rows_become_lines_and_the_rule_goes() -> None:
    assert has_table(TABLE)
    assert without_tables(TABLE) == "资助标准：\n类别　最高\n讲座　2万元\n展览\n\n以上。"


def test_long_lines_of_marks_take_no_time() -> None:
    began = time.process_time()
    for line in (" " * 20_000, "|" * 20_000, "- " * 10_000, "|-" * 10_000 + "x"):
        without_tables(f"a|b\n{line}\nc")
    assert time.process_time() - began < 2, "a second is far more than it needs"


@pytest.mark.parametrize("text", ["a | b", "---", "| 只有一行 |", "名称\n---", "", "时间 9:00|10:00\n-"])
def test_what_is_no_table_stays(text: str) -> None:
    assert not has_table(text)
    assert without_tables(text) == text
