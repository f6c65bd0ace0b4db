"""Which field a label names, however it is put, and where labelled values begin and end."""

import pytest

from bot.rules.reading import read
from bot.rules.understanding.labels import find_label
from bot.rules.understanding.sections import find_sections


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("name", "活动名称 讲座主题 活动 题目 课程名称 比赛名称 科普活动"),
        ("when", "时间 活动日期 讲座时间 举办时间 起止时间 具体时间 时间段 时间地点 活动时间及地点 比赛日期及时间"),
        ("end", "结束时间 活动结束时间"),
        ("place", "地点 会场 活动地址 讲座地点 举办场地 比赛场地 详细地址 直播平台 集合地点"),
        ("town", "所属镇街 镇街 镇（街道）"),
        ("attendance", "人数 预计人数 预计参加人数 活动规模 预计参与人数（人） 受众人数 现场人数 观众人数"),
        (
            "contact",
            "负责人 联系人 活动负责人 负责人及电话 联系人/联系方式 负责人姓名 现场负责人 经办人 带队老师 联络员",
        ),
        ("contact_phone", "电话 联系电话 手机号 联系方式 负责人电话 TEL 联系电话（手机）"),
        ("kind", "活动形式 类型 活动类别 活动方式"),
        ("audience", "面向对象 参加人员 服务对象 受众 参与人群 活动对象"),
        ("summary", "活动内容 内容简介 活动简介 讲座内容"),
        ("budget", "经费 经费预算 活动费用"),
        ("media_invited", "是否邀请媒体 媒体 媒体邀请情况"),
        ("project", "项目 项目名称 所属项目"),
        ("remarks", "备注 其他 补充说明"),
    ],
)
def test_words_that_name_a_field(field: str, words: str) -> None:
    assert {word: find_label(read(word).reading) for word in words.split()} == dict.fromkeys(words.split(), field)


OTHERS = (
    "报名时间 报名截止时间 集合时间 签到时间 填报日期 主办单位 单位名称 主讲人 媒体联系人 备用场地"
    " 雨天备选地点 工作人员人数 讲师电话 报名方式 序号 科学 名 你好"
)


@pytest.mark.parametrize("word", OTHERS.split())
def test_labels_of_other_things_name_no_field(word: str) -> None:
    assert find_label(word) is None


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("时    间：9点\n地  点：莞城\n负 责 人：李敏", [("when", "9点"), ("place", "莞城"), ("contact", "李敏")]),
        ("名 称：讲座  时 间：9点", [("name", "讲座"), ("when", "9点")]),
        ("时间；9点\n地点=莞城\n人数——9\n活动名称|讲座",
         [("when", "9点"), ("place", "莞城"), ("attendance", "9"), ("name", "讲座")]),
        ("活动名称\n讲座\n活动时间\n9点", [("name", "讲座"), ("when", "9点")]),
        ("📌名称：讲座\n🕘时间：9点", [("name", "讲座"), ("when", "9点")]),
        ("1、名称：讲座 2、时间：9点 （3）地点：莞城", [("name", "讲座"), ("when", "9点"), ("place", "莞城")]),
        ("【名称】讲座【时间】9点", [("name", "讲座"), ("when", "9点")]),
        ("垃圾分类讲座预计人数：120负责人：李敏", [("attendance", "120"), ("contact", "李敏")]),
        ("主题是讲座，时间定在周六，地点在莞城", [("name", "讲座"), ("when", "周六"), ("place", "莞城")]),
        ("人数90 联系人 李敏 电话13800138000", [("attendance", "90"), ("contact", "李敏"), ("contact_phone", "13800138000")]),
        ("备注：需投影\n主持人：王芳", [("remarks", "需投影\n主持人:王芳")]),
        ("活动名称：〖时间：地点：〗\n时间：9点", [("name", "〖时间:地点:〗"), ("when", "9点")]),
    ],
)  # fmt: skip
def test_where_values_stand(text: str, sections: list[tuple[str, str]]) -> None:
    reading = read(text).reading
    found = [(s.field, reading[s.begin : s.end].strip(" \n,;、")) for s in find_sections(reading) if s.field]
    assert found == sections


def test_another_label_ends_a_value_and_is_none_of_ours() -> None:
    reading = read("地点：莞城，主办单位：科协，人数：9").reading
    assert [(s.field, s.word) for s in find_sections(reading)] == [
        ("place", "地点"),
        (None, "主办单位"),
        ("attendance", "人数"),
    ]
