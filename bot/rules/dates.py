"""Days in a folded text: 10月24日, 12.5, 20201024, 下周六, 大后天, 10月24、25日, 10月24日至26日, 月底.

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

_N = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_Y = r"(?:(?P<{0}>20\d\d|\d\d(?=年)|[零一二三四五六七八九]{{4}}(?=年))(?:年|[-/.])|(?P<{0}w>今年|明年|去年|本年度?))"
_WD = r"(?:周|星期|礼拜)(?P<{0}>[一二三四五六日天1-6])"
_AFTER_PAIR = r"(?![\d.%°千百元块米公厘平亩人名个分秒小kKgGmM楼号月年倍版万吨升斤届期次页位条岁组支册])"
_MORE = rf"(?P<more>(?:[ ]?[日号]?[ ]?(?:、|,|和|及|与|/|-|至|到|——)[ ]?{_N}(?=[日号、,和及与/\-至到])(?![点时:]))*)"

DAY = re.compile(
    "|".join(
        (
            rf"(?:{_Y.format('y1')}[ ]?)?(?<!\d)(?P<m1>{_N})[ ]?月[ ]?(?:份[ ]?)?(?P<d1>{_N}){_MORE}[ ]?"
            rf"(?P<unit1>[日号]|(?=[ (,上下早晚中凌全\-至到周星]|$))",
            r"(?<![\d.])(?P<y2>20\d\d)(?P<s2>[-/.])(?P<m2>\d{1,2})(?P=s2)(?P<d2>\d{1,2})(?![\d])[日号]?",
            r"(?<![\d.])(?P<y3>20\d\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)",
            rf"(?<![\d.:\-/])(?P<m4>0?[1-9]|1[0-2])[./](?P<d4>0?[1-9]|[12]\d|3[01])(?!\d)(?:[日号]|{_AFTER_PAIR})",
            r"(?<![\d.:\-/])(?P<m5>0?[1-9]|1[0-2])-(?P<d5>0?[1-9]|[12]\d|3[01])(?=[ ]?[\(]?(?:周"
            r"|星期|礼拜|上午|下午|晚上|早上|全天|[ ]\d{1,2}[:点时]))",
            r"(?P<rel>大后天|后天|后日|明天|明日|今天|今日|当天|昨天|昨日|前天|今晚|今早|今晨|今夜"
            r"|明早|明晚|明晨|后晚)",
            rf"(?P<far>下下|下|本|这|上)?个?{_WD.format('wd')}",
            r"(?P<weekend>(?:本|这|下)?个?周末)",
            rf"(?P<mon>本月|这个月|下个?月)[ ]?(?P<d6>{_N})[日号]",
            rf"(?:(?<![\dA-Za-z一-龥])|(?<=[到于在至定止为限是]))(?P<d7>{_N})[日号](?=[ (,。;]|上午|下午|早|晚"
            rf"|中午|全天|\d{{1,2}}[:点时]|周|星期|前|$)",
        )
    )
)
WEEKDAY_NOTE = re.compile(r"[ ,]?[(【\[]?[ ]?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])[ ]?[)】\]]?")
VAGUE = re.compile(
    r"(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2}|本|这个?|下个?)?月(?:底|末|初|中旬|上旬"
    r"|下旬|中(?=[,。 举开办]|$)|份(?=[,。 举开办]|$))|近期|近日|最近|日前|过几天|过段时间"
    r"|改天"
    r"|年底|年前|年初|(?:上|下)半年|(?:国庆|中秋|元旦|春节|五一|暑假|寒假|端午|清明)(?:节"
    r"|假)?(?:期间|前后|假期)?(?=[,。 前后在举开办]|$)"
    r"|每(?:周|星期|个?月)[一二三四五六日天]?|择日|另行通知|尽快|时间(?:待定|未定|没定"
    r"|暂定|再定|不定|另定|待通知)|(?<=时间)[:为是 ]{1,2}(?:待定|未定|没定|另定|不定))"
)
_REL = {"大后": 3, "后": 2, "明": 1, "今": 0, "当": 0, "昨": -1, "前": -2}
WEEKDAY = {c: i for i, c in enumerate("一二三四五六")} | {"日": 6, "天": 6} | {str(i + 1): i for i in range(6)}


@dataclass(frozen=True)
class Days:
    """The day or days of one expression; where ``reason`` is given they are the candidates to ask about."""

    days: tuple[date, ...]
    begin: int
    end: int
    reason: str | None = None
    confidence: float = 0.95
    written: tuple[int, int] | None = None  # month and day as written, for a weekday that follows
    year_written: bool = True
    part: str | None = None  # 早 or 晚 out of 明早, 今晚


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def without_year(month: int, day: int, today: date) -> tuple[tuple[date, ...], str | None]:
    """The day that ``month`` and ``day`` mean: the coming one, or two candidates and why it must be asked."""
    around = [d for y in range(today.year - 4, today.year + 9) if (d := _make(y, month, day))]
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
    month, first = read_number(found["m1"]) or 0, read_number(found["d1"]) or 0
    year = _year(found, today)
    base = _resolve(year, month, first, today, begin, end)
    more = re.findall(rf"(、|,|和|及|与|/|-|至|到|——)[ ]?({_N})", found["more"] or "")
    if not more or base.reason in ("invalid_date",):
        return base
    lists = []
    for anchor in base.days:
        days: list[date] = [anchor]
        for joint, written in more:
            day = _make(anchor.year, month, read_number(written) or 0)
            if day is None or day <= days[-1]:
                return Days((), begin, end, "invalid_date")
            span = (day - days[-1]).days if joint in "-——至到" else 1
            days += [days[-1] + timedelta(days=i) for i in range(1, span)] + [day]
        lists.append(days)
    if base.reason:
        return base
    return Days(tuple(lists[0][:MOST_DAYS]), begin, end, None, base.confidence, base.written, base.year_written)


def _resolve(year: int | None, month: int, day: int, today: date, begin: int, end: int) -> Days:
    written = (month, day)
    if year is not None:
        found = _make(year, month, day)
        if found is None:
            return Days((), begin, end, "invalid_date", written=written)
        return Days((found,), begin, end, None, 0.98, written)
    days, reason = without_year(month, day, today)
    return Days(days, begin, end, reason, 0.95, written, year_written=False)


def _weekday(found: re.Match[str], today: date) -> Days:
    begin, end = found.span()
    weekday, far = WEEKDAY[found["wd"]], found["far"]
    monday = today - timedelta(days=today.weekday())
    if far is None:
        day = today + timedelta(days=(weekday - today.weekday()) % 7)
        return Days((day,), begin, end, None, 0.85)
    weeks = {"下下": 2, "下": 1, "本": 0, "这": 0, "上": -1}[far]
    day = monday + timedelta(days=7 * weeks + weekday)
    if weeks == 0 and day < today:
        return Days((day, day + timedelta(days=7)), begin, end, "date_passed")
    return Days((day,), begin, end, None, 0.9)


def _in_month(found: re.Match[str], today: date) -> Days:
    """«下月5号» and «24号» alone."""
    begin, end = found.span()
    number = read_number(found["d6"] or found["d7"]) or 0
    ahead = 1 if found["mon"] and found["mon"].startswith("下") else 0
    months = [(today.year * 12 + today.month - 1 + ahead + i) for i in (0, 1)]
    here, after = (_make(m // 12, m % 12 + 1, number) for m in months)
    if found["mon"]:
        return Days((here,), begin, end) if here else Days((), begin, end, "invalid_date")
    if here and here >= today:
        return Days((here,), begin, end, None, 0.8)
    options = tuple(d for d in (here, after) if d)
    return Days(options, begin, end, "date_passed" if options else "invalid_date")


def day_at(found: re.Match[str], today: date) -> Days:
    """What a match of ``DAY`` means on ``today``."""
    begin, end = found.span()
    if found["m1"]:
        return _month_day(found, today)
    for i in "23":
        if found[f"m{i}"]:
            year, month, number = (int(found[f"{k}{i}"]) for k in "ymd")
            return _resolve(year, month, number, today, begin, end)
    for i in "45":
        if found[f"m{i}"]:
            got = _resolve(None, int(found[f"m{i}"]), int(found[f"d{i}"]), today, begin, end)
            return Days(got.days, begin, end, got.reason, 0.85, got.written, year_written=False)
    if found["rel"]:
        word = found["rel"]
        day = today + timedelta(days=next(n for k, n in _REL.items() if word.startswith(k)))
        part = {"早": "早", "晨": "早", "晚": "晚", "夜": "晚"}.get(word[-1])
        return Days((day,), begin, end, part=part)
    if found["wd"]:
        return _weekday(found, today)
    if found["weekend"]:
        saturday = today - timedelta(days=today.weekday()) + timedelta(days=5)
        saturday += timedelta(days=7 if found["weekend"].startswith("下") else 0)
        return Days((saturday, saturday + timedelta(days=1)), begin, end, "which_day")
    return _in_month(found, today)


def check_weekday(days: Days, weekday: int, end: int) -> Days:
    """The same days after a weekday written behind them: confirmed, chosen among candidates, or contradicted."""
    if days.written is None or days.reason == "invalid_date" or (len(days.days) > 1 and days.reason is None):
        return Days(days.days, days.begin, end, days.reason, days.confidence, days.written, days.year_written)
    fitting = tuple(d for d in days.days if d.weekday() == weekday)
    if len(fitting) == 1:
        return Days(fitting, days.begin, end, None, 0.98, days.written, days.year_written)
    first = days.days[0]
    near = first + timedelta(days=(weekday - first.weekday() + 3) % 7 - 3)
    return Days((first, near), days.begin, end, "weekday_contradicts_date", 0.5, days.written, days.year_written)
