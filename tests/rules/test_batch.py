"""Several activities in one message: tables, 接龙 lists, filings one below the other; and what is only one."""

import time
from typing import Any

import pytest

from bot.rules.understanding import looks_like_filing, understand
from bot.rules.understanding.batch import MOST_ROWS, Batch, match_unit, split
from tests.rules.cases import NOW, at
from tests.rules.corpus import cases

TALK = {
    "name": "垃圾分类讲座",
    "start": at("10-24 09:00"),
    "place": "莞城文化广场",
    "town": "莞城街道",
    "kind": "讲座",
    "attendance": 120,
}
SHOW = {
    "name": "禁毒科普展",
    "start": at("10-25 14:00"),
    "place": "虎门公园",
    "town": "虎门镇",
    "kind": "展览",
    "attendance": 200,
}
LI = {"contact_name": "李敏", "contact_phone": "13800138000"}
ZHANG = {"contact_name": "张强", "contact_phone": "13900139000"}


def fields(batch: Batch | None) -> list[dict[str, Any]]:
    assert batch is not None
    found = [understand(row.text, NOW).found for row in batch]
    return [{k: v.value for k, v in one.items() if k != "remarks"} for one in found]


def numbers(batch: Batch | None) -> list[int]:
    assert batch is not None
    return [row.number for row in batch]


@pytest.mark.parametrize(
    "table",
    [
        "活动名称\t时间\t地点\t人数\n垃圾分类讲座\t10月24日9点\t莞城文化广场\t120\n禁毒科普展\t10月25日14:00\t虎门公园\t200",
        "场地\t预计参加人数（人）\t讲座主题\t活动日期\n莞城文化广场\t约120人\t“垃圾分类”讲座\t10.24上午9:00\n"
        "虎门公园\t200\t禁毒科普展\t10.25下午2点",
        "活动名称\t日期\t时间\t地点\t人数\n垃圾分类讲座\t2020/10/24\t9:00\t莞城文化广场\t120\n"
        "禁毒科普展\t2020/10/25\t14:00\t虎门公园\t200",
        "活动名称\t日期\t时间\t地点\t人数\n垃圾分类讲座\t44128\t0.375\t莞城文化广场\t120\n"
        "禁毒科普展\t44129\t0.583333333333333\t虎门公园\t200",
        "活动名称\t时间\t地点\t人数\n垃圾分类讲座\t44128.375\t莞城文化广场\t120\n禁毒科普展\t44129.5833333333\t虎门公园\t200",
        "活动名称\t日期\t时间\t地点\t人数\n垃圾分类讲座\t2020-10-24 00:00:00\t9:00:00\t莞城文化广场\t120\n"
        "禁毒科普展\t2020-10-25 0:00\t14:00:00\t虎门公园\t200",
        '"活动\n名称"\t时间\t地点\t人数\n"垃圾分类\n讲座"\t10月24日9点\t"莞城\n文化广场"\t120\n'
        "禁毒科普展\t10月25日14:00\t虎门公园\t200",
        "| 活动名称 | 时间 | 地点 | 人数 |\n|:---|---|:-:|---|\n| 垃圾分类讲座 | 10月24日9点 | 莞城文化广场 | 120 |\n"
        "| 禁毒科普展 | 10月25日14:00 | 虎门公园 | 200 |",
        "活动名称｜时间｜地点｜人数\n垃圾分类讲座｜10月24日9点｜莞城文化广场｜120\n禁毒科普展｜10月25日14:00｜虎门公园｜200",
        "活动名称    时间    地点    人数\n垃圾分类讲座    10月24日9点    莞城文化广场    120\n"
        "禁毒科普展    10月25日14:00    虎门公园    200",
        "活动名称 时间 地点 人数\n垃圾分类讲座 10月24日9点 莞城文化广场 120\n禁毒科普展 10月25日14:00 虎门公园 200",
        "垃圾分类讲座\t10月24日9点\t莞城文化广场\t120\n禁毒科普展\t10月25日14:00\t虎门公园\t200",
        "1\t垃圾分类讲座\t2020/10/24\t9:00\t莞城文化广场\t120\n2\t禁毒科普展\t2020/10/25\t14:00\t虎门公园\t200",
        "活动名称\t垃圾分类讲座\t禁毒科普展\n时间\t10月24日9点\t10月25日14:00\n地点\t莞城文化广场\t虎门公园\n人数\t120\t200",
        "10月活动计划表\n\n活动名称\t时间\t地点\t人数\n例：讲座\t10月1日\t某地\t50\n垃圾分类讲座\t10月24日9点\t莞城文化广场\t120\n"
        "\t\t\t\n禁毒科普展\t10月25日14:00\t虎门公园\t200\n合计\t\t\t320",
        "活动名称\t时间\t地点\t人数\t\t\n垃圾分类讲座\t10月24日9点\t莞城文化广场\t120\t\t\n"
        "活动名称\t时间\t地点\t人数\t\t\n禁毒科普展\t10月25日14:00\t虎门公园\t200",
    ],
)
def test_table_however_it_is_pasted(table: str) -> None:
    batch = split(table)
    assert fields(batch) == [TALK, SHOW]
    assert numbers(batch) == [1, 2]
    assert looks_like_filing(table)


@pytest.mark.parametrize(
    "text",
    [
        "#接龙 本周活动\n1. 10月24日9点 莞城文化广场 垃圾分类讲座 120人\n2. 10月25日14:00 虎门公园 禁毒科普展 200人",
        "接龙\n10月报备\n例：时间 地点 活动 人数\n\n1. 10月24日9点 莞城文化广场 垃圾分类讲座 120人\n"
        "2. 10月25日14:00 虎门公园 禁毒科普展 200人\n3. ",
        "1、10月24日9点，莞城文化广场，垃圾分类讲座，120人\n2、10月25日14:00，虎门公园，禁毒科普展，200人",
        "（1）10月24日9点 莞城文化广场 垃圾分类讲座 120人\n（2）10月25日14:00 虎门公园 禁毒科普展 200人",
        "1) 10月24日9点 莞城文化广场 垃圾分类讲座 120人\n2) 10月25日14:00 虎门公园 禁毒科普展 200人",
        "①10月24日9点 莞城文化广场 垃圾分类讲座 120人\n②10月25日14:00 虎门公园 禁毒科普展 200人",
        "1️⃣10月24日9点 莞城文化广场 垃圾分类讲座 120人\n2️⃣10月25日14:00 虎门公园 禁毒科普展 200人",
        "报备两场活动：\n一、10月24日9点在莞城文化广场举办垃圾分类讲座，预计120人\n"
        "二、10月25日14:00在虎门公园举办禁毒科普展，预计200人",
        "#接龙 十月\n1 莞城文化广场 垃圾分类讲座 10月24日9点 120人\n2 虎门公园 禁毒科普展 10月25日14:00 200人",
        "1.莞城文化广场 垃圾分类讲座 10月24日9点 120人 2.虎门公园 禁毒科普展 10月25日14:00 200人",
        "活动一：\n名称：垃圾分类讲座\n时间：10月24日9点\n地点：莞城文化广场\n人数：120\n"
        "活动二：\n名称：禁毒科普展\n时间：10月25日14:00\n地点：虎门公园\n人数：200",
        "活动名称：垃圾分类讲座\n时间：10月24日9点\n地点：莞城文化广场\n人数：120\n"
        "活动名称：禁毒科普展\n时间：10月25日14:00\n地点：虎门公园\n人数：200",
        "时间：10月24日9点\n活动：垃圾分类讲座\n地点：莞城文化广场\n人数：120\n----\n"
        "时间：10月25日14:00\n活动：禁毒科普展\n地点：虎门公园\n人数：200",
        "您好，报备如下：\n\n10月24日9点，莞城文化广场，垃圾分类讲座，120人\n\n10月25日14:00，虎门公园，禁毒科普展，200人",
        "莞城文化广场 垃圾分类讲座 10月24日9点 120人\n虎门公园 禁毒科普展 10月25日14:00 200人",
    ],
)
def test_list_however_it_is_written(text: str) -> None:
    batch = split(text)
    assert fields(batch) == [TALK, SHOW]
    assert numbers(batch) == [1, 2]
    assert looks_like_filing(text)


@pytest.mark.parametrize(
    "text",
    [
        "10月24日9点在莞城文化广场办垃圾分类讲座，120人，10月25日14:00在虎门公园办禁毒科普展，200人",
        "两个活动，10月24日9点在莞城文化广场办垃圾分类讲座120人，10月25日14:00在虎门公园办禁毒科普展200人",
        "报备：10月24日9点莞城文化广场垃圾分类讲座120人；10月25日14:00虎门公园禁毒科普展200人。",
        "我们有两场活动：10月24日9点，莞城文化广场，垃圾分类讲座，120人。10月25日14:00，虎门公园，禁毒科普展，200人",
    ],
)
def test_two_activities_in_one_sentence(text: str) -> None:
    assert fields(split(text)) == [TALK, SHOW]
    assert looks_like_filing(text)


def test_what_a_sentence_says_of_both_is_for_both() -> None:
    text = "科普讲座，10月24日上午9点在莞城小学，10月31日上午9点在虎门小学，各100人，李敏 13800138000"
    first, second = fields(split(text))
    assert (first["name"], first["place"], second["name"], second["place"]) == (
        "科普讲座",
        "莞城小学",
        "科普讲座",
        "虎门小学",
    )
    assert [(one["attendance"], one["contact_phone"]) for one in (first, second)] == [(100, "13800138000")] * 2


@pytest.mark.parametrize(
    "text",
    [
        "10月24日上午9-11点、10月25日下午2-4点在莞城文化广场办航模展，60人",
        "科普讲座，10月24日上午9点、10月31日上午9点，莞城小学，各100人",
        "10月24日上午9点初赛，10月31日上午9点决赛，莞城文化广场，60人",
        "10月24日上午9点在莞城文化广场办讲座，报名截止10月20日，120人",
        "10月24日上午9点，莞城文化广场，讲座120人。10月25日还在这里继续",
        "10月24日的讲座取消，10月31日的展览照常",
        "5月12日上午9点，望牛墩镇文化广场，“5.12”防灾减灾日科普宣传，600人",
    ],
)
def test_several_days_of_one_activity_stay_one(text: str) -> None:
    assert split(text) is None


def test_rows_are_numbered_as_their_sender_does() -> None:
    table = "序号\t活动名称\t时间\t地点\n3\t讲座\t10月24日9点\t莞城\n7\t展览\t10月25日9点\t虎门"
    assert numbers(split(table)) == [3, 7]
    assert numbers(split(table.replace("7\t展", "3\t展"))) == [1, 2]
    assert numbers(split("#接龙\n2. 长安图书馆 阅读 10月25日3点 50人\n5. 虎门科技馆 体验 10月25日全天 9人")) == [2, 5]


def test_merged_cells_repeat_unit_and_project_only() -> None:
    table = (
        "单位\t项目\t活动名称\t时间\t地点\n东莞市气象学会\t气象科普\t走进气象站\t10月24日9点\t松山湖气象站\n"
        "\t\t气象灾害讲座\t10月25日9点\t\n东莞市环保协会\t绿色莞邑\t科普展\t10月31日9点\t茶山镇文化广场"
    )
    batch = split(table)
    assert batch is not None
    assert [row.unit for row in batch] == ["东莞市气象学会", "东莞市气象学会", "东莞市环保协会"]
    assert [one["project"] for one in fields(batch)] == ["气象科普", "气象科普", "绿色莞邑"]
    assert "place" not in fields(batch)[1]


def test_units_that_lines_begin_with() -> None:
    text = (
        "#接龙 本周活动\n1. 长安图书馆 科普阅读 10月25日下午3点 50人\n"
        "2. 虎门科技馆：机器人体验日，10月25日全天，300人\n3. 10月26日9点 莞城 讲座 20人"
    )
    batch = split(text)
    assert batch is not None
    assert [(row.unit, row.chain) for row in batch] == [("长安图书馆", True), ("虎门科技馆", True), ("", True)]


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("1. 10月24日9点 莞城 讲座 9人\n2. 10月25日9点 虎门 展览 9人\n\n联系人：李敏 13800138000", [LI, LI]),
        (
            "1. 10月24日9点 莞城 讲座 9人 张强13900139000\n2. 10月25日9点 虎门 展览 9人\n以上联系人李敏13800138000",
            [ZHANG, LI],
        ),
        ("活动名称\t时间\t地点\n讲座\t10月24日9点\t莞城\n展览\t10月25日9点\t虎门\n填报人：李敏 13800138000", [LI, LI]),
    ],
)
def test_contact_below_a_list_is_for_every_row_that_names_none(text: str, contacts: list[dict[str, str]]) -> None:
    got = [{k: v for k, v in one.items() if k.startswith("contact")} for one in fields(split(text))]
    assert got == contacts


def test_day_in_the_title_is_for_every_line_that_names_none() -> None:
    text = "#接龙 10月24日科普日\n1. 长安图书馆 科普阅读 下午3点 50人\n2. 虎门科技馆 机器人体验 10月25日上午9点 30人"
    assert [one["start"] for one in fields(split(text))] == [at("10-24 15:00"), at("10-25 09:00")]


def test_words_that_no_column_names_are_kept_and_not_taken_for_anything() -> None:
    table = (
        "活动名称\t时间\t地点\t主讲人\t备注\n讲座\t10月24日9点\t\t王教授 13700137000\t在东莞科学馆布展\n"
        "展览\t10月25日9点\t虎门\t\t\t多出来的话"
    )
    batch = split(table)
    assert batch is not None
    first, second = (understand(row.text, NOW) for row in batch)
    assert set(first.found) - {"remarks"} == {"name", "start", "kind"}
    assert "主讲人：王教授 13700137000" in first.remarks
    assert "在东莞科学馆布展" in first.remarks
    assert second.remarks == "多出来的话"


def test_words_around_the_rows_belong_to_none() -> None:
    batch = split("第四季度计划表\n活动名称\t时间\t地点\n讲座\t10月24日9点\t莞城\n展览\t10月25日9点\t虎门\n合计\t2场")
    assert batch is not None
    assert batch.around == "第四季度计划表\n合计，2场"
    assert all("合计" not in row.text for row in batch)


@pytest.mark.parametrize(
    "text",
    [
        "活动名称\t讲座\n时间\t10月24日9点\n地点\t莞城文化广场\n人数\t100",
        "活动名称\t讲座\t活动形式\t讲座\n活动时间\t10月24日9点\t活动地点\t莞城\n预计人数\t100\t负责人\t李敏",
        "1. 活动名称：航天展\n2. 活动时间：10月24日9点\n3. 活动地点：莞城文化广场\n4. 人数：100",
        "一、活动名称：航天展\n二、时间：10月24日9点\n三、地点：莞城文化广场",
        "活动名称：科普日\n流程：\n1. 9:00 签到\n2. 9:30 讲座\n3. 10:30 参观\n时间：10月24日9点\n地点：莞城\n人数：100",
        "报备：航天展\n时间：\n1. 10月24日9:00-11:00\n2. 10月25日9:00-11:00\n地点：莞城文化广场\n人数：100",
        "#接龙 10月15日会议报名\n1. 长安图书馆 张三\n2. 虎门科技馆 李四 2人\n3. 莞城图书馆 王五",
        "#接龙 收到请接龙\n1. 张三\n2. 李四\n3. 王五",
        "#接龙\n1. 长安图书馆 科普阅读 10月25日下午3点 50人",
        "通知：请各单位注意\n1、10月15日前报送材料\n2、务必准时\n3、谢谢",
        "10月24日上午9点\n莞城文化广场\n垃圾分类讲座\n120人\n李敏13800138000",
        "您好！\n\n报备：10月24日上午9点，莞城文化广场，讲座，120人\n\n谢谢！",
        "",
        "报备",
    ],
)
def test_what_is_one_filing_or_none(text: str) -> None:
    assert split(text) is None


def test_single_messages_of_the_corpus_are_not_split() -> None:
    assert [case["text"] for case in cases("tuning") if split(case["text"])] == []


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("东莞市长安图书馆", "东莞市长安图书馆"),
        ("长安图书馆", "东莞市长安图书馆"),
        ("长安镇图书馆", "东莞市长安图书馆"),
        ("長安圖書館", "东莞市长安图书馆"),
        (" 长安 图书馆 ", "东莞市长安图书馆"),
        ("环保志愿者协会", "东莞市环保志愿者协会"),
        ("长安图书馆少儿部", "东莞市长安图书馆"),
        ("绿源科技公司", "东莞市绿源科技有限公司"),
        ("绿源科技", "东莞市绿源科技有限公司"),
        ("图书馆", None),
        ("东莞市", None),
        ("科技", None),
        ("火星协会", None),
        ("", None),
    ],
)
def test_unit_that_words_mean(words: str, unit: str | None) -> None:
    names = ["东莞市长安图书馆", "虎门科技馆", "东莞市环保志愿者协会", "莞城图书馆", "东莞市绿源科技有限公司"]
    assert match_unit(words, names) == unit


def test_words_that_fit_two_units_mean_neither() -> None:
    assert match_unit("环保协会", ["东莞市环保协会", "虎门镇环保协会"]) == "东莞市环保协会"
    assert match_unit("科普协会", ["虎门科普协会", "长安科普协会"]) is None
    assert match_unit("虎门科普协会", ["虎门科普协会", "东莞市虎门科普协会"]) == "虎门科普协会"


@pytest.mark.parametrize("line", ["讲座\t10月24日9点\t莞城\t9\n", "{}. 10月24日9点 莞城 讲座 9人\n"])
def test_ten_thousand_rows_stop_at_the_limit_and_say_so(line: str) -> None:
    head = "活动名称\t时间\t地点\t人数\n" if "\t" in line else "#接龙\n"
    text = head + "".join(line.format(i) for i in range(1, 10_001))
    begun = time.process_time()
    batch = split(text)
    assert time.process_time() - begun < 0.5
    assert batch is not None
    assert len(batch) == MOST_ROWS
    assert batch.left_off > 9_000
