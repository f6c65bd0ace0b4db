"""What a notice asks to be handed in: papers with a name, and nothing that is done in another way."""

import pytest

from bot.rules.asking import deliverable_in


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("请各单位10月15日18:00前报送三季度进度表，收到请回复", "三季度进度表"),
        ("需报送：三季度进度表（10月31日前）", "三季度进度表"),
        ("需报送:三季度进度表，收到请回复。", "三季度进度表"),
        ("请于10月31日前报送《资金使用情况表》至市科协办公室。", "资金使用情况表"),
        ("请于10月31日前将三季度进度表报送至邮箱 a@example.org", "三季度进度表"),
        ("请把盖章的承诺书一并交回市科协。", "盖章的承诺书"),
        ("各单位务必在本周五前提交活动照片和签到表（电子版），逾期不候。", "活动照片和签到表"),
        ("报送材料：1.进度表；2.资金使用表（盖章）；3.照片", "进度表、资金使用表、照片"),
        ("请提交以下材料：\n一、进度表", ""),  # a list of its own lines has no name in its first
        ("应上报整改情况报告，10月20日前发至市科协。", "整改情况报告"),
        ("请于10月31日前报三季度进度表", "三季度进度表"),
        ("10月31日前交三季度进度表", "三季度进度表"),
        ("请填写附件并于11月6日下班前递交结题报告一份，联系人：王芳。", "结题报告"),
        ("请于10月31日前报送相关材料。", "相关材料"),
        ("请{{单位}}于10月15日18:00前报送“{{项目}}”三季度进度表，收到请回复。", "三季度进度表"),
    ],
)
def test_paper_is_named_as_the_text_names_it(text: str, paper: str) -> None:
    assert deliverable_in(text) == paper


@pytest.mark.parametrize(
    "text",
    [
        "",
        "请各单位落实活动提前报备制度，10月14日18:00前回执。",
        "请于活动前3个工作日报备。",
        "本次无需报送材料，收到请回复。",
        "三季度进度表已报送的单位不用重复办理。",
        "尚未报送三季度进度表的单位，请尽快联系市科协。",
        "有异议的请在公示期内提交异议。",
        "如何提交三季度进度表？请看说明。",
        "明天下午停电，交通管制，请绕行。",
        "请报名参加10月20日的培训。",
        "资金已下达，收到请回复。",
        "请于10月31日前提交申请。",
        "更正（对应通知 1，以本通知为准）：报送时间改为10月16日18:00前",
        "请张贴海报宣传，收到请回复。",
    ],
)
def test_nothing_is_asked_where_no_paper_is_named(text: str) -> None:
    assert deliverable_in(text) == ""


@pytest.mark.parametrize("text", ["报送" * 3000, "将" * 5000, "请报送：" + "1." * 4000, "（" * 6000 + "请报送表"])
def test_hostile_text_takes_no_time(text: str) -> None:
    assert len(deliverable_in(text)) <= 60
