from datetime import datetime
from typing import Any

import pytest

from bot.rules.understanding import (
    FIELDS,
    Found,
    Question,
    Understood,
    understand,
    understand_answer,
    understand_field,
)
from tests.rules.cases import NOW, at

T1 = (
    "@科普助手 报备：10月24日（周六）上午9:00-11:30，莞城文化广场，"
    "垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
)
FULL = {
    "name": "垃圾分类进社区讲座",
    "start": at("10-24 09:00"),
    "end": at("10-24 11:30"),
    "place": "莞城文化广场",
    "town": "莞城街道",
    "kind": "讲座",
    "attendance": 120,
    "contact_name": "李敏",
    "contact_phone": "13800138000",
}


def values(got: Understood) -> dict[str, Any]:
    return {k: v.value for k, v in got.found.items()}


def test_t1_free_text() -> None:
    got = understand(T1, NOW)
    assert (values(got), got.questions, got.remarks) == (FULL, (), "")


def test_t2_keeps_what_it_understood_and_invents_nothing() -> None:
    got = understand("报备 下周六下午两点半在松山湖图书馆搞一场航模体验", NOW)
    assert values(got) == {"name": "航模体验", "start": at("10-24 14:30"), "place": "松山湖图书馆", "town": "松山湖"}
    assert (got.questions, got.remarks) == ((), "")


def test_t3_words_between_blanks() -> None:
    got = understand("报备 10月24日上午9点 社区义诊科普 麻涌镇大步村 60人 张强 13900139000", at("10-22 10:00"))
    assert values(got) == {
        "name": "社区义诊科普",
        "start": at("10-24 09:00"),
        "place": "麻涌镇大步村",
        "town": "麻涌镇",
        "attendance": 60,
        "contact_name": "张强",
        "contact_phone": "13900139000",
    }


@pytest.mark.parametrize(
    "layout",
    [
        "活动名称：垃圾分类进社区讲座\n活动时间：10月24日（周六）上午9:00-11:30\n"
        "活动地点：莞城文化广场\n预计人数：120人\n负责人：李敏\n联系电话：13800138000",
        "人数:120\n电话:138-0013-8000\n联系人:李敏\n"
        "地址:莞城文化广场\n时间:10月24日 9:00-11:30\n主题:垃圾分类进社区讲座",
        "【活动名称】垃圾分类进社区讲座【时间】10月24日9点到11点半【会场】"
        "莞城文化广场【规模】一百二十人【经办人】李敏【手机】13800138000",
        "1. 活动名称：垃圾分类进社区讲座\n2. 活动时间：2020年10月24日 9:00—11:30\n"
        "3. 地点：莞城文化广场\n4. 人数：约120\n5. 负责人及电话：李敏 13800138000",
        "名称：垃圾分类进社区讲座；时间：10.24 9:00-11:30；"
        "地点：莞城文化广场；人数：120；负责人：李敏；电话：13800138000",
        "活動名稱：垃圾分类进社区讲座\n活動時間：10月24日（週六）上午9點至11點半\n"
        "活動地點：莞城文化广场\n預計人數：120人\n負責人：李敏\n聯繫電話：13800138000",
        "活动名称 垃圾分类进社区讲座\n活动时间 10月24日 9:00-11:30\n"
        "活动地点 莞城文化广场\n人数 120\n负责人 李敏 13800138000",
        "报备：活动名称：垃圾分类进社区讲座\n\n日期：10月24日\n时间：9:00-11:30\n"
        "\n地点：莞城\n文化广场\n人数：120\n负责人：李敏\n13800138000",
    ],
)  # fmt: skip
def test_labelled_lines_in_any_layout(layout: str) -> None:
    got = understand(layout, NOW)
    assert (values(got), got.questions) == (FULL, ())


def test_every_value_names_the_piece_it_came_from() -> None:
    for found in understand(T1, NOW).found.values():
        assert found.text in T1
        assert 0 < found.confidence <= 1


def test_the_rest_of_the_form() -> None:
    got = understand(
        "项目：科普惠农项目\n名称：荔枝讲座\n对象：果农\n简介：讲授修剪。\n"
        "分两节。\n经费：0.35万元\n是否邀请媒体：否\n备注：需投影\n单位：果树所\n",
        NOW,
    )
    assert values(got) == {
        "project": "科普惠农项目",
        "name": "荔枝讲座",
        "kind": "讲座",
        "audience": "果农",
        "summary": "讲授修剪。\n分两节。",
        "budget": 3500,
        "media_invited": False,
        "remarks": "需投影\n单位：果树所",
    }


def test_what_is_not_understood_stays_in_the_remarks() -> None:
    got = understand(T1 + "，现场备有雨棚，另请协调停车位两个", NOW)
    assert values(got) == FULL
    assert got.remarks == "现场备有雨棚，另请协调停车位两个"


@pytest.mark.parametrize("hall", ["气象馆", "科技馆", "图书馆", "博物馆", "文化馆", "市科技馆", "少儿图书馆"])
@pytest.mark.parametrize(
    "text", ["10月24日上午9点，{}，航模体验，60人", "10月24日上午9点{}航模体验60人", "下周六9点在{}办航模体验"]
)
def test_hall_is_a_place_without_another_name(hall: str, text: str) -> None:
    found = understand(text.format(hall), NOW).found
    assert (found["place"].value, found["name"].value) == (hall, "航模体验")


def test_hall_that_is_visited_is_what_the_activity_does() -> None:
    assert "place" not in understand("10月24日上午9点组织学生参观气象馆，60人", NOW).found


def test_several_days_come_as_occurrences() -> None:
    got = understand("报备 10月24、25日每天上午9-11点 茶山镇文化广场 游园会 300人次", NOW)
    assert [m.start for m in got.found["occurrences"].value] == [at("10-24 09:00"), at("10-25 09:00")]
    assert got.found["start"].value == at("10-24 09:00")


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("报备 10月25日（周六）上午9点 莞城文化广场 讲座", "start", "weekday_contradicts_date"),
        ("报备 月底 莞城文化广场 讲座", "start", "vague"),
        ("报备 10月24日 莞城文化广场 讲座", "start", "no_time"),
        ("报备 下午两点 莞城文化广场 讲座", "start", "no_date"),
        ("报备 2月30日9点 莞城文化广场 讲座", "start", "invalid_date"),
        ("报备 10月24日9点 莞城文化广场 讲座 30组家庭", "attendance", "counted_in_groups"),
        ("报备 10月24日9点 莞城文化广场 讲座 李敏1380013800", "contact_phone", "wrong_length"),
        ("活动名称：讲座\n时间：10月24日9点\n地点：待定", "place", "vague"),
    ],
)
def test_doubts_become_questions(text: str, field: str, reason: str) -> None:
    got = understand(text, NOW)
    assert [(q.field, q.reason) for q in got.questions] == [(field, reason)]
    assert field not in got.found


@pytest.mark.parametrize(
    "text",
    [
        "日期：10月24日至26日\n时间：9:00-11:00\n名称：恐龙展",
        "报备 10月24日、25日、26日，恐龙展，每天上午9:00-11:00",
    ],
)
def test_hours_said_apart_count_for_every_day(text: str) -> None:
    got = understand(text, NOW)
    assert got.questions == ()
    assert [(m.start, m.end) for m in got.found["occurrences"].value] == [
        (at(f"10-{day} 09:00"), at(f"10-{day} 11:00")) for day in (24, 25, 26)
    ]


def test_days_without_hours_are_not_lost() -> None:
    got = understand("报备 10月24日至26日 东莞科学馆 恐龙展", NOW)
    assert "10月24日至26日" in got.remarks
    assert got.questions[0].options[-1].end == at("10-26 17:00")


@pytest.mark.parametrize(
    ("field", "answer", "value"),
    [
        ("attendance", "一百二", 120),
        ("attendance", "大概120吧", 120),
        ("attendance", "100到150人", 150),
        ("name", "“我爱科学”讲座", "我爱科学讲座"),
        ("start", "10月24日9点到11点", at("10-24 09:00")),
        ("end", "10月24日11点", at("10-24 11:00")),
        ("place", "麻涌大步村", "麻涌大步村"),
        ("town", "莞城", "莞城街道"),
        ("kind", "2", "展览"),
        ("kind", "义诊", "其他"),
        ("contact_name", "李敏13800138000", "李敏"),
        ("contact_name", "我叫李敏", "李敏"),
        ("contact_phone", "22835266", "0769-22835266"),
        ("budget", "0.5万", 5000),
        ("budget", "无", 0),
        ("media_invited", "不邀请", False),
        ("media_invited", "邀请东莞日报", True),
        ("summary", "讲授垃圾分类知识。", "讲授垃圾分类知识。"),
    ],
)
def test_an_answer_in_the_dialogue(field: str, answer: str, value: Any) -> None:
    got = understand_field(field, answer, NOW)
    assert isinstance(got, Found)
    assert got.value == value


def test_a_field_that_the_form_has_not_is_a_fault_of_the_caller() -> None:
    with pytest.raises(KeyError):
        understand_field("weather", "莞城", NOW)


@pytest.mark.parametrize(
    ("field", "answer", "reason"),
    [
        ("attendance", "没定", "no_number"),
        ("start", "下午两点", "no_date"),
        ("start", "哈哈", "not_understood"),
        ("end", "11点半", "no_date"),
        ("contact_phone", "1380013800", "wrong_length"),
        ("contact_phone", "没有", "no_number"),
        ("budget", "看情况", "no_number"),
        ("name", "  ", "not_understood"),
        ("place", "待定", "vague"),
    ],
)
def test_an_answer_that_must_be_asked_again(field: str, answer: str, reason: str) -> None:
    got = understand_field(field, answer, NOW)
    assert isinstance(got, Question)
    assert (got.field, got.reason) == (field, reason)


def test_hours_alone_are_enough_where_the_day_is_known() -> None:
    day = at("10-24 00:00").date()
    got = understand_answer("start", "下午两点到四点", NOW, day)
    assert {k: v.value for k, v in got.items() if isinstance(v, Found)} == {
        "start": at("10-24 14:00"),
        "end": at("10-24 16:00"),
    }
    end = understand_field("end", "11点半", NOW, day)
    assert isinstance(end, Found)
    assert end.value == at("10-24 11:30")


def test_fields_are_those_of_the_form() -> None:
    got = understand(T1 + "，备注：需投影", NOW)
    assert set(got.found) <= set(FIELDS)
    assert all(isinstance(v.value, datetime) for k, v in got.found.items() if k in ("start", "end"))
