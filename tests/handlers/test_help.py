"""Words that are no answer to what was asked: thanks, and the office's own commands."""

import pytest

from bot.model import Filing
from tests.office import GROUP, Office


@pytest.fixture
def asked(office: Office) -> Office:
    """Somebody who is being asked for the activity's name."""
    office.unit("虎门科技馆")
    office.contact("he", "何伟", "虎门科技馆")
    office.staff("wang", "王芳", "drafter")
    assert "叫什么名称" in text(office, "he", "报备")
    return office


def text(office: Office, who: str, words: str) -> str:
    answer = office.say(who, words)
    assert answer is not None
    return answer.text


@pytest.mark.parametrize(
    ("words", "said"),
    [("谢谢", "不客气"), ("谁没交", "工作人员的指令"), ("导出 本月", "工作人员的指令"), ("待审", "工作人员的指令")],
)
def test_what_is_no_answer_is_not_taken_for_one(asked: Office, words: str, said: str) -> None:
    assert said in text(asked, "he", words)
    [filing] = asked.rows(Filing)
    assert filing.name == ""


def test_activity_may_be_called_like_a_command(asked: Office) -> None:
    text(asked, "he", "广播体操科普赛")
    [filing] = asked.rows(Filing)
    assert filing.name == "广播体操科普赛"


def test_thanks_in_the_group_to_somebody_else_are_not_answered(asked: Office) -> None:
    assert asked.say("he", "谢谢", chat=GROUP, addressed=False) is None


def test_staff_get_what_they_ask_for(asked: Office) -> None:
    assert "没有待备案的报备" in text(asked, "wang", "待审")
