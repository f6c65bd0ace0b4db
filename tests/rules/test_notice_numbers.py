"""The office's numbers of notices."""

import pytest

from bot.rules.notice_numbers import next_number

PATTERN = "科普通知〔{year}〕{n}号"


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ([], "科普通知〔2020〕1号"),
        (["科普通知〔2020〕1号", "科普通知〔2020〕10号", "科普通知〔2020〕9号"], "科普通知〔2020〕11号"),
        (["科普通知〔2019〕40号", "旧文〔2020〕7号"], "科普通知〔2020〕1号"),
    ],
)
def test_next_number_follows_the_highest_of_its_year(given: list[str], number: str) -> None:
    assert next_number(PATTERN, 2020, given) == number
