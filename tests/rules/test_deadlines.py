import pytest

from bot.rules.deadlines import parse_deadline, parse_when
from tests.rules.cases import NOW, at


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复", "10-15 18:00"),
        ("请于10月15日前报送", "10-15 23:59"),
        ("截止10月14日 18:00", "10-14 18:00"),
        ("请在本周五下班前提交", "10-16 18:00"),
        ("周五前", "10-16 23:59"),
        ("10月20日上午前报", "10-20 12:00"),
        ("10月14日（周三）中午12点前", "10-14 12:00"),
        ("10月24日上午9点在科技馆开会，请于10月20日前报名", "10-20 23:59"),
        ("报名时间10月12日至10月15日，截止到15日18:00", "10-15 18:00"),
        ("10月15日24:00前", "10-16 00:00"),
        ("2020年10月30日17:30截止", "10-30 17:30"),
        ("3天内回复", "10-15 23:59"),
        ("请大家注意安全", None),
        ("10月24日上午9点在科技馆开会", None),
    ],
)
def test_parse_deadline(text: str, deadline: str | None) -> None:
    assert parse_deadline(text, NOW) == (at(deadline) if deadline else None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("明早9点", "10-13 09:00"),
        ("10月14日 09:00", "10-14 09:00"),
        ("今天下午3点", "10-12 15:00"),
        ("半小时后", "10-12 10:30"),
        ("一个半小时后", "10-12 11:30"),
        ("两小时后", "10-12 12:00"),
        ("下午3点", "10-12 15:00"),
        ("上午8点", "10-13 08:00"),
        ("9点", "10-13 09:00"),
        ("今晚", "10-12 19:00"),
        ("后天", "10-14 09:00"),
        ("10月10日9点", "10-10 09:00"),  # the day before yesterday, not in a year
        ("9月30日", "09-30 09:00"),
        ("随便", None),
        ("月底", None),
        ("2月30日9点", None),
        ("10月15日（周三）9点", None),
    ],
)
def test_parse_when(text: str, moment: str | None) -> None:
    assert parse_when(text, NOW) == (at(moment) if moment else None)
