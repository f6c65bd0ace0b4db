"""«模拟 12»: what would come of sending a notice, without anything going out."""

import pytest

from bot.delivery import quotas
from bot.model import Account, Delivery
from tests.delivery.fans import AGREEING, MakeOffice, follow
from tests.office import GROUP, Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GUIDE = "广播 申报指南：《2020年度科普专项申报指南》现已发布。"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    office = make_office(AGREEING)
    office.staff("wang", "王芳", "drafter")
    office.staff("chen", "陈志明", "approver")
    follow(office, "oAmy", agreed=1)
    follow(office, "oBob", "oCat")
    follow(office, "oDan", last_action_at=office.clock.now())
    follow(office, "oFull", mass_month="2020-10", mass_count=4)
    return office


def _said(office: Office, text: str, **more: str) -> str:
    answer = office.say("wang", text, **more)
    assert answer is not None
    return answer.text


def test_plan_is_told_in_words_and_nothing_is_spent(office: Office) -> None:
    office.do(lambda work: quotas.keep(work, quotas.PATHS["custom"], daily_limit=100, used=40))
    _said(office, GUIDE)
    said = _said(office, "模拟 1")
    for part in (
        "没有发给任何人，也没有用掉额度",
        "1 个群：项目工作群",
        "公众号粉丝 5 人",
        "1 个群各发一次",
        "客服消息 1 人",
        "订阅通知 1 人，各用掉一次订阅",
        "群发 2 人，分 1 次发出，每人本月群发次数各减 1",
        "无法送达 1 人：本月已收到 4 次群发",
        "客服消息已用 40 次、还剩 60 次（平台 10:00 的数）",
        "群发已用 0 次、还剩 100 次（本机的数）",
        "马上开始发",
    ):
        assert part in said, part
    assert office.rows(Delivery) == []
    assert {one.mass_count for one in office.rows(Account)} == {0, 4}


def test_notice_of_the_evening_is_said_to_wait_for_the_morning(office: Office) -> None:
    office.at("2020-10-12T22:00:00")
    _said(office, GUIDE)
    assert "现在批准的话，10月13日 08:00 开始发" in _said(office, "模拟 1")


def test_what_is_out_or_unknown_or_asked_in_the_group_is_answered_in_a_sentence(office: Office) -> None:
    _said(office, GUIDE)
    _said(office, "提交审核")
    assert "请在与我的私聊里" in _said(office, "模拟 1", chat=GROUP)
    office.say("chen", "批准 1")
    assert "通知 1 已发出，不用再模拟" in _said(office, "模拟 1")
    assert "没有通知“9”" in _said(office, "模拟 9")
