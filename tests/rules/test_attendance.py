"""Which of several head counts is the activity's."""

import pytest

from bot.rules.attendance import choose_count, listed_public
from bot.rules.durations import find_length
from bot.rules.reading import read


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("预计120人", 120),
        ("学生30人，家长20人", 50),
        ("学生30名、老师5名", 35),
        ("50名学生和20名家长", 70),
        ("师生共35人（学生30人，老师5人）", 35),
        ("参赛选手150人，观众300人，共450人", 450),
        ("120人（其中学生100人）", 120),
        ("120人，其中学生100人", 120),
        ("工作人员5人，参加者60人", 60),
        ("志愿者10名，观众200人", 200),
        ("志愿者80名", 80),
        ("每场50人，共200人", 200),
        ("每场50人", 50),
        ("没有说人数", None),
    ],
)
def test_choose_count(text: str, count: int | None) -> None:
    found = choose_count(read(text).reading)
    assert (found.value if found else None) == count


def test_public_of_a_list() -> None:
    reading = read("学生30人，家长20人，工作人员5人").reading
    assert [reading[begin:end] for begin, end in listed_public(reading)] == ["学生", "家长"]
    assert listed_public("学生30人") == ()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("大约两个小时", 120),
        ("时长90分钟", 90),
        ("为期一个半小时", 90),
        ("1.5小时", 90),
        ("两小时半", 150),
        ("讲半个小时", 30),
        ("提前半小时签到", None),
        ("2小时内答复", None),
        ("车程40分钟", None),
        ("每2小时一场", None),
        ("第3小时", None),
        ("5分钟", None),
    ],
)
def test_how_long_it_lasts(text: str, minutes: int | None) -> None:
    found = find_length(read(text).reading)
    assert (found[0] if found else None) == minutes
