"""Days with a month and a number in a folded text: 10月24日, 12.5, 20201024, 10月24、25日, 10月24日至26日.

A day that is written without its year, or that may be a slip, keeps its candidates: nothing is guessed here
that the person could be asked.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules.numbers import read_number

JUST_PASSED = 60
FAR_AHEAD = 274  # nine months
MOST_DAYS = 62

MONTH_DAY = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_MONTH = rf"(?:{MONTH_DAY}|元)"
_YEAR = (
    r"(?:(?P<y1>20\d\d|\d\d(?=年)|[零一二三四五六七八九]{4}(?=年))(?:年度?|[-/.])|(?P<y1w>今年|明年|去年|本年度?)的?)"
)
_AFTER_PAIR = r"(?![\d.%°千百元块米公厘平亩人名个分秒小kKgGmM楼号月年倍版万吨升斤届期次页位条岁组支册])"
_IN_LIST = r"(?=[日号、,和及与/\-至到])"
JOINT = r"(?:、|,|和|及|与|/|-|至|到|——)"
MORE = rf"(?P<more>(?:[ ]?[日号]?[ ]?{JOINT}[ ]?{MONTH_DAY}{_IN_LIST}(?![点时:])){{0,30}})"
_RUN = (
    r"(?:[ ]?(?:-|至|到)[ ]?(?:20\d\d(?:年|[-/.]))?(?:(?P<{0}m>1[0-2]|0?[1-9])[-/.])?"
    r"(?P<{0}d>3[01]|[12]\d|0?[1-9])(?![\d.:点时/月]))?"
)

DATE = "|".join(
    (
        rf"(?:{_YEAR}[ ]?)?(?<!\d)(?<!农历)(?P<m1>{_MONTH})[ ]?月[ ]?(?:份[ ]?的?)?(?P<d1>{MONTH_DAY}){MORE}[ ]?"
        rf"(?P<unit1>[日号]|(?=[ (,.;。\n上下早晚中凌清傍全在\-至到周星]|$))",
        rf"(?<![\d.])(?P<y2>20\d\d)(?P<s2>[-/.])(?P<m2>\d{{1,2}})(?P=s2)(?P<d2>\d{{1,2}})(?!\d)[日号]?{_RUN.format('r2')}",
        r"(?<![\d.])(?P<y3>20\d\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"(?<![\d./])(?<!\d[:\-])(?P<m4>0?[1-9]|1[0-2])[./](?P<d4>0?[1-9]|[12]\d|3[01])(?!\d)(?:[日号]|{_AFTER_PAIR})"
        rf"{_RUN.format('r4')}[日号]?",
        r"(?<![\d./])(?<!\d[:\-])(?P<m5>0?[1-9]|1[0-2])-(?P<d5>0?[1-9]|[12]\d|3[01])(?=[ ]?[\(]?(?:周"
        r"|星期|礼拜|上午|下午|晚上|早上|全天|[ ]\d{1,2}[:点时]))",
    )
)


@dataclass(frozen=True)
class Days:
    """The day or days of one expression; where ``reason`` is given they are the candidates to ask about."""

    days: tuple[date, ...]
    begin: int
    end: int
    reason: str | None = None
    confidence: float = 0.95
    dated: bool = False  # month and number are written, so a weekday beside them can confirm or contradict
    loose: bool = False  # a weekday alone: the coming one, unless a date beside it says another
    part: str | None = None  # 早 or 晚 out of 明早, 今晚


def make_day(year: int, month: int, day: int) -> date | None:
    """The day of the calendar, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def without_year(month: int, day: int, today: date) -> tuple[tuple[date, ...], str | None]:
    """The day that ``month`` and ``day`` mean: the coming one, or two candidates and why it must be asked."""
    around = [d for y in range(today.year - 4, today.year + 9) if (d := make_day(y, month, day))]
    if not around:
        return (), "invalid_date"
    # 29 February comes only every few years; any other day comes every year.
    coming = min((d for d in around if d >= today), default=None)
    passed = max((d for d in around if d < today), default=None)
    if passed and (today - passed).days <= JUST_PASSED:
        return (passed, *((coming,) if coming else ())), "date_passed"
    if coming is None:
        return (), "invalid_date"
    if (coming - today).days > FAR_AHEAD:
        return (coming, *((passed,) if passed else ())), "far_ahead"
    return (coming,), None


def date_at(found: re.Match[str], today: date) -> Days | None:
    """What a match of ``DATE`` means on ``today``; None where none of its forms matched."""
    begin, end = found.span()
    if found["m1"]:
        return _month_day(found, today)
    for i in "23":
        if found[f"m{i}"]:
            year, month, number = (int(found[f"{k}{i}"]) for k in "ymd")
            days = _resolve(year, month, number, today, begin, end)
            return _run_on(days, found["r2m"], found["r2d"]) if i == "2" else days
    for i in "45":
        if found[f"m{i}"]:
            days = _resolve(None, int(found[f"m{i}"]), int(found[f"d{i}"]), today, begin, end, 0.85)
            return _run_on(days, found["r4m"], found["r4d"]) if i == "4" else days
    return None


def _year(found: re.Match[str], today: date) -> int | None:
    word, digits = found["y1w"], found["y1"]
    if word:
        return today.year + {"今": 0, "本": 0, "明": 1, "去": -1}[word[0]]
    if not digits:
        return None
    number = read_number(digits) if not digits.isdigit() else int(digits)
    return None if number is None else number + 2000 if number < 100 else number


def _month_day(found: re.Match[str], today: date) -> Days:
    begin, end = found.span()
    month = 1 if found["m1"] == "元" else read_number(found["m1"]) or 0
    base = _resolve(_year(found, today), month, read_number(found["d1"]) or 0, today, begin, end)
    return listed(base, found["more"])


def listed(first: Days, more: str | None) -> Days:
    """«…、25、31» and «…至26» after the first day: every day of the list, in the first one's month."""
    joints = re.findall(rf"({JOINT})[ ]?({MONTH_DAY})", more or "")
    if not joints or first.reason:
        return first
    days = [first.days[0]]
    for joint, written in joints:
        day = make_day(days[0].year, days[0].month, read_number(written) or 0)
        if day is None or day <= days[-1]:
            return Days((), first.begin, first.end, "invalid_date")
        span = (day - days[-1]).days if joint in "-——至到" else 1
        days += [days[-1] + timedelta(days=i) for i in range(1, span)] + [day]
    return Days(tuple(days[:MOST_DAYS]), first.begin, first.end, None, first.confidence, first.dated)


def _run_on(first: Days, month: str | None, number: str | None) -> Days:
    """«10.24-26», «10.24-11.2»: every day up to the second one."""
    if number is None or first.reason or not first.days:
        return first
    begin = first.days[0]
    last = make_day(begin.year, int(month or begin.month), int(number))
    if last is not None and last < begin and month:
        last = make_day(begin.year + 1, int(month), int(number))
    if last is None or not 0 < (last - begin).days <= MOST_DAYS:
        return Days((begin,) if last is None else (begin, last), first.begin, first.end, "end_before_start")
    days = tuple(begin + timedelta(days=i) for i in range((last - begin).days + 1))
    return Days(days[:MOST_DAYS], first.begin, first.end, None, first.confidence, first.dated)


def _resolve(year: int | None, month: int, day: int, today: date, begin: int, end: int, sure: float = 0.95) -> Days:
    if year is not None:
        found = make_day(year, month, day)
        return Days((found,), begin, end, None, 0.98, True) if found else Days((), begin, end, "invalid_date")
    days, reason = without_year(month, day, today)
    return Days(days, begin, end, reason, sure, dated=reason != "invalid_date")
