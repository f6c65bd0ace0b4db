"""Anybody looks notices up, in the words they have."""

import pytest

from bot.messaging.types import OFFICIAL_ACCOUNT
from tests.handlers.words import said
from tests.office import Office

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words, not rows


def publish(office: Office, number: int, text: str) -> None:
    said(office, "wf", f"广播 {text}")
    said(office, "wf", "提交审核")
    said(office, "czm", f"批准 {number}")


def ask(office: Office, words: str) -> str:
    return said(office, "o-fan", words, channel=OFFICIAL_ACCOUNT)


@on_one_database
@pytest.mark.parametrize("words", ["怎么申报", "如何申报项目？", "申报条件是什么", "我想申报"])
def test_follower_who_asks_how_to_apply_gets_the_newest_guide_or_notices(town: Office, words: str) -> None:
    assert "还没有已发布的通知" in ask(town, words)
    publish(town, 1, "申报通知：2020年度科普专项开始申报")
    assert "最近的通知：\n1 【申报通知】" in ask(town, words)
    publish(town, 2, "申报指南：申报分三步，详见正文")
    assert "【申报指南】" in ask(town, words)


@on_one_database
def test_list_of_names_is_asked_for_by_number_with_the_newest_offered(town: Office) -> None:
    assert "还没有通知" in said(town, "wf", "名单")
    publish(town, 1, "通知：下周三开会")
    said(town, "wf", "广播 通知：下周四开会")
    answer = said(town, "wf", "名单")
    assert "例如最新的：名单 2" in answer
    assert "1 《下周三开会》已发出" in answer
