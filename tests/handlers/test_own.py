"""What a unit asks about its own filings, in the words it uses."""

import pytest

from tests.handlers.test_batch import TABLE
from tests.handlers.words import accepted, filed, said
from tests.office import GROUP, Office


def test_unit_sees_its_own_activities_and_no_others(town: Office) -> None:
    filed(town)
    said(town, "chenjing", "报备：10月24日下午2点到4点，长安图书馆，科普阅读，50人，陈静 13900139000")
    said(town, "chenjing", "提交")
    answer = said(town, "limin", "本月活动")
    assert "本月您单位共 1 场活动：\n2020-0001 10月24日（周六）09:00–11:30《垃圾分类进社区讲座》" in answer
    assert "（待备案）" in answer
    assert "本周您单位没有报备活动" in said(town, "limin", "本周活动")
    assert "2020-0002" in said(town, "chenjing", "10月活动")
    assert "2020-0001" not in said(town, "chenjing", "10月活动")
    both = said(town, "zhouyang", "10月活动")
    assert "2020-0001 环保协会" in both
    assert "2020-0002 长安图书馆" in both
    assert "科普阅读" in said(town, "wf", "10月活动")  # the office's list is of all


def test_unit_asks_whether_all_is_handed_in(town: Office) -> None:
    assert said(town, "limin", "交完了吗").startswith("都交齐了")
    number = accepted(town)
    assert said(town, "limin", "交完了吗？").startswith("都交齐了")
    said(town, "limin", f"修改 {number} 人数150")
    assert f"{number}《垃圾分类进社区讲座》有修改，还没提交" in said(town, "limin", "还差什么")
    said(town, "limin", f"取消 {number}")
    said(town, "limin", "1")
    town.at("2020-10-25T10:00:00")
    answer = said(town, "limin", "都交了吗")
    assert f"{number}《垃圾分类进社区讲座》活动总结还没交" in answer
    assert answer.endswith(f"请先回复“总结 {number} 实到人数”。")
    said(town, "limin", TABLE.replace("10月24日", "10月31日"))
    assert "回复“全部提交”即可" in said(town, "limin", "交完了吗")


@pytest.mark.parametrize("words", ["查一下我上次报的", "我上次报的批了吗", "上次报的怎么样了？", "查 我最近报的活动"])
def test_unit_looks_up_what_it_filed_last(town: Office, words: str) -> None:
    filed(town)
    filed(town, "报备：10月25日上午9点到11点，莞城图书馆，航模讲座，80人，李敏 13800138000")
    said(town, "limin", "报备：10月28日上午9点到11点，莞城图书馆，防震演练，80人，李敏 13800138000")  # not submitted
    assert said(town, "limin", words).startswith("2020-0002（待备案）")


def test_last_one_of_a_unit_without_any_is_told_how_to_begin(town: Office) -> None:
    assert "还没有报备记录" in said(town, "limin", "查一下我上次报的")
    filed(town)
    shown = said(town, "limin", "查一下我上次报的", chat=GROUP)
    assert shown
    assert "13800138000" not in shown
