"""A notice from its first word until it goes: templates, variables, reviews, versions, urgency; bad input is said first."""

from collections.abc import Iterator

import pytest

from bot.model import Conversation, Delivery, Notice, NoticeReview, NoticeVersion, Project, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.handlers.conftest import people
from tests.handlers.words import said, told
from tests.office import GROUP, Office

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words, not rows
FUNDS = "广播 资金下达：{{单位}}：“{{项目}}”资助 {{金额}} 已下达，收到请回复。"


def make(database_url: str, **notices: object) -> Office:
    office = Office(database_url, {"notices": notices})
    people(office)
    return office


@pytest.fixture
def two_steps(database_url: str) -> Iterator[Office]:
    """Publicity needs two, urgent notices nobody; notices are numbered."""
    steps = [{"kind": "立项公示", "steps": 2}, {"kind": "紧急", "steps": 0}]
    office = make(database_url, review=steps, number_format="科普〔{year}〕{n}号")
    yield office
    office.close()


def amount(office: Office, unit: str, fen: int | None, name: str = "") -> None:
    def act(work: UnitOfWork) -> None:
        project = work.session.query(Project).filter(Project.unit.has(name=unit)).one_or_none()
        if project is None:
            holder = work.session.query(Unit).filter_by(name=unit).one()
            project = Project(unit_id=holder.id, year=2020, name=name)
            work.session.add(project)
        project.amount_fen = fen

    office.do(act)


def sent(office: Office) -> dict[str, str]:
    return {one.recipient: one.content["text"] for one in office.rows(Delivery, Delivery.purpose == "notice")}


@pytest.mark.parametrize("kind", ["资金下达", "监督要求", "监督管理要求", "立项公示", "通知", "紧急：", "整改"])
def test_kind_without_a_text_is_answered_with_a_template_that_can_be_sent_back(town: Office, kind: str) -> None:
    shown = said(town, "wf", f"广播 {kind}")
    assert "{{金额}}" in shown
    assert not town.rows(Notice)
    example = shown.split("────────")[1].strip()
    amount(town, "环保协会", 100)
    amount(town, "长安图书馆", 100, "阅读")
    assert "预览（通知 1" in said(town, "wf", example)


def test_each_unit_reads_its_own_values_and_the_group_general_words(town: Office) -> None:
    amount(town, "环保协会", 12_000_000)
    amount(town, "长安图书馆", 350_050, "阅读推广")
    preview = said(town, "wf", FUNDS)
    assert "各单位：“各自的项目”资助 各自的资助金额 已下达" in preview
    assert "长安图书馆：“阅读推广”资助 3,500.50元 已下达" in preview  # one unit's own text as an example
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    texts = sent(town)
    assert "各单位：“各自的项目”" in texts[GROUP]
    assert "环保协会：“垃圾分类科普”资助 120,000元 已下达" in texts["limin"]
    assert "长安图书馆：“阅读推广”资助 3,500.50元 已下达" in texts["chenjing"]
    both = [one.content["text"] for one in town.rows(Delivery, Delivery.recipient == "zhouyang")]
    assert len([one for one in both if "已下达" in one]) == 2
    assert not [one for one in texts.values() if "{{" in one]


def test_notice_for_one_project_tells_of_that_project_alone(town: Office) -> None:
    amount(town, "环保协会", 12_000_000)

    def second(work: UnitOfWork) -> None:
        holder = work.session.query(Unit).filter_by(name="环保协会").one()
        work.session.add(Project(unit_id=holder.id, year=2020, name="观鸟节", code="KP-7", amount_fen=5_000_000))

    town.do(second)
    said(town, "wf", FUNDS)
    for words in ("发给 项目 观鸟节", "发给 项目 KP-7", "发给 项目 观鸟节 且 莞城街道"):
        assert "环保协会：“观鸟节”资助 50,000元 已下达" in said(town, "wf", words)
    assert "“垃圾分类科普、观鸟节”资助 170,000元" in said(town, "wf", "发给 环保协会")
    said(town, "wf", "发给 项目 观鸟节")
    said(town, "wf", "提交审核")
    card = told(town, "czm")[-1]
    assert "“观鸟节”资助 50,000元 已下达" in card
    assert "{{" not in card
    said(town, "czm", "批准 1")
    assert "“观鸟节”资助 50,000元 已下达" in sent(town)["limin"]


def test_reviewer_sees_whom_it_goes_to_and_with_which_files(town: Office) -> None:
    said(town, "wf", "广播 监督要求：请各单位10月15日18:00前核对名单，收到请回复")
    town.do(lambda work: setattr(work.session.get(Notice, 1), "files", [
        {"sha256": "a" * 64, "name": "名单.pdf", "kind": "file", "mime": "application/pdf", "size": 9}]))  # fmt: skip
    said(town, "wf", "提交审核")
    card = told(town, "czm")[-1]
    assert "附件 1 个：名单.pdf" in card
    assert "2 个单位：环保协会、长安图书馆" in card
    assert "回复“预览 1”看发出的样子，“名单 1”看全部单位" in card
    assert "环保协会" in said(town, "czm", "名单 1")
    assert "核对名单" in said(town, "czm", "预览 1")


def test_quote_stays_one_and_a_table_becomes_lines_where_none_is_shown(town: Office) -> None:
    said(town, "wf", "广播 通知：> 以原文为准\n\n| 项 | 额 |\n|---|---|\n| 甲 | 2万元 > 1万元 |")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    assert "> 以原文为准\n\n项　额\n甲　2万元 ＞ 1万元\n" in sent(town)[GROUP]


def test_link_in_the_text_stays_a_link_and_mentions_stay_words(town: Office) -> None:
    said(town, "wf", "广播 通知：请看[申报页面](https://example.org/a?b=1)，<@all> [坏](javascript:1)，收到请回复")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    text = sent(town)[GROUP]
    assert "[申报页面](https://example.org/a?b=1)" in text
    assert "＜@all＞ [坏］(javascript:1)" in text


def test_preview_shows_the_text_that_units_get_where_nobody_gets_the_general_one(town: Office) -> None:
    amount(town, "环保协会", 12_000_000)
    said(town, "wf", FUNDS)
    shown = said(town, "wf", "发给 环保协会")
    assert "私聊里是（以“环保协会”为例，各单位收到自己的内容）" in shown
    assert "资助 120,000元 已下达" in shown
    assert "各自的项目" not in shown
    said(town, "wf", "提交审核")
    card = told(town, "czm")[-1]
    assert "含变量，各单位收到自己的内容，例如：" in card
    assert "各自的项目" not in card


def test_other_words_for_a_channel_are_understood(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电，收到请回复。")
    assert "在工作群里是" in said(town, "wf", "预览 1 群")
    assert "不会发到“短信”" in said(town, "wf", "预览 1 短信")


def test_variable_without_a_value_is_named_with_its_units_before_anything_is_sent(town: Office) -> None:
    amount(town, "环保协会", 12_000_000)
    assert "变量“项目”对 1 个单位没有内容：长安图书馆" in said(town, "wf", FUNDS)
    assert "变量“项目”" in said(town, "wf", "提交审核")
    assert "预览" in said(town, "wf", "发给 环保协会")
    assert "等待" in said(town, "wf", "提交审核")
    amount(town, "环保协会", None)  # taken away between submission and approval
    assert "变量“金额”对 1 个单位没有内容：环保协会" in said(town, "czm", "批准 1")
    assert sent(town) == {}


def test_unknown_variable_is_named_with_those_that_exist(town: Office) -> None:
    answer = said(town, "wf", "广播 通知：{{单味}}请注意")
    assert "“单味”不是可用的变量" in answer
    assert "单位、项目" in answer
    assert not town.rows(Notice)


def test_steps_are_by_different_persons_and_never_by_the_drafter(two_steps: Office) -> None:
    said(two_steps, "czm", "广播 立项公示：名单现予公示。")
    assert "要由 2 位其他同事审核，现在只有 1 位" in said(two_steps, "czm", "提交审核")
    said(two_steps, "wf", "广播 立项公示：名单现予公示，公示期5天。")
    assert "共 2 人依次审核" in said(two_steps, "wf", "提交审核")
    assert "审核需要" in said(two_steps, "wf", "批准 2")
    assert "还需 1 位" in said(two_steps, "czm", "批准 2")
    assert "已经批准过了" in said(two_steps, "czm", "批准 2")
    assert sent(two_steps) == {}
    assert "已批准" in said(two_steps, "lq", "批准 2")
    assert "通知 2　科普〔2020〕1号" in sent(two_steps)[GROUP]
    assert [(one.step, one.approved) for one in two_steps.rows(NoticeReview)] == [(1, True), (2, True)]


def test_changed_body_is_a_new_version_that_is_reviewed_anew(two_steps: Office) -> None:
    said(two_steps, "wf", "广播 立项公示：名单现予公示。")
    said(two_steps, "wf", "提交审核")
    said(two_steps, "czm", "批准 1")
    said(two_steps, "lq", "退回通知 1 公示期没写")
    assert any("改通知 1" in one for one in told(two_steps, "wf"))
    assert "公示期5天" in said(two_steps, "wf", "改通知 1 名单现予公示，公示期5天。")
    said(two_steps, "wf", "提交审核")
    assert "还需 1 位" in said(two_steps, "czm", "批准 1")
    said(two_steps, "lq", "批准 1")
    assert [one.fields["body"] for one in two_steps.rows(NoticeVersion)] == [
        "名单现予公示。",
        "名单现予公示，公示期5天。",
    ]
    record = said(two_steps, "wf", "审核记录 1")
    for line in ("第 1 版 第 1 步 陈志明 批准", "第 1 版 第 2 步 刘倩 退回：公示期没写", "第 2 版 第 2 步 刘倩 批准"):
        assert line in record
    versions = said(two_steps, "wf", "版本 1")
    assert "第 1 版" in versions
    assert "公示期5天" in versions


def test_who_rewrites_a_notice_may_not_approve_it(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    said(town, "czm", "改通知 1 后天停电。")
    said(town, "wf", "改通知 1 大后天停电。")
    said(town, "czm", "改通知 1 后天停电。")
    said(town, "czm", "提交审核")
    assert "请由另一位同事审核" in said(town, "czm", "批准 1")
    assert "已批准" in said(town, "lq", "批准 1")


def test_urgent_notice_goes_at_once_with_a_reason_and_all_staff_hear_of_it(two_steps: Office) -> None:
    two_steps.at("2020-10-12T23:00")
    said(two_steps, "wf", "广播 紧急：台风来袭，户外活动全部暂停。")
    assert "请回复原因" in said(two_steps, "wf", "提交审核")
    assert sent(two_steps) == {}
    assert "正在发出" in said(two_steps, "wf", "台风预警已升级")
    rows = two_steps.rows(Delivery, Delivery.purpose == "notice")
    assert {(one.urgent, one.not_before) for one in rows} == {(True, two_steps.clock.now())}
    for colleague in ("czm", "lq"):
        assert "王芳未经审核发出了紧急通知 1" in told(two_steps, colleague)[-1]
        assert "台风预警已升级" in told(two_steps, colleague)[-1]
    assert two_steps.rows(Notice)[0].number == "科普〔2020〕1号"


def test_urgent_notice_is_reviewed_where_the_office_did_not_say_otherwise(town: Office) -> None:
    said(town, "wf", "广播 紧急：台风来袭，户外活动全部暂停。")
    assert "等待" in said(town, "wf", "提交审核")
    assert sent(town) == {}


def test_urgent_notice_is_not_sent_where_its_reason_is_taken_back(two_steps: Office) -> None:
    said(two_steps, "wf", "广播 紧急：台风来袭。")
    said(two_steps, "wf", "提交审核")
    assert "已取消" in said(two_steps, "wf", "取消")
    assert sent(two_steps) == {}


def out(office: Office, text: str) -> None:
    said(office, "wf", text)
    said(office, "wf", "提交审核")
    number = office.rows(Notice)[-1].id
    assert "已批准" in said(office, "czm", f"批准 {number}")


def test_named_notice_is_timed_and_timed_anew_while_it_has_not_gone(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    said(town, "wf", "广播 通知：后天停电。")
    assert "通知 1 定于 10月13日 09:00" in said(town, "wf", "定时 1 明早9点")
    assert "通知 2 定于 10月14日 09:00" in said(town, "wf", "定时 10月14日 09:00")
    assert "已经过去了" in said(town, "wf", "改期 1 10月12日 09:00")
    assert "没看懂" in said(town, "wf", "改期 1 改天吧")
    first, second = town.rows(Notice)
    assert (first.send_until - first.scheduled_at).total_seconds() == 7200
    assert second.scheduled_at.day == 14
    assert "“草稿”，还没有发出" in said(town, "wf", "更正 1 不停电")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 2")
    town.at("2020-10-13T10:00")
    assert "通知 2 定于 10月15日 09:00" in said(town, "wf", "改期 2 10月15日 09:00")
    town.at("2020-10-14T09:01")
    town.tick()
    assert sent(town) == {}
    town.at("2020-10-15T09:01")
    town.tick()
    assert "后天停电" in sent(town)[GROUP]
    assert "不能再改" in said(town, "wf", "改期 2 10月16日 09:00")


@on_one_database
def test_who_looks_at_a_notice_or_approved_it_hears_of_another_hour(town: Office) -> None:
    said(town, "wf", "广播 通知：10月15日18:00前确认名单，收到请回复。")
    assert "比发出时间早" in said(town, "wf", "定时 1 10月16日 09:00")
    said(town, "wf", "定时 1 10月14日 09:00")
    assert not told(town, "czm")  # a draft is nobody else's affair
    said(town, "wf", "提交审核")
    assert "已告知陈志明、刘倩" in said(town, "wf", "改期 1 10月14日 15:00")
    assert "请回复“退回通知 1”" in told(town, "lq")[-1]
    said(town, "lq", "批准 1")
    assert "已告知刘倩。" in said(town, "wf", "改期 1 10月13日 09:00")
    moved = "王芳把通知 1《10月15日18:00前确认名单》的发出时间由 10月14日 15:00 改为 10月13日 09:00，内容没有变"
    assert moved in told(town, "lq")[-1]
    assert not any(moved in one for one in told(town, "czm"))
    count = len(told(town, "lq"))
    assert "已告知" not in said(town, "wf", "改期 1 10月13日 09:00")  # the same hour
    said(town, "czm", "改期 1 10月13日 10:00")
    assert "陈志明把通知 1" in told(town, "wf")[-1]
    assert len(told(town, "lq")) == count + 1


def test_day_that_has_passed_is_said_to_be_over_and_another_year_is_shown(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    assert "10月10日 09:00 已经过去了" in said(town, "wf", "定时 10月10日 9点")
    assert "定于 2021年1月5日 09:00 发出" in said(town, "wf", "定时 1月5日 9点")
    said(town, "wf", "提交审核")
    assert "定于 2021年1月5日 09:00" in told(town, "czm")[-1]


def test_hour_in_the_quiet_hours_is_moved_and_said_at_once(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    answer = said(town, "wf", "定时 今晚10点")
    assert "10月12日 22:00 在免打扰时段，通知 1 改定于 10月13日 08:00 发出" in answer
    said(town, "wf", "提交审核")
    assert "定于 10月13日 08:00 发出" in told(town, "czm")[-1]
    said(town, "czm", "批准 1")
    town.at("2020-10-13T08:00:30")
    town.tick()
    assert "明天停电" in sent(town)[GROUP]


def test_approved_at_night_is_listed_with_its_hour(town: Office) -> None:
    town.at("2020-10-12T22:30")
    out(town, "广播 通知：明天停电。")
    assert "已批准，10月13日 08:00 发出" in said(town, "wf", "通知列表")


def test_returned_notice_goes_on_without_its_body_being_typed_again(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    said(town, "wf", "提交审核")
    said(town, "czm", "退回通知 1 换个对象")
    assert "请把改好的正文完整发一遍" in said(town, "wf", "改通知 1 正文")
    town.do(lambda work: work.session.query(Conversation).update({"topic": "", "state": {}}))
    assert "1 个单位：环保协会" in said(town, "wf", "发给 环保协会")
    town.do(lambda work: work.session.query(Conversation).update({"topic": "", "state": {}}))
    assert "等待" in said(town, "wf", "提交审核")
    assert "没有可以提交的通知草稿" in said(town, "wf", "提交审核")


def test_hour_can_be_taken_away_before_and_after_the_approval(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    said(town, "wf", "定时 明早9点")
    assert "不再定时" in said(town, "wf", "定时 取消")
    said(town, "wf", "定时 明早9点")
    said(town, "wf", "提交审核")
    assert "已告知陈志明、刘倩" in said(town, "wf", "改期 1 取消")
    assert "改为批准后马上发出" in told(town, "lq")[-1]
    said(town, "wf", "改期 1 明早9点")
    said(town, "czm", "批准 1")
    assert "马上发请回复“改期 1 现在”" in said(town, "wf", "定时 1 取消")
    assert sent(town) == {}
    assert "正在发出" in said(town, "wf", "改期 1 现在")
    assert "马上发出" in told(town, "czm")[-1]
    assert "明天停电" in sent(town)[GROUP]


def test_notice_whose_hour_passed_before_its_review_is_not_sent_late(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    said(town, "wf", "定时 1 明早9点")
    said(town, "wf", "提交审核")
    town.at("2020-10-13T14:00")
    assert "请先回复“改期 1" in said(town, "czm", "批准 1")
    assert sent(town) == {}


def test_reason_of_a_recall_is_kept_and_what_is_out_cannot_be_undone(town: Office) -> None:
    out(town, "广播 通知：明天停电。")
    town.do(lambda work: work.session.query(Delivery).filter_by(purpose="notice").update({"state": "sent"}))
    assert "无法从对方手机上收回" in said(town, "wf", "撤回 1 日期写错了")
    [notice] = town.rows(Notice)
    assert (notice.state, notice.reason) == ("withdrawn", "日期写错了")


def test_correction_is_tied_to_the_original_and_goes_to_the_same(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电。")
    said(town, "wf", "发给 环保协会")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    preview = said(town, "wf", "更正 1 后天停电")
    assert "更正（对应通知 1，以本通知为准）：后天停电" in preview
    assert "1 个单位：环保协会" in preview
    made = town.rows(Notice)[-1]
    assert (made.corrects_id, made.targets, made.title) == (1, town.rows(Notice)[0].targets, "更正：后天停电")


def test_notice_is_tried_out_on_oneself_alone_and_stays_a_draft(town: Office) -> None:
    said(town, "wf", "广播 通知：明天停电，收到请回复。")
    assert "其他人收不到" in said(town, "wf", "试发 1")
    assert [one.recipient for one in town.rows(Delivery)] == ["wf", "wf"]  # which form it is, and the form
    assert "明天停电" in told(town, "wf")[-1]
    assert town.rows(Notice)[0].state == "draft"
    assert "没有通知“9”" in said(town, "wf", "试发 9")


def test_paper_is_asked_for_once_the_words_against_it_are_gone(town: Office) -> None:
    said(town, "wf", "广播 监督要求：请报送三季度进度表，无需回执")
    assert town.rows(Notice)[0].deliverable == ""
    said(town, "wf", "改通知 1 请报送三季度进度表")
    assert town.rows(Notice)[0].deliverable == "三季度进度表"
