"""Days told from today in a folded text: 明天, 三天后, 下周六, 周六日, 下周一至周五, 11月第一个周六, 24号.

A weekday without 本 or 下 is the coming one; a number without its month is the coming one too, or the one after
the last date that the text has named.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.rules.dates import MONTH_DAY, MORE, MOST_DAYS, Days, listed, make_day
from bot.rules.numbers import read_number

WEEKDAY = {c: i for i, c in enumerate("一二三四五六")} | {"日": 6, "天": 6} | {str(i + 1): i for i in range(6)}

_WEEK = r"(?:周|星期|礼拜)"
_N = r"(?:[1-9]\d?|[一二两三四五六七八九十]{1,3})"
_TIME = r"上午|下午|早|晚|中午|全天|凌晨|清晨|傍晚|夜|朝早|下昼|上昼|\d{1,2}[:点时]|[一二两三四五六七八九十]{1,2}[点时]"
_ENDS = r"(?=[ ,。;:()【】\n\d上下早晚中凌清傍全两每各]|$)"
WEEKDAYS = (
    rf"{_WEEK}(?P<{{0}}>[一二三四五六日天1-6])(?!次|期|刊|报)(?P<{{0}}s>(?:"
    rf"(?:[、,和及与/ ]|-|至|到)?(?:本|这|下)?个?{_WEEK}[一二三四五六日天]"
    rf"|(?:[、和及与/]|-|至|到)[一二三四五六日天]{_ENDS}|(?<=六)日{_ENDS}){{{{0,12}}}})"
)
RELATIVE = "|".join(
    (
        r"(?P<rel>大后天|后天|后日|明天|明日|听日|今天|今日|昨天|昨日|前天|今晚|今早|今晨|今夜|明早|明晚|明晨|后晚)",
        rf"(?<![束动完成])(?P<in>{_N})天(?:之|以)?后的?",
        rf"(?P<weeks>[一两1-4三四])(?:周|个?星期|个?礼拜)(?:之|以)?后的?(?:{_WEEK}(?P<inwd>[一二三四五六日天]))?",
        rf"(?P<nm>{MONTH_DAY}|本|这个?|当|下个?)月(?:份)?的?(?:第(?P<nth>[一二三四五1-5])个?|最后一?个?)"
        rf"{_WEEK}(?P<nwd>[一二三四五六日天])",
        rf"(?P<far>下下|下|本|这|上)?个?{WEEKDAYS.format('wd')}",
        r"(?P<weekend>(?:本|这|下)?个?周末)(?P<both>两天|2天|两日)?",
        rf"(?P<mon>本月|这个?月|当月|下个?月)的?[ ]?(?P<d6>{MONTH_DAY}){MORE.replace('more', 'more6')}[日号]",
        rf"(?:(?<![\dA-Za-z一-龥])(?<!\d[:.])|(?<=[到于在至定止为限是]))(?P<d7>{MONTH_DAY}){MORE.replace('more', 'more7')}[日号]"
        rf"(?=[ (),。;\n】]|{_TIME}|{_WEEK}|每天|每日|前|那天|$)",
        rf"(?<![\d.:一二三四五六七八九十廿卅路街道巷弄段座栋楼第月年、/\-])(?P<d8>{MONTH_DAY}){MORE.replace('more', 'more8')}"
        rf"[日号](?={_TIME}|每天|每日)",
    )
)
_WORDS = {"大后": 3, "后": 2, "明": 1, "听": 1, "今": 0, "昨": -1, "前": -2}
_WEEKS = {"下下": 2, "下": 1, "本": 0, "这": 0, "上": -1}


def relative_at(found: re.Match[str], today: date, anchor: date | None) -> Days:
    """What a match of ``RELATIVE`` means on ``today``; ``anchor``: the last date that the text has named."""
    begin, end = found.span()
    if found["rel"]:
        word = found["rel"]
        day = today + timedelta(days=next(n for k, n in _WORDS.items() if word.startswith(k)))
        part = {"早": "早", "晨": "早", "晚": "晚", "夜": "晚"}.get(word[-1])
        return Days((day,), begin, end, part=part)
    if found["in"]:
        return Days((today + timedelta(days=read_number(found["in"]) or 0),), begin, end, None, 0.9)
    if found["weeks"]:
        return _weeks_on(found, today)
    if found["nm"]:
        return _nth(found, today)
    if found["wd"]:
        return _weekdays(found, today)
    if found["weekend"]:
        saturday = _monday(today) + timedelta(days=12 if found["weekend"].startswith("下") else 5)
        both = (saturday, saturday + timedelta(days=1))
        return Days(both, begin, end, None if found["both"] else "which_day", 0.9)
    return _in_month(found, today, anchor)


def weekday_list(first: str, more: str) -> tuple[int, ...]:
    """The weekdays of 周六日, 周一至周五, 周二、四 as numbers from Monday; a run gives every one of it."""
    out = [WEEKDAY[first]]
    for joint, written in re.findall(rf"(-|至|到)?(?:本|这|下)?个?(?:{_WEEK})?([一二三四五六日天])", more):
        until = WEEKDAY[written]
        if joint and until > out[-1]:
            out += range(out[-1] + 1, until)
        out.append(until)
    return tuple(out)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weekdays(found: re.Match[str], today: date) -> Days:
    begin, end = found.span()
    numbers, far = weekday_list(found["wd"], found["wds"]), found["far"]
    if far is None:
        first = today + timedelta(days=(numbers[0] - today.weekday()) % 7)
        days = [first + timedelta(days=(n - numbers[0]) % 7) for n in numbers]
        return Days(tuple(sorted(set(days))), begin, end, None, 0.85, loose=True)
    monday = _monday(today) + timedelta(days=7 * _WEEKS[far])
    days = sorted({monday + timedelta(days=n) for n in numbers})
    if _WEEKS[far] == 0 and days[0] < today:
        return Days((days[0], days[0] + timedelta(days=7)), begin, end, "date_passed")
    return Days(tuple(days), begin, end, None, 0.9)


def _weeks_on(found: re.Match[str], today: date) -> Days:
    begin, end = found.span()
    day = today + timedelta(weeks=read_number(found["weeks"]) or 0)
    if found["inwd"]:
        day = _monday(day) + timedelta(days=WEEKDAY[found["inwd"]])
    return Days((day,), begin, end, None, 0.85)


def _nth(found: re.Match[str], today: date) -> Days:
    """«11月第一个周六», «下个月最后一个周五»."""
    begin, end = found.span()
    here = today.year * 12 + today.month - 1
    if found["nm"][0] in "本这当下":
        at = here + (found["nm"][0] == "下")
    else:
        month = read_number(found["nm"]) or 0
        if not 1 <= month <= 12:
            return Days((), begin, end, "invalid_date")
        at = today.year * 12 + month - 1
        at += 12 if at < here else 0
    first = date(at // 12, at % 12 + 1, 1)
    fitting = [first + timedelta(days=i) for i in range(31)]
    fitting = [d for d in fitting if d.month == first.month and d.weekday() == WEEKDAY[found["nwd"]]]
    nth = (read_number(found["nth"]) or 0) - 1 if found["nth"] else -1
    if nth >= len(fitting):
        return Days((), begin, end, "invalid_date")
    return Days((fitting[nth],), begin, end, "date_passed" if fitting[nth] < today else None, 0.9)


def _in_month(found: re.Match[str], today: date, anchor: date | None) -> Days:
    """«下月5号», and «24号» or «24-26号» alone."""
    if found["mon"]:
        ahead = 1 if found["mon"].startswith("下") else 0
        at = today.year * 12 + today.month - 1 + ahead
        day = make_day(at // 12, at % 12 + 1, read_number(found["d6"]) or 0)
        first = Days((day,), *found.span(), dated=True) if day else Days((), *found.span(), "invalid_date")
    else:
        first = numbered(read_number(found["d7"] or found["d8"]) or 0, today, anchor, found.span())
    return listed(first, found["more6"] or found["more7"] or found["more8"])


def numbered(number: int, today: date, anchor: date | None, span: tuple[int, int]) -> Days:
    """The day that a number alone means: of this month or the next, or after the last date that the text has named."""
    base = anchor or today
    here, after = (make_day(m // 12, m % 12 + 1, number) for m in (base.year * 12 + base.month - 1 + i for i in (0, 1)))
    if here and here >= base:
        return Days((here,), *span, None, 0.8, dated=True)
    if anchor and after:
        return Days((after,), *span, None, 0.8, dated=True)
    options = tuple(d for d in (here, after) if d)
    return Days(options, *span, "date_passed" if options else "invalid_date", dated=bool(options))


def run_from(days: Days, number: int, end: int) -> Days:
    """A single day that begins a run: «10月24日起连续三天»."""
    run = tuple(days.days[0] + timedelta(days=i) for i in range(min(number, MOST_DAYS)))
    return replace(days, days=run, end=end)
