"""Changing what the office already has: only the difference is shown, and nothing is lost either way."""

import pytest

from bot.messaging.types import Content
from bot.model import Filing, FilingTransition, FilingVersion
from bot.store.audit import first_broken_entry
from tests.handlers.words import TEXT, accepted, filed, pressed, said, told
from tests.office import GROUP, Office


def filing_of(office: Office) -> Filing:
    [one] = office.rows(Filing)
    return one  # type: ignore[no-any-return]


def steps(office: Office) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in office.rows(FilingTransition)]


def test_change_of_an_accepted_filing_shows_only_what_changes_and_waits_for_staff(town: Office) -> None:
    number = accepted(town)
    card = town.say("limin", f"修改 {number} 时间改成下午两点到四点，人数150")
    assert card is not None
    assert card.text.splitlines() == [
        f"李敏，请核对变更（{number}《垃圾分类进社区讲座》），其余不变：",
        "时间：10月24日（周六）09:00–11:30 → 10月24日（周六）14:00–16:00",
        "预计：120 人 → 150 人",
    ]
    assert card.card is not None
    assert [one.text for one in card.card.buttons] == ["提交", "修改", "取消"]
    assert filing_of(town).attendance == 120  # nothing counts before it is submitted
    assert said(town, "limin", "提交") == f"已提交 {number} 的变更（第 2 版），等待备案。"
    filing = filing_of(town)
    assert (filing.state, filing.attendance, filing.version, filing.pending) == ("amended", 150, 2, None)
    assert [one.fields["attendance"] for one in town.rows(FilingVersion)] == [120, 150]
    assert steps(town) == [("draft", "submitted"), ("submitted", "accepted"), ("accepted", "amended")]
    note = told(town, "wf")[-1]
    assert f"变更 {number}（环保协会）" in note
    assert "预计：120 人 → 150 人" in note
    assert "地点" not in note
    assert "的变更已备案" in (said(town, "czm", f"通过 {number}") and told(town, "limin")[-1])
    assert filing_of(town).state == "accepted"


def test_change_of_a_submitted_filing_stays_submitted(town: Office) -> None:
    number = filed(town)
    said(town, "limin", f"修改 {number}")
    said(town, "limin", "人数150")
    assert "等待备案" in said(town, "limin", "提交")
    assert filing_of(town).state == "submitted"
    assert steps(town) == [("draft", "submitted")]
    assert [one.version for one in town.rows(FilingVersion)] == [1, 2]
    with town.session() as session:
        assert first_broken_entry(session) is None


def test_correction_right_after_submitting_is_an_amendment(town: Office) -> None:
    filed(town)
    assert "预计：120 人 → 150 人" in said(town, "limin", "人数改成150")


def test_several_corrections_are_gathered_in_one_amendment(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number} 人数150")
    card = said(town, "limin", "地点改为莞城街道图书馆")
    assert "预计：120 人 → 150 人" in card
    assert "地点：莞城街道 · 莞城文化广场 → 莞城街道图书馆" in card
    said(town, "limin", "提交")
    assert [one.version for one in town.rows(FilingVersion)] == [1, 2]


def test_cancelling_an_amendment_leaves_the_filing_as_it_was(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number} 人数150")
    assert "已放弃这次修改" in said(town, "limin", "取消")
    filing = filing_of(town)
    assert (filing.state, filing.attendance, filing.pending, filing.version) == ("accepted", 120, None, 1)
    assert "不用再提交" in said(town, "limin", f"提交 {number}")


def test_what_is_changed_back_is_no_change(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "limin", "人数120")
    assert filing_of(town).pending is None
    assert "本来就是这样" in said(town, "limin", f"修改 {number} 人数120")
    assert "不用再提交" in said(town, "limin", "提交")


def test_button_of_the_amendment_submits_it_and_an_older_card_shows_the_newer(town: Office) -> None:
    number = accepted(town)
    first = town.say("limin", f"修改 {number} 人数150")
    second = town.say("limin", "人数160")
    assert first is not None
    assert first.card is not None
    assert second is not None
    assert second.card is not None
    town.click("limin", f"filing.submit:{number}", task_id=first.card.task_id)
    assert filing_of(town).attendance == 120
    [shown] = [one for one in town.outbox("answer") if "160 人" in one.content["text"]]
    answer = town.click("limin", f"filing.submit:{number}", task_id=shown.content["card"]["task_id"])
    assert answer is not None
    assert "的变更" in answer.text
    assert answer.following is None
    assert filing_of(town).attendance == 160


@pytest.mark.parametrize(("day", "late"), [("10月30日", 0), ("10月26日", 1), ("10月25日", 1)])
def test_lateness_is_judged_anew_where_the_day_moves(town: Office, day: str, late: int) -> None:
    number = accepted(town)
    town.at("2020-10-22T10:00:00")  # the last days to file: 10-27, 10-21, 10-21
    answer = said(town, "limin", f"修改 {number} 改到{day}")
    if late:
        assert "请说明逾期原因" in answer
        assert "还差" not in answer
        said(town, "limin", "提交")  # without the reason it does not go
        assert filing_of(town).version == 1
        answer = said(town, "limin", "场地调整")
    assert said(town, "limin", "提交").startswith("已提交")
    filing = filing_of(town)
    assert (filing.late_days, filing.late_reason) == (late, "场地调整" if late else "")
    assert ("【逾期 1 个工作日】" in told(town, "wf")[-1]) == bool(late)


def test_another_hour_on_the_same_day_is_not_judged_anew(town: Office) -> None:
    number = accepted(town)
    town.at("2020-10-23T10:00:00")
    assert "逾期" not in said(town, "limin", f"修改 {number} 时间改成下午两点到四点")
    said(town, "limin", "提交")
    assert filing_of(town).late_days == 0


def test_day_that_contradicts_its_weekday_is_asked_in_an_amendment_too(town: Office) -> None:
    number = accepted(town)
    answer = town.say("limin", f"修改 {number} 改到10月31日（周五）")
    assert answer is not None
    assert "对不上" in answer.text
    assert answer.card is not None
    assert "10月30日" in answer.text
    chosen = town.click("limin", answer.card.buttons[0].key)
    assert chosen is not None
    assert "请核对变更" in told(town, "limin")[-1]
    assert filing_of(town).start is not None


def test_amendment_under_way_survives_acceptance_and_goes_with_a_return(town: Office) -> None:
    number = filed(town)
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "czm", f"通过 {number}")
    assert filing_of(town).pending == {"attendance": 150}
    said(town, "limin", "提交")
    assert filing_of(town).state == "amended"
    said(town, "limin", f"修改 {number} 人数170")
    said(town, "czm", f"退回 {number} 请补充安全预案")
    filing = filing_of(town)
    assert (filing.state, filing.attendance, filing.pending) == ("returned", 170, None)  # kept, open to be written on
    assert "已提交" in said(town, "limin", f"提交 {number}")


def test_other_contact_of_the_unit_may_amend_and_is_the_one_on_record(town: Office) -> None:
    number = accepted(town)
    said(town, "zhouyang", f"修改 {number} 人数150")
    said(town, "zhouyang", "提交")
    history = said(town, "limin", f"历史 {number}")
    assert "周洋（企业微信私聊） 提交变更（第 2 版）" in history
    said(town, "czm", f"通过 {number}")
    assert "已备案" in told(town, "zhouyang")[-1]
    assert "已备案" in told(town, "limin")[-1]


def test_change_after_the_beginning_is_marked_for_staff(town: Office) -> None:
    number = accepted(town)
    town.at("2020-10-24T10:00:00")
    said(town, "limin", f"修改 {number} 人数90")
    said(town, "limin", "提交")
    assert "【活动开始后修改】" in told(town, "wf")[-1]


def test_returned_filing_is_as_timely_as_when_it_was_filed(town: Office) -> None:
    number = filed(town)
    said(town, "czm", f"退回 {number} 请补充安全预案")
    town.at("2020-10-23T10:00:00")  # two working days after the last day
    said(town, "limin", f"修改 {number}")
    assert "按期" in said(town, "limin", "人数130")
    assert "已提交" in said(town, "limin", "提交")
    assert filing_of(town).late_days == 0
    said(town, "czm", f"退回 {number} 日期")
    assert "逾期 2 个工作日" in said(town, "limin", f"修改 {number} 改到10月25日")
    said(town, "limin", "场地调整")
    assert "按期" in said(town, "limin", "改到10月24日")  # back on the day for which it was filed


def test_words_that_change_nothing_are_not_taken_for_a_change(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number}")
    assert "没看明白要改哪里" in said(town, "limin", "好的呀呀呀")
    assert filing_of(town).pending is None


def test_amendment_in_the_group_hides_the_phone_numbers(town: Office) -> None:
    number = accepted(town)
    answer = said(town, "limin", f"修改 {number} 负责人改成王强13900139000", chat=GROUP)
    assert "联系电话：138****8000 → 139****9000" in answer
    assert "13900139000" not in answer
    assert said(town, "limin", "提交", chat=GROUP).startswith("已提交")
    assert "联系电话：13800138000 → 13900139000" in told(town, "wf")[-1]  # staff, in direct chat


def test_filing_that_is_over_and_done_with_is_not_changed(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"取消 {number} 因天气改期")
    assert "不能再修改" in said(town, "limin", f"修改 {number} 人数150")


def test_late_reason_cannot_be_skipped(town: Office) -> None:
    town.at("2020-10-22T10:00:00")
    said(town, "limin", TEXT)
    for words in ("跳过", "上一步"):
        assert "请说明逾期原因" in said(town, "limin", words)
    assert "逾期原因：场地刚定" in said(town, "limin", "场地刚定")


def test_card_that_still_asks_has_no_button_to_submit(town: Office) -> None:
    town.at("2020-10-22T10:00:00")
    answer: Content | None = town.say("limin", TEXT)
    assert answer is not None
    assert answer.card is None
    assert answer.text.endswith("请说明逾期原因，我会一并报上去。")


def test_cancelling_by_number_asks_what_where_an_amendment_is_under_way(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number} 人数150")
    asked = town.say("limin", f"取消 {number}")
    assert asked is not None
    assert asked.card is not None
    assert [one.text for one in asked.card.buttons] == ["只放弃修改", "取消整个活动"]
    assert filing_of(town).pending == {"attendance": 150}
    assert "您要取消的是哪一样" in said(town, "limin", "嗯嗯")
    assert "已放弃这次修改" in said(town, "limin", "1")
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "limin", f"取消 {number}")
    assert "请写明取消原因" in said(town, "limin", "整个活动不办了")
    assert "已取消报备" in said(town, "limin", "因天气")
    assert filing_of(town).state == "cancelled"


def test_buttons_of_that_question_do_what_they_say(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "limin", f"取消 {number}")
    assert "已放弃这次修改" in pressed(town, "limin", f"filing.drop:{number}")
    assert "已经失效" in pressed(town, "limin", f"filing.drop:{number}")
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "limin", f"取消 {number}")
    assert "请写明取消原因" in pressed(town, "limin", f"filing.call_off:{number}")
    assert "已取消报备" in said(town, "limin", "下雨")


def test_change_by_number_is_a_command_in_the_middle_of_another_filing(town: Office) -> None:
    number = accepted(town)
    said(town, "limin", "报备 下周六下午两点半在松山湖图书馆搞一场航模体验")
    assert "没看出是多少人" in said(town, "limin", number)  # a number of a filing is no head count
    assert f"{number}《垃圾分类进社区讲座》：请直接说要改什么" in said(town, "limin", f"变更 {number}")
    assert "120 人 → 150 人" in said(town, "limin", "人数150")
    assert town.rows(Filing)[1].attendance is None
