"""What is wrong with a notice is said in one clear sentence, with what to do, before anything is sent; nothing changes."""

import pytest

from bot.model import Delivery, Notice, NoticeReview, NoticeVersion
from tests.handlers.words import said
from tests.office import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words, not rows
DRAFT = ("wf", "广播 通知：10月15日停电。")
SUBMITTED = (DRAFT, ("wf", "提交审核"))
REWRITTEN = (DRAFT, ("czm", "改通知 1 后天停电。"), ("czm", "提交审核"))
NO_VALUE = ("wf", "广播 通知：{{项目编号}}请报送。")
SENT = (*SUBMITTED, ("czm", "批准 1"))
TIMED = (DRAFT, ("wf", "定时 1 10月13日 09:00"), ("wf", "提交审核"))

# What is wrong, what was said before, who says what then, and what is answered.
CASES = [
    ("a variable without a value", (NO_VALUE,), "wf", "提交审核", "变量“项目编号”对 2 个单位没有内容：环保协会、长安图书馆"),
    ("an unknown variable", (), "wf", "广播 通知：{{单味}}请注意", "“单味”不是可用的变量"),
    ("a brace without its partner", (), "wf", "广播 通知：{{单位请注意", "“{{”不是可用的变量"),
    ("no body", (), "wf", "广播 通知：。", "没有正文"),
    ("a body over every limit", (), "wf", "广播 通知：" + "字" * 6001, "正文有 6001 字，超过了 6000 字的上限"),
    ("a changed body over every limit", (DRAFT,), "wf", "改通知 1 " + "字" * 6001, "正文有 6001 字"),
    ("a target that matches nobody", (DRAFT,), "wf", "发给 长安镇且环保协会", "没有任何人符合"),
    ("a target that nobody is called", (DRAFT,), "wf", "发给 火星分会", "火星分会"),
    ("an approval by the drafter", (("czm", DRAFT[1]), ("czm", "提交审核")), "czm", "批准 1", "请由另一位同事审核"),
    ("an approval by who wrote it last", REWRITTEN, "czm", "批准 1", "请由另一位同事审核"),
    ("an approval by who may not", SUBMITTED, "wf", "批准 1", "审核需要“审核”或“管理员”角色"),
    ("an approval of a draft", (DRAFT,), "czm", "批准 1", "现在是“草稿”，不用审核"),
    ("a second approval", SENT, "lq", "批准 1", "现在是“已发出”，不用审核"),
    ("a return of what is out", SENT, "czm", "退回通知 1 错了", "现在是“已发出”，不用审核"),
    ("a schedule in the past", (DRAFT,), "wf", "定时 1 10月12日 09:00", "已经过去了"),
    ("a schedule that is none", (DRAFT,), "wf", "定时 1 改天吧", "没看懂“改天吧”是什么时候"),
    ("an hour for what is out", SENT, "wf", "定时 1 10月13日 09:00", "现在是“已发出”，不能再改"),
    ("a change of what is under review", SUBMITTED, "wf", "改通知 1 后天停电。", "现在是“待审核”，不能再改"),
    ("a change of what is out", SENT, "wf", "改通知 1 后天停电。", "现在是“已发出”，不能再改"),
    ("a correction of a draft", (DRAFT,), "wf", "更正 1 后天停电", "还没有发出，不用更正"),
    ("a number that is none", (), "czm", "批准 99", "没有通知“99”"),
    ("a number that no database holds", (), "czm", "批准 99999999999999999999", "没有通知“9999999999”"),
    ("a notice by a viewer", (), "third", DRAFT[1], "您的角色不能起草通知"),
    ("a pause of what does not run", (DRAFT,), "wf", "暂停 1", "没有正在发送的内容"),
    ("an end of a pause that there is none", SENT, "czm", "继续 1", "没有暂停"),
    ("a second recall", (DRAFT, ("wf", "撤回 1")), "wf", "撤回 1", "已取消，不用再撤"),
    ("a paper for a notice without an answer", (("wf", "广播 申报通知：开始申报。"),), "wf", "需交 1 申报书", "不需要单位回执"),
    ("a paper without a name", (DRAFT,), "wf", "需交 1", "请写明通知编号和要报送的材料"),
    ("a paper asked for under review", SUBMITTED, "wf", "需交 1 进度表", "现在是“待审核”，不能再改"),
    ("a board of what needs no answer", SENT, "wf", "看板 1", "请写明要求回执的通知编号"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "who", "words", "sentence"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_fault_is_one_clear_sentence_and_nothing_is_sent_or_changed(
    town: Office, before: tuple[tuple[str, str], ...], who: str, words: str, sentence: str
) -> None:
    for person, step in before:
        said(town, person, step)
    state = _state(town)
    answer = said(town, who, words)
    assert sentence in answer
    assert len(answer) <= 120
    assert len(answer.splitlines()) <= 2
    assert answer.endswith(("。", "？")) or "例如：" in answer or "请这样写：" in answer
    assert _state(town) == state


def test_hour_that_passed_before_the_approval_stops_it(town: Office) -> None:
    for person, step in TIMED:
        said(town, person, step)
    state = _state(town)
    town.at("2020-10-13T12:00")
    assert "已经错过，没有批准" in said(town, "czm", "批准 1")
    assert _state(town) == state


def test_recall_after_it_arrived_says_what_cannot_be_undone(town: Office) -> None:
    for person, step in SENT:
        said(town, person, step)
    town.do(lambda work: work.session.query(Delivery).filter_by(purpose="notice").update({"state": "sent"}))
    answer = said(town, "wf", "撤回 1")
    assert "已经发出的 1 条无法从对方手机上收回" in answer
    assert "更正 1" in answer
    assert town.rows(Notice)[0].state == "withdrawn"


def _state(office: Office) -> list[object]:
    """Everything that a wrong word must not change."""
    notices = [
        (one.body, one.state, one.targets, one.scheduled_at, one.deliverable, one.approver_id)
        for one in office.rows(Notice)
    ]
    out = len(office.rows(Delivery, Delivery.purpose == "notice"))
    return [notices, out, len(office.rows(NoticeReview)), len(office.rows(NoticeVersion))]
