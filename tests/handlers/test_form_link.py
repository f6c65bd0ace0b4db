"""How one gets to the filing page: a link in direct chat, for the right filing, and never in a group."""

import re

import pytest
from sqlalchemy import delete

from bot.model import Conversation, Filing, Link
from bot.store import links
from tests.office import GROUP, Office

ADDRESS = re.compile(r"https://bot\.example\.org/f/([\w-]{32})")
T1 = "报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"


@pytest.fixture
def town(office: Office) -> Office:
    office.unit("环保协会", project="垃圾分类科普")
    office.unit("气象学会")
    office.contact("limin", "李敏", "环保协会")
    office.contact("zhouyang", "周洋", "环保协会", "气象学会")
    office.contact("quiet", "陈静", "环保协会", direct=False)
    return office


def said(office: Office, account: str, text: str, **more: str) -> str:
    answer = office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def secret_in(text: str) -> str:
    found = ADDRESS.search(text)
    assert found, text
    return found[1]


def filing_of(office: Office, text: str) -> Filing:
    with office.session() as session:
        link = links.find(session, "form", secret_in(text))
        assert link is not None
        return session.get_one(Filing, link.filing_id)


def test_form_asked_for_begins_a_draft_and_gives_its_address(town: Office) -> None:
    filing = filing_of(town, said(town, "limin", "表单"))
    assert (filing.number, filing.state, filing.origin) == ("2020-0001", "draft", "form")
    [link] = town.rows(Link)
    assert str(link.expires_at) == "2020-10-13 10:00:00+08:00"
    assert link.secret_hash not in said(town, "limin", "表单")


def test_untouched_draft_is_given_again(town: Office) -> None:
    first = filing_of(town, said(town, "limin", "表单"))
    assert filing_of(town, said(town, "limin", "新表单")).id == first.id
    assert len(town.rows(Filing)) == 1


def test_draft_of_the_chat_is_the_one_on_the_page(town: Office) -> None:
    said(town, "limin", T1)
    answer = said(town, "limin", "表单")
    assert filing_of(town, answer).name == "垃圾分类进社区讲座"
    assert "《垃圾分类进社区讲座》" in answer
    assert "“新表单”" in answer
    assert filing_of(town, said(town, "limin", "新表单")).name == ""


def test_card_of_a_draft_in_direct_chat_carries_the_address(town: Office) -> None:
    card = said(town, "limin", T1)
    assert card.splitlines()[-1].startswith("网页填写：https://")
    assert filing_of(town, card).number == "2020-0001"
    assert "13800138000" not in card


def test_draft_under_way_is_meant_and_of_several_the_one_that_is_named(town: Office) -> None:
    said(town, "limin", T1)
    said(town, "limin", T1.replace("讲座", "展览").replace("24日", "25日"))
    assert filing_of(town, said(town, "limin", "表单")).number == "2020-0002"
    assert filing_of(town, said(town, "limin", "表单 2020-0001")).number == "2020-0001"
    town.do(lambda work: work.session.execute(delete(Conversation)))
    answer = said(town, "limin", "表单")
    assert "请回复“表单 编号”" in answer
    assert "2020-0001 垃圾分类进社区讲座" in answer
    assert not ADDRESS.search(answer)


def test_filing_of_another_unit_is_not_opened(town: Office) -> None:
    said(town, "zhouyang", T1)
    said(town, "zhouyang", "气象学会")
    answer = said(town, "limin", "表单 2020-0001")
    assert "没有找到" in answer
    assert not ADDRESS.search(answer)


def test_filing_that_is_over_is_not_opened(town: Office) -> None:
    said(town, "limin", T1)
    said(town, "limin", "取消")
    assert "不能再" in said(town, "limin", "表单 2020-0001")


def test_no_address_in_a_group(town: Office) -> None:
    answer = said(town, "limin", "表单", chat=GROUP)
    assert answer == "网页链接已私聊发给您，请在私聊里打开填写。"
    [sent] = town.outbox("answer")
    assert sent.recipient == "limin"
    assert ADDRESS.search(sent.content["text"])
    assert not ADDRESS.search(said(town, "limin", T1, chat=GROUP))


def test_one_who_never_wrote_directly_is_asked_to(town: Office) -> None:
    assert said(town, "quiet", "表单", chat=GROUP) == "请私聊我回复“表单”，我把网页链接发给您。"
    assert town.rows(Link) == []


def test_unbound_person_is_told_how_to_bind(town: Office) -> None:
    assert "绑定 绑定码" in said(town, "stranger", "表单")
    assert town.rows(Link) == []


def test_menu_entry_gives_the_address(town: Office) -> None:
    town.contact("oFan", "李敏", "环保协会", channel="official_account")
    answer = town.event("oFan", "menu", "menu:form")
    assert answer
    assert ADDRESS.search(answer.text)


def test_server_without_a_public_address_has_no_page(make_office) -> None:  # type: ignore[no-untyped-def]
    office = make_office({"server": {"public_url": ""}})
    office.unit("环保协会")
    office.contact("limin", "李敏", "环保协会")
    assert "网页填报还没有开通" in said(office, "limin", "表单")
    assert "网页填写" not in said(office, "limin", T1)
    assert [one.number for one in office.rows(Filing)] == ["2020-0001"]


def test_words_in_the_chat_go_into_the_draft_on_the_page(town: Office) -> None:
    said(town, "limin", "表单")
    assert "草稿 2020-0001" in said(town, "limin", T1)
    assert [one.name for one in town.rows(Filing)] == ["垃圾分类进社区讲座"]
    assert "〔已改〕" in said(town, "limin", "人数150")
