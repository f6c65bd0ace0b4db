import pytest

from bot.rules.names import looks_like_name
from bot.rules.people import find_people
from bot.rules.phones import find_phones, find_wrong_phones, read_phone
from bot.rules.reading import read


@pytest.mark.parametrize(
    ("text", "phones"),
    [("李敏13800138000", ["13800138000"]), ("138-0013-8000", ["13800138000"]), ("+86 138 0013 8000", ["13800138000"]),
     ("0769-22222222", ["0769-22222222"]), ("(0769)22222222", ["0769-22222222"]),
     ("0769-22222222转801", ["0769-22222222转801"]),
     ("076922222222 分机 801", ["0769-22222222转801"]), ("电话22835266", ["0769-22835266"]), ("22835266", []),
     ("020-88888888", ["020-88888888"]),
     ("20201024", []), ("138001380001", []), ("13800138000、13900139000", ["13800138000", "13900139000"]),
     ("１３８００１３８０００", ["13800138000"])],
)  # fmt: skip
def test_find_phones(text: str, phones: list[str]) -> None:
    assert [p.value for p in find_phones(read(text).reading)] == phones


def test_a_mobile_with_a_digit_too_few_or_too_many_is_noticed() -> None:
    assert find_wrong_phones("1380013800 138001380001") == ["1380013800", "138001380001"]
    assert find_wrong_phones("13800138000") == []


def test_eight_digits_alone_answer_the_question_for_the_phone() -> None:
    assert read_phone("22835266") == "0769-22835266"
    assert read_phone("没有") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("负责人李敏", "李敏"), ("联系人：张强", "张强"), ("李敏13800138000", "李敏"),
    ("李老师 13800138000", "李老师"), ("13800138000 卢敏", "卢敏"),
     ("李敏，电话：13800138000", "李敏"), ("对接人李冰冰（13412340000）", "李冰冰"),
     ("联系陈伟强13712345678", "陈伟强"), ("文静/18600001111", "文静"),
     ("找小陈 13500009999", "小陈"), ("负责人 欧阳敏 13711223344", "欧阳敏"), ("經辦人：林志強", "林志強"),
     ("我是负责人叶青，电话136-1111-2222", "叶青"),
     ("负责人：李敏电话13800138000", "李敏"), ("联系人：李 敏", "李敏"), ("有问题请联系我们", None),
     ("科普讲座", None)],
)  # fmt: skip
def test_find_people(text: str, name: str | None) -> None:
    page = read(text)
    phones = [(p.begin, p.end) for p in find_phones(page.reading)]
    people = sorted(find_people(page.reading, phones), key=lambda p: -p.confidence)
    assert (page.text[people[0].begin : people[0].end].replace(" ", "") if people else None) == name


@pytest.mark.parametrize(
    ("word", "is_name"),
    [
        ("李敏", True),
        ("欧阳敏", True),
        ("麦志明", True),
        ("赵工", True),
        ("活动", False),
        ("我们", False),
        ("李", False),
        ("讲座", False),
    ],
)
def test_looks_like_name(word: str, is_name: bool) -> None:
    assert looks_like_name(word) is is_name
