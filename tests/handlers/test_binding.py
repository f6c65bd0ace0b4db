"""Binding an account to a person and a unit, as its users meet it."""

import re

from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import AuditEntry, InboxMessage, InviteCode, WrongCode
from tests.office import GROUP, Office


def said(office: Office, account: str, text: str, **more: str) -> str:
    answer = office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def test_a_person_binds_the_other_platform_by_a_code_of_their_own(office: Office) -> None:
    office.unit("环保协会")
    office.contact("limin", "李敏", "环保协会")
    office.follower("o-limin")
    told = said(office, "limin", "绑定公众号")
    code = re.search(r"绑定 ([0-9A-Z]{4}-[0-9A-Z]{4})", told)
    assert code, told
    assert "绑定成功" in said(office, "o-limin", f"绑定 {code[1]}", channel=OFFICIAL_ACCOUNT)
    assert "环保协会" in said(office, "o-limin", "我是谁", channel=OFFICIAL_ACCOUNT)


def test_asking_how_to_bind_is_no_wrong_code(office: Office) -> None:
    for words in ("绑定", "绑定单位", "绑定公众号"):
        assert "绑定码请向" in said(office, "somebody", words)
    assert not office.rows(WrongCode)


def test_words_without_a_code_are_no_wrong_try(office: Office) -> None:
    office.unit("环保协会")
    for words in ("绑定码在哪里领", "怎么绑定", "绑定怎么弄"):
        assert "绑定码请向市科协工作人员索取" in said(office, "stranger", words)
    assert office.rows(WrongCode) == []


def test_going_and_coming_back_gives_no_more_tries(office: Office) -> None:
    def tried(openid: str) -> str:
        answer = office.say(openid, "绑定 ABCD-EFGH", channel=OFFICIAL_ACCOUNT)
        assert answer is not None
        return answer.text

    for _ in range(5):
        said = tried("o-guess")
    assert "之后再试" in said
    office.event("o-guess", "unsubscribe")
    office.event("o-guess", "subscribe")
    assert "之后再试" in tried("o-guess")
    assert "还可以再试 4 次" in tried("o-other")


def test_staff_get_a_units_code_in_direct_chat_and_it_binds(town: Office) -> None:
    assert "群里" in said(town, "wf", "绑定码 环保协会", chat=GROUP)
    answer = said(town, "wf", "绑定码 环保")
    code = answer.split("绑定码：")[1].split("，")[0]
    assert "“环保协会”的绑定码" in answer
    assert not [one for one in town.rows(InboxMessage) if code in str(one.reply)]  # only its hash is kept
    assert "可以代表“环保协会”" in said(town, "newcomer", f"绑定 {code}")
    assert [one.subject for one in town.rows(AuditEntry, AuditEntry.action == "binding.code")] == ["unit:1"]
    assert code not in str([one.detail for one in town.rows(AuditEntry)])


def test_code_is_for_one_unit_and_for_staff_who_may(town: Office) -> None:
    town.unit("虎门图书馆")
    assert "“图书馆”有 2 个单位，请写全称：虎门图书馆、长安图书馆" in said(town, "wf", "绑定码 图书馆")
    assert "没有找到单位“火星”" in said(town, "wf", "绑定码 火星")
    assert "只能查看" in said(town, "third", "绑定码 环保协会")
    assert "您已绑定" in said(town, "limin", "绑定码 环保协会")
    assert town.rows(InviteCode) == []
