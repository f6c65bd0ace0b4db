"""Words around a filing that are none of its contents, and those that are."""

import pytest

from bot.rules.asides import Aside, read_aside


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("提交吧", Aside.SUBMIT),
        ("没问题，提交", Aside.SUBMIT),
        ("好的，帮我提交一下", Aside.SUBMIT),
        ("算了，不办了", Aside.GIVE_UP),
        ("那算了吧", Aside.GIVE_UP),
        ("取消吧", Aside.GIVE_UP),
        ("你好", Aside.CALL),
        ("在吗？", Aside.CALL),
        ("好的", Aside.NOD),
        ("嗯嗯", Aside.NOD),
        ("最迟哪天报备？", Aside.LAST_DAY),
        ("要提前几天报备", Aside.LAST_DAY),
        ("现在报还来得及吗", Aside.LAST_DAY),
        ("电话必须填吗？", Aside.QUESTION),
        ("怎么弄啊", Aside.QUESTION),
    ],
)
def test_words_around_a_filing_are_read(text: str, meant: Aside) -> None:
    assert read_aside(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "120",
        "100人可以吗？",
        "松山湖图书馆",
        "村委会可以吗",
        "提交材料培训会",
        "不报了名的也能来",
        "你好，新时代",
        "因为场地最近才定下来，没来得及报备",
        "李敏 13800138000",
        "10月24日上午9点",
    ],
)
def test_what_may_be_an_answer_is_left_to_the_question(text: str) -> None:
    assert read_aside(text) is None
