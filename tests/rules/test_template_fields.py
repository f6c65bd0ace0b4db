"""The fields of a template: what fits, what is cut, what no keyword of that name takes."""

from datetime import datetime

import pytest

from bot.clock import CHINA
from bot.rules.template_fields import fault_of, filled, places_in, values_of

NOW = datetime(2020, 10, 12, 9, 5, tzinfo=CHINA)
VALUES = values_of("活动提醒", "《垃圾分类》明天举办。\n地点：莞城", "虎门科技馆", NOW)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"keyword1": "title"}, {"keyword1": "活动提醒：《垃圾分类》明天举办。 地点…"}),
        (
            {"thing1": "text", "time2": "time"},
            {"thing1": "《垃圾分类》明天举办。 地点：莞城", "time2": "2020年10月12日 09:05"},
        ),
        ({"keyword3": "unit", "phrase4": "text"}, {"keyword3": "虎门科技馆", "phrase4": "《垃圾分…"}),
        ({"keyword1": "=东莞市科协", "number2": "=12"}, {"keyword1": "东莞市科协", "number2": "12"}),
    ],
)
def test_fields_are_on_one_line_and_no_longer_than_shown(fields: dict[str, str], shown: dict[str, str]) -> None:
    assert filled(fields, VALUES) == shown


def test_nothing_is_empty_when_there_is_no_title_or_unit() -> None:
    values = values_of("", "明天停电", "", NOW)
    assert filled({"keyword1": "title", "keyword2": "unit"}, values) == {
        "keyword1": "明天停电",
        "keyword2": "各有关单位",
    }


def test_kind_and_title_of_a_notice_are_fields_of_their_own() -> None:
    values = values_of("监督管理要求：请各单位10月14日18:00前报送三季度进度表", "全文", "", NOW)
    assert filled({"keyword1": "kind", "keyword2": "title"}, values) == {
        "keyword1": "监督管理要求",
        "keyword2": "10月14日18:00前报送三季度进度表",
    }


@pytest.mark.parametrize(
    ("keyword", "source", "fits"),
    [
        ("keyword1", "title", True),
        ("thing12", "time", True),
        ("time2", "time", True),
        ("date2", "title", False),
        ("phrase3", "time", False),
        ("amount4", "text", False),
        ("amount4", "=10元", True),
        ("first", "=您好", False),
    ],
)
def test_source_that_a_keyword_does_not_take_is_said(keyword: str, source: str, fits: bool) -> None:
    assert (fault_of(keyword, source) == "") is fits


def test_places_that_are_never_shown_are_not_asked_for() -> None:
    assert places_in("{{first.DATA}}\n事项：{{keyword1.DATA}}\n{{remark.DATA}}") == ["keyword1"]
