from typing import Any

import pytest

from bot.rules.understanding import correction_questions, understand_correction
from tests.rules.cases import NOW, at

CURRENT = {
    "start": at("10-24 09:00"),
    "end": at("10-24 11:30"),
    "attendance": 120,
    "place": "莞城文化广场",
    "all_day": False,
}


def changed(text: str, current: dict[str, Any] = CURRENT) -> dict[str, Any]:
    return {k: v.value for k, v in understand_correction(text, NOW, current).items()}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "时间改成下午两点到四点，人数150",
            {"start": at("10-24 14:00"), "end": at("10-24 16:00"), "attendance": 150},
        ),  # T5
        ("人数加十个", {"attendance": 130}),
        ("多20人", {"attendance": 140}),
        ("再加30个人吧", {"attendance": 150}),
        ("人数减少20", {"attendance": 100}),
        ("少10人", {"attendance": 110}),
        (
            "时间改成下午两点到四点，人数多了10个",
            {"start": at("10-24 14:00"), "end": at("10-24 16:00"), "attendance": 130},
        ),
        ("加到150人", {"attendance": 150}),
        ("活动时间改到10月25日", {"start": at("10-25 09:00"), "end": at("10-25 11:30")}),
        ("改到10月25日上午10点", {"start": at("10-25 10:00"), "end": at("10-25 12:30")}),
        ("时间：下午三点", {"start": at("10-24 15:00"), "end": at("10-24 17:30")}),
        ("结束时间改成12点", {"end": at("10-24 12:00")}),
        ("推迟半小时", {"start": at("10-24 09:30"), "end": at("10-24 12:00")}),
        ("活动提前一天", {"start": at("10-23 09:00"), "end": at("10-23 11:30")}),
        ("延期到10月31日", {"start": at("10-31 09:00"), "end": at("10-31 11:30")}),
        ("地点换到莞城图书馆", {"place": "莞城图书馆", "town": "莞城街道"}),
        ("改到莞城图书馆吧", {"place": "莞城图书馆", "town": "莞城街道"}),
        ("把地点改为东莞科学馆，谢谢", {"place": "东莞科学馆"}),
        ("负责人改为王五 13900139000", {"contact_name": "王五", "contact_phone": "13900139000"}),
        ("电话改成13911112222", {"contact_phone": "13911112222"}),
        ("名称：垃圾分类大讲堂", {"name": "垃圾分类大讲堂"}),
        ("名称改为“绿色生活”讲座", {"name": "绿色生活讲座"}),
        ("把人数改成200，电话改为13911112222", {"attendance": 200, "contact_phone": "13911112222"}),
        ("人数改成200人左右", {"attendance": 200}),
        ("改成150人", {"attendance": 150}),
        ("人数200", {"attendance": 200}),
        ("人数应该是一百五", {"attendance": 150}),
        ("形式改为展览", {"kind": "展览"}),
        ("地點改為莞城圖書館", {"place": "莞城圖書館", "town": "莞城街道"}),
        ("地点改了，改到虎门镇图书馆，其他不变", {"place": "虎门镇图书馆", "town": "虎门镇"}),
        ("原定10月24日的讲座改到10月31日上午9点，地点不变", {"start": at("10-31 09:00"), "end": at("10-31 11:30")}),
        ("請把時間改成下午兩點", {"start": at("10-24 14:00"), "end": at("10-24 16:30")}),
    ],
)
def test_only_what_is_named_changes(text: str, fields: dict[str, Any]) -> None:
    assert changed(text) == fields


@pytest.mark.parametrize(
    "text",
    [
        "多20分钟",
        "加一个嘉宾",
        "多个环节",
        "少200人",
        "明天的活动还办吗？",
        "收到",
        "谢谢",
        "提交",
        "人数改一下",
        "取消",
        "时间改到什么时候？",
        "好的",
        "",
        "李敏",
        "我们改天再聊",
        "能改时间吗",
        "报备：10月31日9点，莞城文化广场，科普展，80人，负责人：张强",
    ],
)
def test_other_words_change_nothing(text: str) -> None:
    assert changed(text) == {}


def test_a_new_end_keeps_to_the_day_of_the_start() -> None:
    assert changed("结束时间改成12点半", {"start": at("10-24 09:00")}) == {"end": at("10-24 12:30")}


def test_a_start_without_an_end_gets_none() -> None:
    assert changed("改到10月25日", {"start": at("10-24 09:00")}) == {"start": at("10-25 09:00")}


def test_hours_for_an_all_day_activity_end_that() -> None:
    current = {"start": at("10-24 09:00"), "end": at("10-24 17:00"), "all_day": True}
    assert changed("时间改成下午两点到四点", current) == {
        "start": at("10-24 14:00"),
        "end": at("10-24 16:00"),
        "all_day": False,
    }


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("时间改为10月25日（周六）", "start", "weekday_contradicts_date"),
        ("时间改到月底", "start", "vague"),
        ("电话改为1380013800", "contact_phone", "wrong_length"),
    ],
)
def test_a_doubtful_correction_is_asked_about(text: str, field: str, reason: str) -> None:
    assert changed(text) == {}
    assert [(q.field, q.reason) for q in correction_questions(text, NOW, CURRENT)] == [(field, reason)]
