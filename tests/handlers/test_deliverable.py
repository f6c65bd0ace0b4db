"""What a notice asks to be handed in: asked for, handed in, missed, collected, given back."""

import io
import zipfile

import pytest

from bot.delivery import owing
from bot.model import Acknowledgement, Attachment, Deliverable, Notice
from tests.handlers.words import said, text_of
from tests.office import GROUP, Office
from tests.photos import photo
from tests.post import Post
from tests.schedules.year import china, notice

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words, not rows


@pytest.fixture
def post(office: Office) -> Post:
    for name in ("甲协会", "乙学会"):
        office.unit(name)
    office.contact("li", "李敏", "甲协会")
    office.contact("he", "何伟", "乙学会")
    office.contact("both", "王两", "甲协会", "乙学会")
    office.staff("wang", "王芳", "drafter")
    office.staff("look", "何观", "viewer")
    return Post(office)


def _asking(post: Post) -> int:
    number = notice(post.office, acknowledge=True, deadline=china("2020-10-14T18:00"))
    assert "三季度进度表" in said(post.office, "wang", f"需交 {number} 三季度进度表")
    return number


def test_words_and_links_are_handed_in_and_settle_the_debt(post: Post) -> None:
    number, office = _asking(post), post.office
    office.say("li", "收到", chat=GROUP)
    assert "甲协会" in said(office, "wang", "谁没交")  # an answer is not yet what was asked for
    assert "共 1 份" in said(office, "li", f"交 {number} https://example.org/table")
    assert "共 2 份" in said(office, "li", f"交 {number} 另有两场改期")
    assert [one.kind for one in office.rows(Deliverable)] == ["link", "text"]
    shown = said(office, "wang", "谁没交")
    assert "还剩 2 天" in shown
    assert "/board/" in shown
    assert "/board/" not in text_of(office.say("wang", "谁没交", chat=GROUP))  # the link is personal
    assert "乙学会" in shown
    assert "甲协会" not in shown


def test_handing_in_is_an_answer_as_well(post: Post) -> None:
    number = _asking(post)
    said(post.office, "li", f"交 {number} 见附件")
    assert "甲协会" not in said(post.office, "wang", f"谁没回 {number}")


def test_only_those_who_have_not_handed_in_are_chased(post: Post) -> None:
    number, office = _asking(post), post.office
    said(office, "li", f"交 {number} 已完成")
    office.say("he", "收到", chat=GROUP)
    said(office, "wang", f"催办 {number}")
    chased = office.outbox("chase", None)
    assert {one.recipient for one in chased} == {"he", "both"}
    assert all("还没有报送“三季度进度表”" in one.content["text"] for one in chased)
    assert all(one.content["card"] is None for one in chased)  # 收到 would not settle it
    assert "1 个今天已提醒过" in said(office, "wang", f"催办 {number}")


def test_file_is_handed_in_once_it_is_here_and_collected_under_the_units_name(post: Post) -> None:
    number, office = _asking(post), post.office
    assert "请把" in said(office, "li", f"交 {number}")
    assert "正在保存" in post.send("li", photo())
    assert office.rows(Acknowledgement, Acknowledgement.delivered_at.is_not(None)) == []
    post.bring()
    assert len(office.rows(Acknowledgement, Acknowledgement.delivered_at.is_not(None))) == 1
    assert "共 1 份" in office.outbox("answer", None)[-1].content["text"]
    shown = said(office, "wang", f"收材料 {number}")
    assert "未交 1 个单位：乙学会" in shown
    file = office.outbox("answer", None)[-1].content["file"]
    with zipfile.ZipFile(io.BytesIO(office.writer.files.get(file["sha256"]))) as archive:
        assert [name.partition(".")[0] for name in archive.namelist()] == ["甲协会"]
    office.at("2020-10-30T03:30:05")
    office.tick()
    office.at("2020-10-31T03:30:05")
    assert "housekeeping" in office.tick()
    assert len(office.rows(Attachment)) == 1  # the office's, not a stray


def test_file_that_was_refused_is_not_handed_in(post: Post) -> None:
    number, office = _asking(post), post.office
    said(office, "li", f"交 {number}")
    post.send("li", b"MZ" + b"0" * 500, kind="file", name="表.xlsx")
    post.bring()
    assert office.rows(Deliverable) == []
    assert office.rows(Acknowledgement, Acknowledgement.delivered_at.is_not(None)) == []


def test_what_is_given_back_is_owed_again(post: Post) -> None:
    number, office = _asking(post), post.office
    said(office, "li", f"交 {number} 已完成")
    assert "已退回" in said(office, "wang", f"退回材料 {number} 甲协会 缺盖章")
    told = office.outbox("reminder", None)
    assert {one.recipient for one in told} == {"li", "both"}
    assert "缺盖章" in told[0].content["text"]
    held = office.rows(Notice, Notice.id == number)[0]
    assert "甲协会" in office.do(lambda work: [one.name for one in owing.undelivered(work, held)])


def test_why_nothing_is_given_back_is_said(post: Post) -> None:
    number, office = _asking(post), post.office
    assert "还没有交过材料" in said(office, "wang", f"退回材料 {number} 甲协会 缺盖章")
    assert "没有找到单位“丙学校”" in said(office, "wang", f"退回材料 {number} 丙学校 缺盖章")
    assert "请写明通知编号、单位和原因" in said(office, "wang", f"退回材料 {number} 甲协会")


def test_contact_of_two_units_says_which(post: Post) -> None:
    number, office = _asking(post), post.office
    assert "为哪个单位报送？回复数字即可：\n1 乙学会\n2 甲协会" in said(office, "both", f"交 {number} 已完成")
    assert "已收到“甲协会”报送" in said(office, "both", "2")
    [first] = office.rows(Deliverable)
    assert first.text == "已完成", "what was handed in is not typed again"
    office.do(lambda work: work.session.query(Deliverable).delete())
    said(office, "both", f"交 {number} 乙学会 已完成")
    [row] = office.rows(Deliverable)
    assert row.text == "已完成"
    assert "都交齐了" in said(office, "wang", "谁没交")


@pytest.mark.parametrize("words", ["需交 {} 表", "退回材料 {} 甲协会 缺盖章"])
def test_viewer_only_looks(post: Post, words: str) -> None:
    number, office = _asking(post), post.office
    said(office, "li", f"交 {number} 已完成")
    assert "只能查看" in said(office, "look", words.format(number))


@on_one_database
def test_paper_that_the_text_asks_for_is_proposed_and_taken_back_in_a_word(post: Post) -> None:
    office = post.office
    office.staff("chen", "陈志明", "approver")
    preview = said(office, "wang", "广播 通知：请于10月31日前报送三季度进度表。")
    assert "将收取：三季度进度表，截止 10月31日 23:59；不需要请回复“不需交”" in preview
    assert "回执：2 个单位" in preview  # whoever owes a paper owes an answer
    assert "不收材料。" in said(office, "wang", "不需交")
    assert (office.rows(Notice)[0].deliverable, office.rows(Notice)[0].acknowledge) == ("", False)
    assert "将收取" not in said(office, "wang", "修改 请于10月30日前报送三季度进度表。")  # it was said once
    assert "活动照片" in said(office, "wang", "需交 1 活动照片")
    assert "将收取：活动照片，截止 10月29日" in said(office, "wang", "修改 请于10月29日前报送三季度进度表。")
    said(office, "wang", "提交审核")
    assert "收取“活动照片”" in office.outbox("staff", None)[-1].content["text"]
    assert "不能再改" in said(office, "wang", "需交 1 别的")
    assert "不能再改" in said(office, "wang", "不需交 1")
    said(office, "chen", "批准 1")
    assert "已收到“甲协会”报送的“活动照片”" in said(office, "li", "交 1 https://example.org/a")


@on_one_database
def test_paper_follows_the_text_until_staff_say_themselves(post: Post) -> None:
    office = post.office
    said(office, "wang", "广播 监督要求：请于10月31日前报送三季度进度表。")
    assert "将收取：资金使用表" in said(office, "wang", "修改 请于10月31日前报送资金使用表。")
    assert "将收取" not in said(office, "wang", "修改 请落实提前报备制度。")
    assert "将收取" not in said(office, "wang", "修改 请于10月31日前报送资金使用表，无需回执。")


def test_words_that_only_begin_alike_are_left_to_others(post: Post) -> None:
    _asking(post)
    said(post.office, "li", "交通安全讲座什么时候报备")
    assert post.office.rows(Deliverable) == []


def test_notice_that_asks_for_nothing_takes_nothing(post: Post) -> None:
    number = notice(post.office, acknowledge=True)
    assert "不需要" in said(post.office, "li", f"交 {number} 已完成")
    assert post.office.rows(Deliverable) == []


def test_words_where_a_file_is_waited_for_are_told_how(post: Post) -> None:
    number, office = _asking(post), post.office
    assert f"写成：交 {number} 甲协会 内容" in said(office, "both", f"交 {number} 甲协会")
    assert f"写成：交 {number} 甲协会 内容" in said(office, "both", "三季度进度：已完成80%")
    assert "不再等通知" in said(office, "both", "取消")
    assert office.rows(Deliverable) == []


def test_what_was_asked_for_is_not_renamed_once_it_is_out(post: Post) -> None:
    number, office = _asking(post), post.office
    assert "不能直接换成别的" in said(office, "wang", f"需交 {number} 四季度表")
    assert office.rows(Notice, Notice.id == number)[0].deliverable == "三季度进度表"
