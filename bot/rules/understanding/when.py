"""When the activity is, out of a whole message: days and hours may stand apart, and not every time is the activity's."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from bot.rules.durations import find_length
from bot.rules.moments import Finding, Moment, find_in, in_order
from bot.rules.understanding.labels import WHEN
from bot.rules.understanding.sections import Section
from bot.rules.understanding.sheet import TAKEN, Sheet
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import Values, when_values

# 报名截止10月20日, 彩排10月23日下午: another time than the activity's.
_OTHERS_BEFORE = re.compile(
    r"(?:报名|截止|截至|彩排|布展|撤展|布场|踩点|原定|原计划|原来|填报|填表|制表|提交|上报|发布|发送|领取|缴费"
    r"|(?:报备|转发|联系|通知|公示|咨询|办公)(?:时间|日期))[^,。;\n]{0,6}$"
)
_OTHERS_AFTER = re.compile(
    r"[ ]?(?:(?:之|以)?前(?![往台厅门海进来段])|截止|彩排|布展|撤展|布场|报名|提交|上报|报送|改为|改到|改期)"
)
# “5.12”防灾减灾日, 12.4国家宪法日: the name of a day.
_NAMED = re.compile(r"[\"”]?(?:全国|国际|世界|国家|中国)?[一-龥]{2,6}(?:日|周)(?![期前后程末一二三四五六日天])")
_QUOTED = re.compile(r"[\"《]$")
# 8:30签到: counts only where nothing better stands.
_GATHERING_BEFORE = re.compile(r"(?:集合|集中|签到|报到|出发|发车|入场|进场|检票)(?:时间)?[ :为是在]{0,3}$")
_BEGINS = re.compile(r"[ ]?(?:正式|准时)?(?:开始|开讲|开场|开课|开赛)")
_GATHERING_AFTER = re.compile(r"[ ]?(?:在[^,。;\n]{0,10})?(?:集合|集中|签到|报到|出发|发车|入场|进场|检票)")
_CHAT_HEADER = re.compile(
    r"[^\n]{0,24}?(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日? ?(?:上午|下午|晚上)? ?\d{1,2}:\d\d(?::\d\d)?[:,]? *(?=\n|$)"
)
_ONLY_A_DATE = re.compile(r"\s*[^\s\d]{0,12} ?(?:20\d\d)[-/.年][\d\-/.月日号]+\s*$")
_CLOSES = re.compile(r"结束|止|完|返回|返程|散场")
_SESSION = re.compile(
    r"(?:第[一二三四五六七八九十\d]{1,2}(?:场|次|期|节|天|站|讲)|场次[一二三四五\d]|[首次尾]场)[^\n]{0,6}$"
)
_GAP = re.compile(
    r"(?:[ ,。;、\n/|()\x1f]|和|及|与|以及|还有|另外?|第[一二三四五六七八九十\d]{1,2}[场次天期节站讲]|场次[一二三四五\d]"
    r"|[\d①-⑨][.、)]?(?!\d)|:|每场[^,。;\n]{0,6}|各?[一两]?场|开始|结束)*"
)
_RANK = {None: 0, "weekday_contradicts_date": 1, "date_passed": 1, "far_ahead": 1, "end_before_start": 1}
_PART_WORD = re.compile(r"晚上|晚间|夜间|夜晚|傍晚|早上|早晨|清晨|上午")
_EVENING, _MORNING = re.compile("晚|夜|傍晚|下午|午后"), re.compile("早|上午|晨")


def take_when(sheet: Sheet, sections: list[Section], found: Values, now: datetime) -> None:
    """start, end, all_day and occurrences, or a question about start."""
    whens = [(s.begin, s.end) for s in sections if s.field == WHEN]
    findings = find_in(sheet.text, _visible(sheet, sections), now)
    chosen = _choose(sheet, findings, whens, now)
    if chosen is None:
        return
    best, used = chosen
    if best.reason == "no_date":
        values: Values = {"start": Question("start", "no_date", best.moments, best.text)}
    else:
        values = when_values(best)
    for one in used:
        sheet.take(one.begin, one.end)
    found.update({k: v for k, v in values.items() if k not in found})
    _take_end(sheet, findings, found, now)
    _take_length(sheet, found)


def _visible(sheet: Sheet, sections: list[Section]) -> str:
    """The reading without what labels have taken for other fields, where there is any time beside them."""
    opened = sheet.open.replace(TAKEN, "\n")
    for section in sections:
        if section.field == WHEN:
            # «日期：10月24日，时间：9点»: the label stands between a day and its hours.
            opened = opened[: section.label] + " " * (section.begin - section.label) + opened[section.begin :]
    return opened


def _choose(
    sheet: Sheet, findings: tuple[Finding, ...], whens: list[tuple[int, int]], now: datetime
) -> tuple[Finding, list[Finding]] | None:
    """What the message says about the activity's time, and the pieces that it was put together from."""
    weights = {one.begin: _weight(sheet, one, now) for one in findings}
    own = [one for one in findings if weights[one.begin] < 2]
    if not own:
        return None
    labelled = [one for one in own if any(b <= one.begin < e for b, e in whens)]

    def order(one: Finding) -> tuple[int, bool, int, bool, int]:
        rank = _RANK.get(one.reason, 3 if one.reason in ("vague", "no_date") else 2)
        past = bool(one.moments) and one.reason is None and one.moments[0].start <= now
        return weights[one.begin], bool(labelled) and one not in labelled, rank, past, one.begin

    best = min(own, key=order)
    if best.reason in ("no_time", "no_date"):
        return _joined(sheet, best, sorted(own, key=order), now) or (best, [best])
    if best.reason == "morning_or_evening" and (moments := _in_part(best, _part_elsewhere(sheet, findings))):
        best = replace(best, reason=None, moments=moments, confidence=0.8)
    if best.reason is None:
        return _with_further_sessions(sheet, best, [one for one in own if not weights[one.begin]], whens)
    return best, [best]


def is_of_something_else(reading: str, one: Finding) -> bool:
    """Whether a time is when one registers, rehearses, sets up, or a day's name in quotes, and not the activity's."""
    before, after = reading[max(0, one.begin - 16) : one.begin], reading[one.end : one.end + 16]
    if _QUOTED.search(before) and after[:1] in ('"', "》"):
        return True
    return _OTHERS_BEFORE.search(before) is not None or _OTHERS_AFTER.match(after) is not None


def _weight(sheet: Sheet, one: Finding, now: datetime) -> int:
    """0 for a time that may be the activity's, 1 for one that is only near it, 2 for another thing's."""
    before, after = sheet.reading[max(0, one.begin - 16) : one.begin], sheet.reading[one.end : one.end + 16]
    if is_of_something_else(sheet.reading, one):
        return 2
    if one.reason == "no_time" and _NAMED.match(after) and not _QUOTED.search(before):
        return 1
    if _BEGINS.match(after) or one.text.endswith("开始"):
        return 0
    if _GATHERING_BEFORE.search(before) or _GATHERING_AFTER.match(after):
        return 1
    line = sheet.reading.rfind("\n", 0, one.begin) + 1
    past = bool(one.moments) and one.moments[0].start <= now
    if past and one.reason is None and _CHAT_HEADER.match(sheet.reading, line):
        return 1
    rest = sheet.reading[line : line + 40].split("\n")[0]
    return 1 if one.reason in ("no_time", "date_passed") and line and _ONLY_A_DATE.match(rest) else 0


def _joined(
    sheet: Sheet, best: Finding, findings: list[Finding], now: datetime
) -> tuple[Finding, list[Finding]] | None:
    """The days of one expression with the hours of another."""
    days = [best] if best.reason == "no_time" else [one for one in findings if one.days or one.reason is None]
    hours = [best] if best.reason == "no_date" else [one for one in findings if one.reason == "no_date"]
    for day in days:
        for hour in hours:
            one = _on_days(sheet, day, hour, now)
            if one:
                return one, [day, hour]
    return None


def _on_days(sheet: Sheet, days: Finding, hours: Finding, now: datetime) -> Finding | None:
    named = days.days or tuple(dict.fromkeys(m.start.date() for m in days.moments))
    each = [_with_day(sheet, hours, now, day) for day in named]
    if not each or any(one is None for one in each):
        return None
    moments: list[Moment] = []
    for one in each:
        assert one is not None
        fitting = _in_part(one, days.text) if one.reason == "morning_or_evening" else one.moments
        if not fitting or (one.reason and one.reason != "morning_or_evening"):
            return None
        moments += fitting
    begin, end = min(days.begin, hours.begin), max(days.end, hours.end)
    first, second = sorted((days, hours), key=lambda f: f.begin)
    near = sheet.reading[first.end : second.begin].strip(" ,:;。\n") == ""
    text = sheet.piece(begin, end) if near else f"{first.text} {second.text}"
    return Finding(begin, end, text, in_order(moments), None, 0.9)


def _in_part(one: Finding, days: str) -> tuple[Moment, ...]:
    """Of «7点» in the morning and in the evening the one that «10月24日晚上» said before; none where it said neither."""
    half = len(one.moments) // 2
    if _EVENING.search(days):
        return one.moments[half:]
    return one.moments[:half] if _MORNING.search(days) else ()


def _part_elsewhere(sheet: Sheet, findings: tuple[Finding, ...]) -> str:
    """«晚上搞科普放映，10月22日7点到9点»: the part of the day that the message names apart from its hours."""
    for part in islice(_PART_WORD.finditer(sheet.open), 20):
        if not any(one.begin <= part.start() < one.end for one in findings):
            return part.group()
    return ""


def _with_day(sheet: Sheet, hours: Finding, now: datetime, day: date) -> Finding | None:
    again = find_in(hours.text, sheet.reading[hours.begin : hours.end], now, day)
    return again[0] if again else None


def _with_further_sessions(
    sheet: Sheet, best: Finding, full: list[Finding], whens: list[tuple[int, int]]
) -> tuple[Finding, list[Finding]]:
    """«10月24日上午9-11点、10月25日下午2-4点»: further sessions written beside the first, or numbered."""
    used, last = [best], best
    for one in full:
        if one.begin < last.end or one.reason is not None:
            continue
        together = any(b <= best.begin < e and b <= one.begin < e for b, e in whens)
        gap = _GAP.fullmatch(sheet.reading, last.end, one.begin)
        numbered = _SESSION.search(sheet.reading[max(0, one.begin - 12) : one.begin])
        if gap or numbered or together:
            used.append(one)
            last = one
    if len(used) == 1:
        return best, used
    text = sheet.piece(best.begin, last.end) if last.end - best.begin <= 80 else "、".join(f.text for f in used)
    joined = replace(best, text=text, moments=in_order(m for one in used for m in one.moments), confidence=0.9)
    return joined, used


def _take_end(sheet: Sheet, findings: tuple[Finding, ...], found: Values, now: datetime) -> None:
    """«10月24日9点开始，10月24日11点结束»: the end in an expression of its own."""
    start = found.get("start")
    if not isinstance(start, Found) or "end" in found:
        return
    for other in findings:
        closes = _CLOSES.match(sheet.reading[other.end : other.end + 2]) or other.text.endswith(("结束", "完"))
        if not closes or any(sheet.taken[other.begin : other.end]):
            continue
        dated = _with_day(sheet, other, now, start.value.date()) if other.reason == "no_date" else other
        if dated and not dated.reason and dated.moments[0].start > start.value:
            found["end"] = Found(dated.moments[0].start, other.text, 0.85)
            sheet.take(other.begin, other.end)


def _take_length(sheet: Sheet, found: Values) -> None:
    """«9点开始，大约两个小时»: the end out of how long it lasts."""
    start, several = found.get("start"), found.get("occurrences")
    if not isinstance(start, Found) or "end" in found:
        return
    length = find_length(sheet.open)
    if length is None:
        return
    minutes, begin, end = length
    lasts, text = timedelta(minutes=minutes), sheet.piece(begin, end)
    found["end"] = Found(start.value + lasts, text, 0.8)
    if isinstance(several, Found):
        moments = tuple(replace(m, end=m.start + lasts) for m in several.value)
        found["occurrences"] = replace(several, value=moments)
    sheet.take(begin, end)
