"""Acknowledgements in words, also in the middle of something else that the bot asked."""

import pytest

from bot.model import Acknowledgement, Delivery, Filing
from tests.handlers.words import pressed, said
from tests.office import GROUP, Office

REQUIREMENT = "广播 监督要求：请各单位10月15日18:00前核对名单，收到请回复"


def announced(office: Office, text: str = REQUIREMENT) -> None:
    said(office, "wf", text)
    said(office, "wf", "提交审核")
    newest = max(int(line.split()[0]) for line in said(office, "wf", "通知列表").splitlines())
    said(office, "czm", f"批准 {newest}")


def given(office: Office) -> list[tuple[int, int]]:
    return [(one.notice_id, one.unit_id) for one in office.rows(Acknowledgement) if one.given_at]


@pytest.mark.parametrize("words", ["收到", "已阅", "收到，谢谢"])
@pytest.mark.parametrize("asked", ["报备", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座"])
def test_received_amid_a_filing_answers_the_notice_and_the_question_stands(
    town: Office, words: str, asked: str
) -> None:
    announced(town)
    said(town, "limin", asked)
    [before] = town.rows(Filing)
    answer = said(town, "limin", words)
    assert "通知 1" in answer
    assert "刚才的报备还在" in answer
    assert given(town) == [(1, 1)]
    [after] = town.rows(Filing)
    assert (after.name, after.attendance, after.contact_name) == (before.name, before.attendance, before.contact_name)
    if asked != "报备":
        assert "负责人" in said(town, "limin", "120人")


def test_a_bare_one_is_asked_about_where_it_may_be_the_number_of_people(town: Office) -> None:
    announced(town)
    said(town, "limin", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    answer = said(town, "limin", "1")
    assert "回执请回复“收到”，人数请回复“1人”" in answer
    assert given(town) == []
    assert "负责人" in said(town, "limin", "1人")
    assert "要回执通知 1" in said(town, "limin", "1")  # nobody is called «1», and nobody signs by a slip
    assert given(town) == []
    [filing] = town.rows(Filing)
    assert (filing.attendance, filing.contact_name) == (1, "")


def test_where_no_notice_waits_the_question_is_asked_again(town: Office) -> None:
    said(town, "limin", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座，120人")
    assert "负责人" in said(town, "limin", "收到")
    [filing] = town.rows(Filing)
    assert filing.contact_name == ""


def test_a_nod_amid_a_filing_is_no_answer_of_a_notice(town: Office) -> None:
    announced(town)
    said(town, "limin", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    said(town, "limin", "好的")
    said(town, "limin", "明白")
    assert given(town) == []


def test_quoted_notice_is_answered_by_a_one_whatever_is_asked(town: Office) -> None:
    announced(town)
    announced(town, "广播 检查通知：10月20日入户检查")
    said(town, "limin", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    said(town, "limin", "1", quoted="通知 1 监督要求")
    assert given(town) == [(1, 1)]


def test_choice_of_the_unit_comes_back_to_the_filing(town: Office) -> None:
    announced(town)
    assert "您代表哪个单位" in said(town, "zhouyang", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    assert "为哪个单位回执" in said(town, "zhouyang", "已阅")
    assert "刚才的报备还在" in said(town, "zhouyang", "2")
    assert given(town) == [(1, 2)]
    assert "多少人" in said(town, "zhouyang", "1")
    [filing] = town.rows(Filing)
    assert filing.unit_id == 1


def test_group_is_answered_as_before(town: Office) -> None:
    announced(town)
    said(town, "limin", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    said(town, "limin", "收到", chat=GROUP)
    assert given(town) == [(1, 1)]


def test_withdrawn_notice_takes_nothing_and_names_what_stands_in_its_place(town: Office) -> None:
    announced(town, "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复")
    town.do(lambda work: work.session.query(Delivery).update({"state": "sent"}))
    assert "已停发。已经发出的" in said(town, "wf", "撤回 1 日期错了")
    assert "已撤回，不用回执和报送。" in said(town, "limin", "收到", quoted="通知 1")
    assert "已撤回，不用回执和报送。" in pressed(town, "limin", "acknowledge:1")
    assert "已撤回，不用报送材料" in said(town, "limin", "交 1 进度表内容")
    assert given(town) == []
    assert "不能催办" in said(town, "wf", "催办 1")
    said(town, "wf", "更正 1 请各单位10月16日18:00前报送三季度进度表，收到请回复")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 2")
    assert "请以通知 2《" in said(town, "limin", "收到", quoted="通知 1")
    assert "通知 2" in said(town, "limin", "收到")
    assert given(town) == [(2, 1)]


def test_late_receipt_is_not_told_a_deadline_that_is_over(town: Office) -> None:
    announced(town, "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复")
    town.at("2020-10-16T10:00")
    answer = said(town, "limin", "收到")
    assert "已过截止时间（10月15日 18:00），请尽快报送，回复“交 1”" in answer


def test_nobody_is_chased_for_what_has_not_gone_out_yet(town: Office) -> None:
    town.at("2020-10-12T22:30")
    announced(town)
    assert "10月13日 08:00（免打扰结束后）开始发，发出后再催办" in said(town, "wf", "催办 1")
    assert "不用催办" in said(town, "wf", "催办")
    assert "没有等待回执的通知" in said(town, "wf", "谁没回")
    assert "没有要办理的通知" in said(town, "limin", "我的回执")
    progress = said(town, "wf", "进度 1")
    assert "已批准，10月13日 08:00（免打扰结束后）开始发" in progress
    assert "正在发送" not in progress
    assert town.outbox("chase") == []
    town.at("2020-10-13T10:00")
    assert "已提醒 2 个单位" in said(town, "wf", "催办 1")


def test_drafter_is_not_told_in_the_morning_of_what_was_called_back_at_night(town: Office) -> None:
    town.at("2020-10-12T22:30")
    announced(town)
    assert "没有发给任何人" in said(town, "czm", "撤回 1 还要改")
    waiting = [one.content["text"] for one in town.outbox("staff") if one.recipient == "wf"]
    assert len(waiting) == 1
    assert "陈志明把您起草的通知 1《请各单位10月15日18:00前核对名单》撤下了（已取消）：还要改" in waiting[0]


def asked_for_unit_amid_a_filing(town: Office) -> None:
    announced(town)
    assert "您代表哪个单位" in said(town, "zhouyang", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    assert "为哪个单位回执" in said(town, "zhouyang", "已阅")


def test_button_of_the_choice_brings_the_filing_back_as_well(town: Office) -> None:
    asked_for_unit_amid_a_filing(town)
    assert "刚才的报备还在" in pressed(town, "zhouyang", "acknowledge:1:2")
    assert "多少人" in said(town, "zhouyang", "1")
    assert given(town) == [(1, 2)], "the answer of the filing is no receipt of the other unit"
    [filing] = town.rows(Filing)
    assert filing.unit_id == 1


def test_choice_that_is_asked_twice_remembers_the_filing(town: Office) -> None:
    asked_for_unit_amid_a_filing(town)
    pressed(town, "zhouyang", "acknowledge:1")
    assert "为哪个单位回执" in said(town, "zhouyang", "收到")
    said(town, "zhouyang", "2")
    assert given(town) == [(1, 2)]
    assert "多少人" in said(town, "zhouyang", "1")


def test_nothing_is_said_of_a_filing_of_which_nothing_is_asked(town: Office) -> None:
    announced(town)
    said(
        town, "zhouyang", "报备：10月24日上午9:00-11:00，莞城文化广场，垃圾分类讲座，预计120人，负责人李敏 13800138000"
    )
    said(town, "zhouyang", "1")
    said(town, "zhouyang", "提交")
    first, second = said(town, "zhouyang", "收到"), said(town, "zhouyang", "收到")
    assert "刚才的报备" not in first + second


def test_title_of_what_is_not_out_is_told_to_nobody(town: Office) -> None:
    said(town, "wf", "广播 监督要求：拟撤销甲公司的项目，收到请回复")
    for answer in (
        said(town, "limin", "收到", quoted="通知 1", chat=GROUP),
        said(town, "limin", "交 1 材料"),
        pressed(town, "limin", "acknowledge:1"),
    ):
        assert "甲公司" not in answer
        assert "撤回" not in answer


def test_what_is_held_for_the_morning_is_not_collected_before(town: Office) -> None:
    town.at("2020-10-12T22:30")
    announced(town, "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复")
    assert "不需要" in said(town, "limin", "交 1 已完成")
    assert "不需要贵单位回执" in said(town, "limin", "收到", quoted="通知 1")
    assert given(town) == []
    town.at("2020-10-13T08:01")
    assert "已收到" in said(town, "limin", "交 1 已完成")


def test_one_is_the_choice_where_there_are_choices(town: Office) -> None:
    announced(town)
    said(town, "limin", "报备：10月24日上午9:00，莞城文化广场，垃圾分类讲座")
    assert "回复数字" in said(town, "limin", "30多组家庭")
    assert "回执" not in said(town, "limin", "1")
    assert given(town) == []
    [filing] = town.rows(Filing)
    assert (filing.attendance or 0) > 1


def test_quote_of_another_question_that_names_a_notice_is_no_receipt(town: Office) -> None:
    announced(town)
    for words in ("报备", "星空观察夜", "10月31日晚上7点到9点", "长安公园"):
        asked = said(town, "limin", words)
    assert "形式" in asked
    said(town, "limin", "1", quoted="请问属于哪一项？1 2020-0001 垃圾分类 2 报送通知 1 的“进度表”")
    assert given(town) == []
    [filing] = town.rows(Filing)
    assert filing.kind
