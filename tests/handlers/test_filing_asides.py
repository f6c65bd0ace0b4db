"""A change of mind, a question or a greeting in the middle of a filing."""

import pytest

from bot.model import Filing, FilingState
from tests.handlers.words import TEXT, filed, said
from tests.office import Office

UNFINISHED = "报备：10月24日下午两点半在松山湖图书馆办一场航模体验"  # asks for the attendance


def test_the_last_day_is_told_and_the_question_stands(town: Office) -> None:
    said(town, "limin", UNFINISHED)
    answer = said(town, "limin", "最迟哪天报备？")
    assert "10月24日（周六）的活动，最迟 10月21日（周三）报备" in answer
    assert "请问预计多少人参加" in answer
    assert "负责人" in said(town, "limin", "60")


def test_the_last_day_is_told_without_a_filing(town: Office) -> None:
    assert "最迟 10月21日（周三）报备" in said(town, "limin", "10月24日的活动最迟哪天报备？")
    assert "活动前 3 个工作日" in said(town, "limin", "活动要提前几天报备？")
    assert town.rows(Filing) == []


@pytest.mark.parametrize("words", ["算了，不办了", "那算了吧", "取消吧"])
def test_a_draft_that_is_given_up_in_the_middle_of_a_question_is_cancelled(town: Office, words: str) -> None:
    said(town, "limin", UNFINISHED)
    assert "已取消草稿" in said(town, "limin", words)
    assert [one.state for one in town.rows(Filing)] == [FilingState.CANCELLED]


@pytest.mark.parametrize("words", ["没问题，提交", "提交吧", "好的，帮我提交一下"])
def test_a_card_is_submitted_in_a_person_s_own_words(town: Office, words: str) -> None:
    said(town, "limin", TEXT)
    assert said(town, "limin", words).startswith("已提交")


def test_assent_without_the_word_is_told_what_to_say(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "请回复“提交”" in said(town, "limin", "好的")
    assert [one.state for one in town.rows(Filing)] == [FilingState.DRAFT]


def test_a_greeting_is_no_telephone_number(town: Office) -> None:
    said(town, "limin", UNFINISHED)
    said(town, "limin", "60")
    said(town, "limin", "张三丰")
    assert said(town, "limin", "在吗").startswith("我在。请问张三丰的联系电话")
    assert said(town, "limin", "电话必须填吗？").startswith("这个我答不上来")
    assert "请核对" in said(town, "limin", "13900139000")


def test_a_change_of_mind_in_place_of_an_answer_is_taken(town: Office) -> None:
    said(town, "limin", UNFINISHED)
    answer = said(town, "limin", "地点换到科学馆三楼")
    assert "科学馆三楼" in answer
    assert "请问预计多少人参加" in answer


@pytest.mark.parametrize("words", ["就我", "我负责", "就是我吧"])
def test_the_sender_names_themselves_in_their_own_words(town: Office, words: str) -> None:
    filed(town)  # the number is known from here on
    said(town, "limin", "报备：10月31日下午两点半在松山湖图书馆办一场航模体验，60人")
    assert "负责人：李敏 138****8000" in said(town, "limin", words)


def test_a_reason_for_lateness_may_be_any_words_but_a_greeting(town: Office) -> None:
    town.at("2020-10-22T10:00:00")
    said(town, "limin", TEXT)
    assert "逾期" in said(town, "limin", "在吗")
    assert "逾期原因：不知道怎么报，后来才问到" in said(town, "limin", "不知道怎么报，后来才问到")


def test_the_number_of_a_choice_is_no_place(town: Office) -> None:
    said(town, "limin", "报备")
    said(town, "limin", "星空观察夜")
    said(town, "limin", "10月31日晚上7点到9点")
    said(town, "limin", "2")
    assert [one.place for one in town.rows(Filing)] == [""]
    assert "什么形式" in said(town, "limin", "松山湖中心小学")


def test_the_day_is_kept_when_the_hours_were_not_understood(town: Office) -> None:
    said(town, "limin", "报备")
    said(town, "limin", "防溺水课")
    assert "几点到几点" in said(town, "limin", "10月30号")
    assert "10月30日（周五）是几点到几点" in said(town, "limin", "不知道")
    assert "在哪里" in said(town, "limin", "上午九点半")
    assert [one.place for one in town.rows(Filing)] == [""]
