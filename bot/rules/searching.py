"""What staff look for among the filings: «查 2020-0001», «查 10月 长安 讲座», «查 本周 逾期»."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.rules.numbers import read_number
from bot.rules.phones import read_phone
from bot.rules.reading import read
from bot.rules.towns import find_town

MOST_WORDS = 5
LONGEST_WORD = 30

_NUMBER = re.compile(r"(?<!\d)(\d{4})-(\d{4,9})(?!\d)")
_SHORT = re.compile(r"(?:编号|第|no\.?)?(\d{1,4})号?")
_DAY = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})[日号]?(?!\d)")
_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?!\d)")
_BETWEEN = re.compile(r"[\s,，、;；。的和]+")
_LATE, _RETROACTIVE = ("逾期", "迟报"), ("补报",)
# Words for where a filing is in its life; ``due``: accepted and over, the report is awaited.
_STATES = {
    "待审": ("submitted", "amended"),
    "待备案": ("submitted", "amended"),
    "变更": ("amended",),
    "已备案": ("accepted",),
    "退回": ("returned",),
    "退回修改": ("returned",),
    "撤回": ("withdrawn",),
    "已撤回": ("withdrawn",),
    "取消": ("cancelled",),
    "已取消": ("cancelled",),
    "待总结": ("due",),
    "已总结": ("reported",),
    "已核验": ("verified",),
    "存疑": ("queried",),
}

# The words by which the activities of some days are asked for.
OF_DAYS = (
    "今日活动", "今天活动", "今天的活动", "明日活动", "明天活动", "明天的活动", "本周活动", "这周活动", "下周活动",
    "本月活动", "这个月活动", "下月活动", "下个月活动",
)  # fmt: skip
OF_MONTHS = tuple(f"{month}月{tail}活动" for month in range(1, 13) for tail in ("", "份", "份的", "的"))


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that a hit must be. ``span``: of days, both included. ``words``: each somewhere in the filing."""

    number: str = ""
    span: tuple[date, date] | None = None
    states: frozenset[str] = field(default_factory=frozenset)
    late: bool = False
    retroactive: bool = False
    phone: str = ""
    words: tuple[str, ...] = ()


def read_query(text: str, today: date, year: int) -> Query:
    """What is looked for. ``year``: of the programme, meant where a month or a bare number names none."""
    reading = read(text).reading.strip()
    whole = _NUMBER.search(reading)
    if whole:
        return Query(number=f"{whole[1]}-{whole[2]}")
    bare = _SHORT.fullmatch(reading)
    if bare:
        return Query(number=f"{year}-{int(bare[1]):04d}")
    span, rest = _span(reading, today, year)
    states: set[str] = set()
    words: list[str] = []
    late = retroactive = False
    phone = ""
    for word in filter(None, _BETWEEN.split(rest)):
        if word in _STATES:
            states.update(_STATES[word])
        elif word in _LATE:
            late = True
        elif word in _RETROACTIVE:
            retroactive = True
        elif re.fullmatch(r"[\d-]{7,}", word) and read_phone(word):
            phone = read_phone(word) or ""
        else:
            words.append(word[:LONGEST_WORD])
    return Query("", span, frozenset(states), late, retroactive, phone, tuple(words[:MOST_WORDS]))


def town_of(word: str) -> str:
    """The town that a word as a whole names: 长安, 长安镇; empty where it is another word."""
    town = find_town(word)
    return town.name if town and word in (town.name, *town.short) else ""


def month_span(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def asked_span(text: str, today: date, year: int) -> tuple[tuple[date, date], str] | None:
    """The days that one of `OF_DAYS` or `OF_MONTHS` asks for, and how they are called."""
    words = text.strip().rstrip("。.！!～~")
    if words in OF_MONTHS:
        month = int(words.partition("月")[0])
        return month_span(year, month), f"{month}月"
    when = words.removesuffix("活动").removesuffix("的")
    span = near_span(when, today)
    return (span, when) if span is not None else None


def near_span(word: str, today: date) -> tuple[date, date] | None:
    """The days that 今天, 下周 or 本月 mean, seen from ``today``."""
    monday = today - timedelta(days=today.weekday())
    month = today.year * 12 + today.month - 1
    for names, begin, days in (
        (("今日", "今天"), today, 1),
        (("明日", "明天"), today + timedelta(days=1), 1),
        (("本周", "这周", "这个星期"), monday, 7),
        (("下周", "下个星期"), monday + timedelta(days=7), 7),
        (("上周", "上个星期"), monday - timedelta(days=7), 7),
    ):
        if word in names:
            return begin, begin + timedelta(days=days - 1)
    for names, other in (
        (("本月", "这个月"), month),
        (("下月", "下个月"), month + 1),
        (("上月", "上个月"), month - 1),
    ):
        if word in names:
            return month_span(other // 12, other % 12 + 1)
    return None


def _span(reading: str, today: date, year: int) -> tuple[tuple[date, date] | None, str]:
    """The days that are named, and the text without them."""
    day = _DAY.search(reading)
    if day:
        try:
            named = date(int(day[1] or year), int(day[2]), int(day[3]))
        except ValueError:
            return None, reading
        return (named, named), _without(reading, day)
    month = _MONTH.search(reading)
    if month:
        number = read_number(month[2])
        if number is not None and 1 <= number <= 12:
            return month_span(int(month[1] or year), int(number)), _without(reading, month)
        return None, reading
    for word in _longest_first(_BETWEEN.split(reading)):
        near = near_span(word, today)
        if near is not None:
            return near, reading.replace(word, " ", 1)
    return None, reading


def _without(reading: str, found: "re.Match[str]") -> str:
    return f"{reading[: found.start()]} {reading[found.end() :]}"


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(filter(None, words), key=len, reverse=True)
