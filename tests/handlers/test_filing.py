"""Filing by chat, as its users meet it."""

from bot.model import Activity, Filing, FilingTransition, FilingVersion
from tests.handlers.words import TEXT, said
from tests.office import GROUP, Office


def test_guided_dialogue_asks_one_thing_at_a_time_and_goes_back(town: Office) -> None:
    assert "请问活动叫什么名称" in said(town, "limin", "报备")
    assert "什么时候" in said(town, "limin", "星空夜")
    assert "叫什么名称" in said(town, "limin", "上一步")
    assert "什么时候" in said(town, "limin", "星空观察夜")
    assert "在哪里" in said(town, "limin", "10月31日晚上7点到9点")
    assert "什么形式" in said(town, "limin", "松山湖中心小学")
    assert "多少人" in said(town, "limin", "3")
    assert "负责人" in said(town, "limin", "一百二十人")
    assert "这一项必须填写" in said(town, "limin", "跳过")
    assert "介绍活动内容" in said(town, "limin", "李敏 13800138000")
    card = said(town, "limin", "跳过")
    for line in ("活动名称：星空观察夜", "时间：10月31日（周六）19:00–21:00", "形式：进校园", "预计：120 人"):
        assert line in card
    assert "已提交" in said(town, "limin", "提交")


def test_guided_dialogue_goes_on_after_a_day_and_in_another_chat(town: Office) -> None:
    said(town, "limin", "报备", chat=GROUP)
    said(town, "limin", "星空观察夜", chat=GROUP)
    town.at("2020-10-13T09:00:00")
    assert "在哪里" in said(town, "limin", "10月31日晚上7点到9点")


def test_labelled_lines_in_any_order_are_understood(town: Office) -> None:
    card = said(
        town,
        "limin",
        "人数：80\n会场: 莞城街道文化广场\n主题：防震演练培训\n联系人：李敏\n电话：13800138000\n时间：10月30日 9:00-10:30",
    )
    assert "活动名称：防震演练培训" in card
    assert "地点：莞城街道文化广场" in card
    assert "时间：10月30日（周五）09:00–10:30" in card


def test_the_same_text_sent_twice_is_one_draft(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", TEXT)
    assert [one.number for one in town.rows(Filing)] == ["2020-0001"]


def test_second_submission_changes_nothing(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", "提交")
    assert "不用再提交" in said(town, "limin", "提交")
    assert len(town.rows(FilingVersion)) == 1
    assert len(town.rows(FilingTransition)) == 1


def test_submission_tells_staff_and_ties_the_planned_activity(town: Office) -> None:
    from datetime import date

    def plan(work):  # type: ignore[no-untyped-def]
        day = date(2020, 10, 24)
        work.session.add(Activity(unit_id=1, name="垃圾分类进社区讲座", planned_on=day, last_filing_day=day))

    town.do(plan)
    said(town, "limin", TEXT)
    town.click("limin", "filing.submit:2020-0001")
    assert {one.recipient for one in town.outbox("staff")} == {"wf", "czm", "lq"}
    assert town.rows(Activity)[0].filing_id == town.rows(Filing)[0].id


def test_stranger_can_neither_see_nor_touch_a_filing(town: Office) -> None:
    said(town, "limin", TEXT)
    for words in ("提交 2020-0001", "撤回 2020-0001", "取消 2020-0001", "修改 2020-0001", "总结 2020-0001 实到3人"):
        assert "没有找到您可以查看的报备" in said(town, "chenjing", words)
    answer = town.click("chenjing", "filing.submit:2020-0001")
    assert answer is not None
    assert "没有找到" in answer.text
    assert town.rows(Filing)[0].state == "draft"


def test_withdrawn_filing_is_changed_and_submitted_anew_as_the_next_version(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", "提交")
    assert "已撤回" in said(town, "limin", "撤回 2020-0001")
    assert "请直接说要改什么" in said(town, "limin", "修改 2020-0001")
    assert "预计：150 人 〔已改〕" in said(town, "limin", "人数150")
    assert "已提交" in said(town, "limin", "提交")
    versions = town.rows(FilingVersion)
    assert [one.fields["attendance"] for one in versions] == [120, 150]


def test_returned_filing_goes_back_to_its_author_with_the_reason(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", "提交")
    assert "已退回" in said(town, "czm", "退回 2020-0001 请补充安全预案")
    [told] = [one for one in town.outbox("answer") if one.recipient == "limin"]
    assert "请补充安全预案" in told.content["text"]
    said(town, "limin", "修改 2020-0001")
    assert "已提交" in said(town, "limin", "提交")
    assert "已备案" in said(town, "czm", "通过 2020-0001")
    assert "不能这样操作" in said(town, "czm", "通过 2020-0001")


def test_accepted_filing_is_cancelled_only_with_a_reason(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", "提交")
    said(town, "czm", "通过 2020-0001")
    assert "请写明取消原因" in said(town, "limin", "取消 2020-0001")
    assert "已取消报备" in said(town, "limin", "取消 2020-0001 因天气改期")
    assert any("因天气改期" in one.content["text"] for one in town.outbox("staff"))


def test_weekday_that_contradicts_the_date_is_asked_and_never_guessed(town: Office) -> None:
    answer = said(town, "limin", "报备：10月24日（周五）上午9点到11点，莞城文化广场，科普讲座，50人，李敏 13800138000")
    assert "对不上" in answer
    card = said(town, "limin", "1")
    assert "按期" in card
    assert "请核对" in card


def test_hostile_words_stay_words(town: Office) -> None:
    card = said(
        town,
        "limin",
        "活动名称：<@all>[点我](http://x)\u202e科普讲座\n时间：10月30日9点到10点\n地点：莞城文化广场\n人数：8\n负责人：李敏\n电话：13800138000",
    )
    assert "<@all>" not in card
    assert "](http" not in card
    assert "\u202e" not in card


def test_activity_that_is_over_is_taken_as_retroactive(town: Office) -> None:
    town.at("2020-10-26T10:00:00")
    answer = said(town, "limin", "报备：2020年10月24日上午9点到11点，莞城文化广场，科普讲座，50人，李敏 13800138000")
    if "已经过去了" in answer:
        answer = said(town, "limin", "1")
    assert "补报：活动时间已过" in answer
    assert "补交活动总结" in said(town, "limin", "提交")


def test_report_asks_for_the_head_count_and_keeps_links(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", "提交")
    assert "还没有举办" in said(town, "limin", "总结 2020-0001 实到90人")
    town.at("2020-10-24T18:00:00")
    assert "2020-0001" in said(town, "limin", "总结")
    assert "实际到了多少人" in said(town, "limin", "总结 2020-0001")
    answer = said(town, "limin", "135人，报道 https://example.org/a")
    assert "实到 135 人" in answer
    assert "链接 1 条" in answer


def test_phone_numbers_are_masked_in_staff_lists_in_the_group(town: Office) -> None:
    said(town, "limin", TEXT)
    said(town, "limin", "提交")
    town.at("2020-10-24T08:00:00")
    assert "138****8000" in said(town, "wf", "今日活动", chat=GROUP)
    assert "13800138000" in said(town, "wf", "今日活动")
