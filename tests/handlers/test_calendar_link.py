"""Who gets which calendar, and that a renewed address shuts the old one."""

import pytest

from bot.model import Link
from bot.store import links
from tests.office import GROUP, Office


@pytest.fixture
def town(office: Office) -> Office:
    office.unit("环保协会")
    office.contact("limin", "李敏", "环保协会")
    office.staff("wf", "王芳", "drafter")
    office.staff("inspector", "巡查员", "viewer")
    return office


def address(office: Office, account: str, text: str = "日历") -> str:
    answer = office.say(account, text)
    assert answer
    assert answer.link in answer.text
    return answer.link


def good(office: Office, link: str) -> bool:
    with office.session() as session:
        found = links.find(session, "calendar", link.rpartition("/")[2].removesuffix(".ics"))
        return found is not None and not links.is_over(found, office.clock.now())


@pytest.mark.parametrize(("account", "whose"), [("wf", "全部单位"), ("inspector", "全部单位"), ("limin", "贵单位")])
def test_staff_inspectors_and_contacts_get_an_address(town: Office, account: str, whose: str) -> None:
    answer = town.say(account, "日历")
    assert answer
    assert whose in answer.text
    assert good(town, answer.link)
    assert answer.link.startswith("https://bot.example.org/calendar/")
    assert answer.link.endswith(".ics")


def test_second_address_leaves_the_first(town: Office) -> None:
    first, second = address(town, "wf"), address(town, "wf")
    assert first != second
    assert good(town, first)
    assert good(town, second)


def test_renewed_address_shuts_the_old_ones_of_this_person_only(town: Office) -> None:
    first, second, other = address(town, "wf"), address(town, "wf"), address(town, "limin")
    renewed = address(town, "wf", "日历 重置")
    assert [good(town, one) for one in (first, second, other, renewed)] == [False, False, True, True]


def test_address_is_not_given_in_a_group(town: Office) -> None:
    answer = town.say("wf", "日历", chat=GROUP)
    assert answer
    assert answer.text == "日历地址只给您本人，请私聊我回复“日历”。"
    assert town.rows(Link) == []


def test_stranger_gets_no_calendar(town: Office) -> None:
    answer = town.say("stranger", "日历")
    assert answer
    assert "绑定 绑定码" in answer.text
    assert town.rows(Link) == []
