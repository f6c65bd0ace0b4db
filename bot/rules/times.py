"""Hours of the day in a folded text: 上午9:00, 9点半, 九时三十分, 下午2-5点, 晚上10点到凌晨1点."""

import re
from dataclasses import dataclass

from bot.rules.numbers import read_number

PARTS = (
    "凌晨|清晨|清早|早上|早晨|朝早|上午|上昼|早|中午|正午|午间|下午|下昼|午后|傍晚|晚上|晚间|夜晚|夜间|夜里|深夜|今晚|晚"
    "|AM|PM|am|pm"
)
_SAME = {"朝早": "早上", "上昼": "上午", "下昼": "下午", "夜里": "夜晚", "深夜": "夜晚"}
_H = r"(?:\d{1,2}|[零一二三四五六七八九十两]{1,3})"
_MIN = (
    r"(?:半|[一三1-3]刻|(?:[0-5]?\d|[零一二三四五][一二三四五六七八九十]{0,2}|[二三四五]?十[一二三四五六七八九]?)分?)"
)
_TO = r"[ ]?(?:-{1,3}|→|至|到|直到|直至|持续到|结束于|(?<=\d)一(?=\d))[ ]?"
_AP = r"[ ]?(?:[AaPp]\.?[Mm])(?![A-Za-z])"
CLOCK = re.compile(
    rf"(?:(?P<part>(?:{PARTS}))(?:[ ]?(?:专?场次?|时段)?[ ]?[(:]?))?[ ]?(?:"
    r"(?<![\d.])(?P<h1>[01]?\d|2[0-4])[ ]?:[ ]?(?P<m1>[0-5]\d)(?!\d)(?::[0-5]\d(?!\d))?"
    # 两三点 is no hour that could be kept.
    rf"|(?:(?<![\d零一二三四五六七八九十百两])|(?<=[周期拜][一二三四五六]))(?![一二两三四五六七八九]{{2}}[点时])"
    rf"(?P<h2>{_H})[ ]?(?:(?:点钟|点整|点正|点)(?!评|赞|装|子|播|心|击|名)"
    r"|(?:时整|时正|时)(?!间|代|光|尚|候|刻|常|段|长|效|事|节|令|政|髦))"
    rf"(?P<m2>(?:{_MIN})(?![\d月]))?"
    r"|(?<![\d.:\-])(?!20[1-4]\d-0)(?P<h3>[01]\d|2[0-4])(?P<m3>[0-5]\d)"
    r"(?=[ ]?(?:-|至|到)[ ]?(?:[01]\d|2[0-4])[0-5]\d(?!\d))"
    r"|(?<!20[1-4]\d-)(?<=[-至到])(?P<h4>[01]\d|2[0-4])(?P<m4>[0-5]\d)(?![\d年元人])"
    r"|(?<![\d.:])(?P<h5>\d{1,2}|[一二三四五六七八九十]{1,2})(?=[ ]?(?:-|至|到)[ ]?(?:\d{1,2}"
    rf"|[一二三四五六七八九十]{{1,3}})(?:点|时|:\d\d|{_AP}))"
    r"|(?<=[午晚上早])(?P<h6>\d{1,2})\.(?P<m6>[0-5]\d)(?!\d)"
    rf"|(?<![\d.:])(?P<h7>\d{{1,2}})(?={_AP})"
    rf")(?P<after>{_AP})?"
)
# 9.30-11.30 reads as hours only where a day or an hour stands before it.
DOTTED = re.compile(
    rf"(?<![\d.])(?P<h>[01]?\d|2[0-3])\.(?P<m>[0-5]\d)(?=(?:{_TO}(?:[01]?\d|2[0-3])\.[0-5]\d)?(?![\d.]))"
)
PART = re.compile(rf"(?P<alone>{PARTS})(?![餐饭安会班自间教场])")
ALL_DAY = re.compile(r"全天候?|整天|一整天|一天(?=[ ,。;\n]|$)|全日(?!制)")
JOINT = re.compile(_TO)
NEXT_DAY = re.compile(r"(?:次日|第二天|第2天|翌日|隔日|转天)的?[ ]?")

LONGEST_GUESS = 9 * 60  # an activity that seems to last longer than this is asked about


@dataclass(frozen=True)
class ClockTime:
    """An hour as written. ``part``: 上午, 晚 … or None. ``literal``: written on the 24-hour clock (09:00)."""

    hour: int
    minute: int
    part: str | None
    literal: bool


def read_clock(found: re.Match[str]) -> ClockTime | None:
    """The time that a match of ``CLOCK`` writes; None for one that no clock shows."""
    index = next(i for i in "1234567" if found[f"h{i}"] is not None)
    written = found[f"h{index}"]
    hour = read_number(written)
    minutes = found[f"m{index}"] if index not in "57" else None
    if hour is None or hour > 24:
        return None
    minute = _minutes(minutes)
    if minute is None or minute > 59 or (hour == 24 and minute):
        return None
    part = found["part"] or found["after"]
    if part:
        letters = re.sub(r"[ .]", "", part).upper()
        part = {"AM": "上午", "PM": "下午"}.get(letters, _SAME.get(part, part))
    return ClockTime(hour, minute, part, hour > 12 or (written.startswith("0") and len(written) == 2))


def read_dotted(found: re.Match[str]) -> ClockTime:
    """The time that a match of ``DOTTED`` writes."""
    hour = int(found["h"])
    return ClockTime(hour, int(found["m"]), None, hour > 12 or (found["h"].startswith("0") and len(found["h"]) == 2))


def _minutes(written: str | None) -> int | None:
    if not written:
        return 0
    if written == "半":
        return 30
    if written.endswith("刻"):
        return {"一": 15, "1": 15, "2": 30}.get(written[0], 45)
    return read_number(written.removesuffix("分"))


def minute_of_day(clock: ClockTime, part: str | None) -> int:
    """Minutes after midnight for a clock time in a part of the day; past 24 hours where it is the next day's."""
    hour, part = clock.hour, (part or "")[:2]
    if clock.literal and hour > 12:
        pass
    elif part in ("凌晨",):
        hour %= 12
    elif part in ("下午", "午后", "傍晚"):
        hour += 12 if hour < 12 else 0
    elif part in ("中午", "正午", "午间"):
        hour += 12 if hour < 4 else 0
    elif part.startswith(("晚", "夜")) or part == "今晚":
        hour += 12 if 4 < hour < 12 else 24 if hour < 5 else 12 if hour == 12 else 0
    return hour * 60 + clock.minute


def start_minute(clock: ClockTime, part: str | None) -> tuple[int, ...]:
    """Minutes after midnight for the beginning; two where the hour may be of the morning or the evening."""
    first = minute_of_day(clock, part)
    if part or clock.literal or clock.hour >= 8 or clock.hour == 0:
        return (first,)
    if clock.hour <= 5:
        return (first + 12 * 60,)  # nobody's activity begins at two in the night
    return (first, first + 12 * 60)


def end_minute(clock: ClockTime, start: int, inherited: str | None) -> int | None:
    """Minutes after the start's midnight for the end, over noon and midnight; None where no reading makes sense."""
    if clock.part:
        end = minute_of_day(clock, clock.part)
        early = clock.part == "凌晨" or clock.part.startswith("晚") or end < 6 * 60
        if end <= start and early:
            end += 24 * 60
        return end if start < end <= start + 24 * 60 else None
    plain = clock.hour * 60 + clock.minute
    tries = [minute_of_day(clock, inherited) if inherited else plain, plain]
    if not (clock.literal and clock.hour > 12):
        tries.append(plain + 12 * 60)
    if start >= 17 * 60:
        tries.append(plain + 24 * 60)
    for end in tries:
        if start < end <= start + (LONGEST_GUESS if not clock.literal else 15 * 60):
            return end
    return None
