"""Staff say whom a notice is for, see who that is, and nobody else gets it."""

import pytest

from bot.model import Delivery, Notice
from tests.office import Office


@pytest.fixture
def going(office: Office) -> Office:
    for name, town in (("东莞市长安图书馆", "长安镇"), ("虎门科技馆", "虎门镇")):
        office.unit(name, town)
    office.contact("chen", "陈静", "东莞市长安图书馆")
    office.contact("he", "何伟", "虎门科技馆", direct=False)
    office.staff("wang", "王芳", "drafter")
    office.staff("chenz", "陈志明", "approver")
    return office


def text(office: Office, who: str, words: str) -> str:
    answer = office.say(who, words)
    assert answer is not None
    return answer.text


def test_targets_are_said_shown_and_kept_to(going: Office) -> None:
    assert "1 个群：项目工作群\n2 个单位：" in text(going, "wang", "广播 通知：请核对联系人，收到请回复")
    assert "发往：\n1 个单位：东莞市长安图书馆\n" in text(going, "wang", "发给 长安镇")
    text(going, "wang", "提交审核")
    text(going, "chenz", "批准 1")
    sent = going.rows(Delivery, Delivery.purpose == "notice")
    assert [one.recipient for one in sent] == ["chen"]
    assert "虎门科技馆" not in text(going, "wang", "谁没回 1")


def test_unit_that_is_left_out_and_reads_the_group_is_spoken_of(going: Office) -> None:
    text(going, "wang", "广播 通知：请核对联系人，收到请回复")
    shown = text(going, "wang", "发给 除了 虎门科技馆")
    assert "工作群里各单位都看得到，包括这次没选的 1 个单位" in shown
    assert "提醒" not in text(going, "wang", "发给 各单位 且 除了 虎门科技馆")
    text(going, "wang", "发给 除了 虎门科技馆")
    text(going, "wang", "提交审核")
    assert "包括这次没选的 1 个单位" in going.outbox("staff")[-1].content["text"]


def test_shortened_name_of_a_unit_is_understood_where_only_one_is_meant(going: Office) -> None:
    going.unit("东莞市环保志愿者协会")
    text(going, "wang", "广播 通知：请核对联系人")
    assert "发往：\n1 个单位：东莞市环保志愿者协会" in text(going, "wang", "发给 环保协会")
    going.unit("环境保护志愿协会")
    assert "对应 2 个单位" in text(going, "wang", "发给 环保协会")


def test_whom_no_way_leads_to_is_named(going: Office) -> None:
    text(going, "wang", "广播 通知：请核对联系人")
    shown = text(going, "wang", "发给 各单位")
    assert "逐个告知 1 人（另有 1 人暂时无法送达，回复“名单 1”查看）" in shown
    assert "暂时无法送达 1 人，请电话联系：何伟" in text(going, "wang", "名单 1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("发给 虎门科学馆", "您是不是想写：虎门科技馆"),
        ("发给 长安镇 且 虎门镇", "没有任何人符合"),
        ("发给", "请写明发给谁"),
        ("发给 未回执 99", "没有通知“99”"),
    ],
)
def test_what_is_not_understood_changes_nothing(going: Office, words: str, said: str) -> None:
    text(going, "wang", "广播 通知：请核对联系人")
    text(going, "wang", "发给 长安镇")
    assert said in text(going, "wang", words)
    [notice] = going.rows(Notice)
    assert notice.targets == {"is": "town", "value": "长安镇"}


def test_nobody_takes_over_a_colleagues_draft_to_approve_it(going: Office) -> None:
    text(going, "wang", "广播 通知：请核对联系人，收到请回复")
    assert "不用审核" in text(going, "chenz", "退回通知 1")
    for words in ("修改 通知：假的正文", "提交", "批准 1"):
        going.say("chenz", words)
    [notice] = going.rows(Notice)
    assert (notice.body, notice.state) == ("请核对联系人，收到请回复", "draft")


def test_two_previews_in_one_second_are_two_cards(going: Office) -> None:
    first = going.say("wang", "广播 通知：请核对联系人")
    second = going.say("wang", "发给 长安镇")
    assert first is not None
    assert first.card is not None
    assert second is not None
    assert second.card is not None
    assert first.card.task_id != second.card.task_id
