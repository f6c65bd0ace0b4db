"""What the real handlers say in the group: once, briefly, nothing personal."""

import re
from datetime import timedelta

import pytest

from bot.model import Acknowledgement, Notice, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.handlers.words import TEXT, accepted, filed, said
from tests.office import GROUP, Office

SAYINGS = (
    TEXT, "提交", "修改 2020-0001 负责人改成王强13900139000", "提交", "历史 2020-0001", "查 2020-0001", "我的报备",
    "查 10月", "10月活动", "待审", "帮助", "帮助 报备", "取消 2020-0001", "电话13700137000打不通", "报备", "我", "最新通知",
)  # fmt: skip


@pytest.mark.parametrize("who", ["limin", "zhouyang", "chenjing", "wf", "third", "stranger"])
def test_nobody_makes_the_bot_print_a_phone_number_in_the_group(town: Office, who: str) -> None:
    accepted(town)
    for words in SAYINGS:
        assert not re.search(r"1[3-9]\d{9}", said(town, who, words, chat=GROUP)), words
    in_group = [one.content["text"] for one in town.outbox(state=None) if one.recipient == GROUP]
    assert not re.search(r"1[3-9]\d{9}", "\n".join(in_group))


def test_every_message_in_the_group_is_answered_at_most_once_there(town: Office) -> None:
    filed(town)
    for who in ("limin", "wf"):
        for words in SAYINGS:
            before = len([one for one in town.outbox(state=None) if one.recipient == GROUP])
            said(town, who, words, chat=GROUP)
            after = len([one for one in town.outbox(state=None) if one.recipient == GROUP])
            assert after == before, words


@pytest.mark.parametrize("button", ["change", "submit", "cancel"])
def test_click_in_the_group_changes_the_card_and_adds_at_most_one_message(town: Office, button: str) -> None:
    said(town, "limin", TEXT, chat=GROUP)
    answer = town.click("limin", f"filing.{button}:2020-0001", chat=GROUP, task_id="filing-2020-0001-1")
    assert answer is not None
    assert answer.update_card
    assert len([one for one in town.outbox("answer") if one.recipient == GROUP]) == (button == "change")


@pytest.mark.parametrize("who", ["chenjing", "stranger"])
def test_pressing_another_ones_button_says_so_to_who_pressed_alone(town: Office, who: str) -> None:
    said(town, "limin", TEXT, chat=GROUP)
    answer = town.click(who, "filing.submit:2020-0001", chat=GROUP, task_id="filing-2020-0001-1")
    assert answer is not None
    assert answer.update_card
    assert answer.update_for == (who,)
    assert answer.card is not None
    assert answer.card.description == answer.text
    assert [one for one in town.outbox(state=None) if one.recipient == GROUP] == []
    assert "已提交" in said(town, "limin", "提交")


def test_command_with_a_character_that_shows_nothing_is_understood(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "已提交" in said(town, "limin", "提\u200b交\ufeff")


def test_contact_who_tries_a_command_of_the_office_is_told_so(town: Office) -> None:
    for words in ("预览 3", "看板 1", "收材料 1", "退回材料 1 甲 乙", "退回 2020-0001 请补充"):
        assert "是工作人员的指令" in said(town, "limin", words)


def test_help_is_short_enough_for_the_group(town: Office) -> None:
    for who in ("limin", "wf", "stranger"):
        for words in ("帮助", "帮助 报备", "帮助 审核", "帮助 通知"):
            assert "已私聊发给您" not in said(town, who, words, chat=GROUP)


def test_second_level_of_help_is_for_those_whom_it_concerns(town: Office) -> None:
    assert said(town, "limin", "帮助 报备").startswith("报备还可以这样办")
    assert said(town, "wf", "帮助 审核").startswith("审核可以这样办")
    assert said(town, "wf", "帮助 通知").startswith("通知可以这样办")
    assert "审核可以" not in said(town, "limin", "帮助 审核")
    assert "报备还可以" not in said(town, "stranger", "帮助 报备")


def test_filing_that_begins_with_the_word_for_help_is_a_filing(town: Office) -> None:
    answer = said(town, "limin", "帮助老人防诈骗讲座 10月30日上午9点到11点 莞城文化广场 60人 李敏 13800138000")
    assert "请核对" in answer


def test_acknowledgements_of_a_notice_do_not_flood_the_group(office: Office) -> None:
    for number in range(14):
        office.unit(f"单位{number}")
        office.contact(f"u{number}", f"经办{number}", f"单位{number}", direct=False)
    office.staff("wf", "王芳", "drafter")

    def ask(work: UnitOfWork) -> None:
        notice = Notice(
            kind="监督要求", title="报送进度表", body="请报送", state="sent", acknowledge=True, sent_at=work.now,
            deadline=work.now + timedelta(days=2), created_at=work.now, drafter_id=15,
        )  # fmt: skip
        work.session.add(notice)
        work.session.flush()
        for unit in work.session.query(Unit):
            work.session.add(Acknowledgement(notice_id=notice.id, unit_id=unit.id))

    office.do(ask)
    answers = [office.say(f"u{number}", "收到", chat=GROUP) for number in range(14)]
    assert [one is not None for one in answers] == [True] * 10 + [False] * 4
    assert all(one.given_at is not None for one in office.rows(Acknowledgement))
