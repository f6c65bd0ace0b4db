"""Staff decide: pages of what waits, several at once, reasons, reports that are in doubt."""

from datetime import timedelta

import pytest

from bot.model import Filing, FilingState, FilingTransition
from tests.handlers.words import TEXT, accepted, filed, pressed, said, told
from tests.office import GROUP, Office

REASON = "场地的安全预案还没有"


def file_many(office: Office, count: int) -> list[str]:
    names = ["防震", "航模", "观鸟", "急救", "节水", "禁毒", "天文", "编程", "养生", "消防", "气象", "标本", "陶艺"]
    text = "报备：10月{day}日上午9:00-11:30，莞城文化广场，{name}讲座，预计120人，负责人李敏 13800138000"
    return [filed(office, text.format(day=19 + at, name=names[at])) for at in range(count)]


def states(office: Office) -> list[str]:
    return [one.state for one in office.rows(Filing)]


def test_waiting_filings_come_in_pages(town: Office) -> None:
    assert said(town, "wf", "待审") == "没有待备案的报备。"
    numbers = file_many(town, 12)
    first = said(town, "wf", "待审")
    assert first.splitlines()[0] == "待备案 12 条（第 1/2 页）："
    assert [number in first for number in numbers] == [True] * 10 + [False] * 2
    assert first.endswith("回复“通过 编号”备案，“待审 下一页”继续看。")
    second = said(town, "wf", "待审 下一页")
    assert [number in second for number in numbers] == [False] * 10 + [True] * 2
    assert said(town, "wf", "待审 2") == second
    assert said(town, "wf", "待审 9") == second  # there is no ninth
    assert said(town, "wf", "待审 1") == first
    assert said(town, "wf", "下一页") == second


def test_looking_at_what_waits_does_not_end_a_notice_that_is_being_written(town: Office) -> None:
    said(town, "wf", "广播 监督要求：请各单位核对活动计划")
    said(town, "wf", "待审")
    assert "没有待" not in said(town, "wf", "提交审核")


def test_several_are_accepted_at_once_and_the_others_named(town: Office) -> None:
    numbers = file_many(town, 3)
    said(town, "limin", f"取消 {numbers[1]} 因天气")
    answer = said(town, "czm", f"通过 {numbers[0]} {numbers[1]}、{numbers[2]} {numbers[0]}")
    assert answer.splitlines() == [
        f"已备案 2 条：{numbers[0]}、{numbers[2]}。",
        f"未办理 1 条：{numbers[1]}（已取消）。",
    ]
    assert states(town) == ["accepted", "cancelled", "accepted"]
    assert len([text for text in told(town, "limin") if "已备案" in text]) == 2


def test_one_that_is_not_there_undoes_the_others(town: Office) -> None:
    [number] = file_many(town, 1)
    assert "没有找到" in said(town, "czm", f"通过 {number} 2020-9999")
    assert states(town) == ["submitted"]


def test_words_after_a_number_are_no_number(town: Office) -> None:
    number = filed(town)
    assert "已备案" not in said(town, "czm", f"通过 {number} 好的")
    assert states(town) == ["submitted"]


def test_return_asks_for_the_reason_and_takes_it(town: Office) -> None:
    number = filed(town)
    assert "请说明退回" in said(town, "czm", f"退回 {number}")
    assert said(town, "czm", REASON).startswith("已退回")
    assert REASON in told(town, "limin")[-1]
    assert town.rows(FilingTransition)[-1].reason == REASON


def test_word_that_comes_much_later_is_no_reason(town: Office) -> None:
    number = filed(town)
    said(town, "czm", f"退回 {number}")
    town.at("2020-10-12T11:30:00")
    assert "已退回" not in said(town, "czm", "下午开会")
    assert states(town) == ["submitted"]


def test_button_to_return_asks_for_the_reason(town: Office) -> None:
    number = filed(town)
    answer = town.click("czm", f"filing.return:{number}", task_id=f"review-{number}-1")
    assert answer is not None
    assert "请说明退回" in answer.text
    assert said(town, "czm", REASON).startswith("已退回")


def test_nobody_accepts_by_an_old_button_what_they_have_not_seen(town: Office) -> None:
    number = filed(town)
    said(town, "limin", f"修改 {number} 人数500")
    said(town, "limin", "提交")
    answer = town.click("czm", f"filing.accept:{number}", task_id=f"review-{number}-1")
    assert answer is not None
    assert answer.card is not None
    assert answer.card.title == f"{number} 已有新版"
    assert states(town) == ["submitted"]
    assert "刚更新为第 2 版" in told(town, "czm")[-1]
    town.click("czm", f"filing.accept:{number}", task_id=f"review-{number}-2")
    assert states(town) == ["accepted"]


def test_unit_that_cannot_be_reached_is_said_to_be_out_of_reach(office: Office) -> None:
    office.unit("环保协会")
    office.contact("limin", "李敏", "环保协会", direct=False)
    office.staff("czm", "陈志明", "approver")
    said(office, "limin", TEXT, chat=GROUP)
    said(office, "limin", "提交", chat=GROUP)
    assert said(office, "czm", "通过 2020-0001").endswith("经办人暂时联系不上，请另行告知。")


def test_contact_who_left_is_not_told_but_those_who_are_there(town: Office) -> None:
    from sqlalchemy import delete

    from bot.model import Membership, Person

    number = filed(town)
    [limin] = town.rows(Person, Person.name == "李敏")
    town.do(lambda work: work.session.execute(delete(Membership).where(Membership.person_id == limin.id)))
    said(town, "czm", f"通过 {number}")
    assert told(town, "limin") == []
    assert "已备案" in told(town, "zhouyang")[-1]


def reported(office: Office) -> str:
    number = accepted(office)
    office.at("2020-10-24T18:00:00")
    said(office, "limin", f"总结 {number} 实到135人")
    return number


def test_report_is_verified(town: Office) -> None:
    number = reported(town)
    assert said(town, "czm", f"核验 {number}").startswith("已核验")
    assert "已核验，谢谢" in told(town, "limin")[-1]
    assert states(town) == ["verified"]


def test_report_in_doubt_comes_back_when_the_unit_sends_it_again(town: Office) -> None:
    number = reported(town)
    assert "请说明" in said(town, "czm", f"存疑 {number}")
    assert said(town, "czm", "请补充签到表照片").startswith("已标为存疑")
    note = told(town, "limin")[-1]
    assert "请补充签到表照片" in note
    assert f"“总结 {number} 实到人数”" in note
    assert "存疑" not in note  # the unit is asked politely
    said(town, "limin", f"总结 {number} 实到130人")
    assert states(town) == ["reported"]
    said(town, "czm", f"核验 {number}")
    after = [one.after for one in town.rows(FilingTransition)][-4:]
    assert after == ["reported", "queried", "reported", "verified"]


def test_verified_report_may_still_be_doubted(town: Office) -> None:
    number = reported(town)
    said(town, "czm", f"核验 {number}")
    assert said(town, "lq", f"存疑 {number} 与第三方人数不符").startswith("已标为存疑")


@pytest.mark.parametrize("words", ["通过", "退回", "核验", "存疑"])
def test_viewer_is_told_that_they_only_look(town: Office, words: str) -> None:
    number = filed(town)
    assert said(town, "third", f"{words} {number} {'' if words in ('通过', '核验') else '原因'}") == (
        "您的角色只能查看，不能办理。如需开通，请联系管理员。"
    )


def test_activity_that_is_over_is_shown_as_awaiting_its_report(town: Office) -> None:
    number = accepted(town)
    assert f"{number} 垃圾分类进社区讲座 10月24日（周六） 已备案" in said(town, "limin", "我的报备")
    town.at("2020-10-24T11:30:00")
    mine = said(town, "limin", "我的报备")
    assert "待总结" in mine
    assert mine.endswith(f"请回复“总结 {number} 实到人数”提交总结。")
    assert "（待总结）" in said(town, "wf", "今日活动")
    assert "待总结" in said(town, "wf", "查 10月")


def test_several_are_accepted_by_the_last_part_of_their_numbers(town: Office) -> None:
    first = filed(town)
    second = filed(town, "报备：10月31日上午9点到11点，莞城文化广场，垃圾分类义卖，80人，李敏 13800138000")
    assert "已备案 2 条" in said(town, "czm", f"通过 {first}，{second[5:]}")


def test_a_filing_is_returned_by_the_last_part_of_its_number(town: Office) -> None:
    number = filed(town)
    assert f"已退回 {number}" in said(town, "czm", f"退回 {number[5:]} 请写明主讲人")


@pytest.mark.parametrize("words", ["通过", "待审", "在吗", "好的"])
def test_a_bare_command_or_a_greeting_is_no_reason(town: Office, words: str) -> None:
    number = filed(town)
    said(town, "czm", f"退回 {number}")
    said(town, "czm", words)
    assert [one.state for one in town.rows(Filing)] == [FilingState.SUBMITTED]


def test_a_decision_that_is_given_up_leaves_the_filing_as_it_was(town: Office) -> None:
    number = filed(town)
    said(town, "czm", f"退回 {number}")
    assert "保持不变" in said(town, "czm", "算了")
    assert "没看明白" in said(town, "czm", "地点写错了")


def test_no_reason_is_waited_for_once_it_was_given_with_the_number(town: Office) -> None:
    number = filed(town)
    said(town, "czm", f"退回 {number}")
    assert "已退回" in said(town, "czm", f"退回 {number} 地点写错了")
    assert "没看明白" in said(town, "czm", "下周有什么活动")


def test_staff_ask_in_their_own_words_what_waits(town: Office) -> None:
    assert "没有待备案的报备" in said(town, "czm", "今天有几个待审的？")
    number = filed(town)
    assert said(town, "czm", "今天有几个待审的？").startswith(f"待备案 1 条：\n{number}")
    said(town, "czm", f"退回 {number}")
    assert said(town, "czm", "还有没审的吗").startswith("待备案 1 条")  # no reason for giving it back
    assert "已退回" in said(town, "czm", "请补充安全预案")


def test_list_asked_for_in_the_group_is_counted_there_and_read_in_direct_chat(town: Office) -> None:
    number = filed(town)
    assert said(town, "czm", "待审", chat=GROUP) == "待备案 1 条，清单已私聊发给您。"
    assert number in told(town, "czm")[-1]
    town.staff("new", "新同事", "drafter", direct=False)
    assert said(town, "new", "待审", chat=GROUP) == "待备案 1 条，请私聊我回复“待审”看清单。"
    said(town, "czm", f"通过 {number}")
    town.at("2020-11-12T10:00:00")
    assert said(town, "czm", "谁没交", chat=GROUP) == "总结逾期 1 场，清单已私聊发给您。"
    assert f"{number} 环保协会" in told(town, "czm")[-1]


def test_what_was_asked_an_hour_ago_is_not_confirmed_any_more(town: Office) -> None:
    number = filed(town)
    said(town, "czm", "待审")
    asked = town.say("czm", "都通过")
    assert asked is not None
    assert asked.card is not None
    town.at(town.clock.now() + timedelta(hours=1, minutes=1))
    said(town, "czm", "确认通过")
    assert "已经失效" in pressed(town, "czm", asked.card.buttons[0].key)
    assert town.rows(Filing, Filing.number == number)[0].state == FilingState.SUBMITTED


def test_all_that_was_shown_is_accepted_once_it_is_confirmed(town: Office) -> None:
    first = filed(town)
    second = filed(town, "报备：10月25日上午9点到11点，莞城图书馆，航模讲座，80人，李敏 13800138000")
    assert said(town, "czm", "都通过").startswith("请先看看是哪些")
    asked = town.say("czm", "都通过")
    assert asked is not None
    assert asked.text.startswith("这 2 条都备案吗？")
    assert asked.card is not None
    said(town, "limin", f"修改 {first} 人数150")
    said(town, "limin", "提交")
    answer = said(town, "czm", "确认通过")
    assert answer == f"已备案 1 条：{second}。\n未办理 1 条：{first}（已有新内容）。"
    assert "没看明白" in said(town, "czm", "确认通过")
    said(town, "czm", "待审")
    older = asked.card.buttons[0].key
    town.at(town.clock.now() + timedelta(minutes=1))
    asked = town.say("czm", "都通过")
    assert asked is not None
    assert asked.card is not None
    assert "已经失效" in pressed(town, "czm", older)
    assert "已备案 1 条" in pressed(town, "czm", asked.card.buttons[0].key)
    assert "已经失效" in pressed(town, "czm", asked.card.buttons[0].key)
    assert "只能查看" in said(town, "third", "都通过")


def test_list_shown_long_ago_is_shown_again_first(town: Office) -> None:
    filed(town)
    said(town, "czm", "待审")
    town.at("2020-10-12T12:00:00")
    assert said(town, "czm", "都通过").startswith("请先看看是哪些")
