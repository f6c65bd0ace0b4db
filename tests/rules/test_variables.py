"""What differs from unit to unit in one notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.variables import GENERAL, fill, unknown, used, without_value

TEXT = "{{单位}}：贵单位“{{ 项目 }}”资助 ｛｛金额｝｝ 元，请 {{单位}} 于 {{截止}} 前办理。"
VALUES = {"单位": "虎门科技馆", "项目": "机器人体验", "金额": "120,000", "截止": "10月15日"}


def test_each_variable_is_filled_in() -> None:
    assert used(TEXT) == ["单位", "项目", "金额", "截止"]
    assert fill(TEXT, VALUES) == "虎门科技馆：贵单位“机器人体验”资助 120,000 元，请 虎门科技馆 于 10月15日 前办理。"


def test_variable_without_a_value_is_named() -> None:
    assert without_value(TEXT, VALUES | {"金额": ""}) == ["金额"]


@pytest.mark.parametrize(
    ("text", "names"), [("{{单味}}", ["单味"]), ("{{单位", ["{{"]), ("金额}}", ["}}"]), ("{单位}", [])]
)
def test_what_is_no_variable_is_named(text: str, names: list[str]) -> None:
    assert unknown(text) == names


@given(st.text(max_size=20).filter(bool))
def test_value_is_never_read_as_a_variable(value: str) -> None:
    assert fill("{{单位}}", {"单位": value, "金额": "1"}) == value
    assert fill("{{单位}}", {"单位": "{{金额}}", "金额": "1"}) == "{{金额}}"


@given(st.text(alphabet="{}｛｝ 单位金额x\n", max_size=60))
def test_text_without_faults_is_filled_whole(text: str) -> None:
    if not unknown(text):
        assert used(fill(text, dict.fromkeys(GENERAL, "无"))) == []
