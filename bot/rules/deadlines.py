"""The deadline that a notice names, and the moment that a command such as «定时 明早9点» means."""

import re
from datetime import datetime, time, timedelta

from bot.clock import CHINA
from bot.rules.moments import Finding, Moment, find_in
from bot.rules.numbers import NUMBER, read_number
from bot.rules.reading import read

LAST_MINUTE = time(23, 59)
OFFICE_CLOSES = time(18, 0)
_BEFORE = re.compile(r"[ )]{0,2}(?:之前|以前|前|截止|为止|止|内(?![容部])|下班前)(?!后)")
_UNTIL = re.compile(r"(?:截止|截至|最迟|最晚|不迟于|不晚于|务必于|务必在|限于|期限)[^\d,。;\n]{0,8}$")
_IN = re.compile(
    rf"(?P<n>{NUMBER}|半)[ ]?个?(?P<half>半)?(?P<unit>分钟|小时|钟头|天|日|周|星期|月)"
    rf"(?P<more>半)?(?:钟)?(?:之|以)?(?P<way>后|内)"
)
_CLOSING = re.compile(r"[ ,]?下班(?:之?前)?")
_MORNING = {"早": time(9, 0), "上": time(9, 0), "中": time(12, 0), "下": time(15, 0), "晚": time(19, 0)}


def _after(reading: str, now: datetime) -> tuple[datetime, str] | None:
    """«半小时后», «3天内»: the moment and which of the two words it was."""
    found = _IN.search(reading)
    if found is None:
        return None
    size = 0.5 if found["n"] == "半" else float(read_number(found["n"]) or 0)
    size += 0.5 if found["more"] or found["half"] else 0
    unit = found["unit"]
    if unit == "月":
        return now + timedelta(days=30 * size), found["way"]
    hours = {"分钟": 1 / 60, "小时": 1, "钟头": 1, "天": 24, "日": 24, "周": 168, "星期": 168}[unit]
    return now + timedelta(hours=hours * min(size, 10_000)), found["way"]


def _moment(finding: Finding, now: datetime) -> Moment | None:
    """The moment that a deadline or a timer means: the first candidate that is still to come, else the first.

    Of a date that has just passed and that date in a year the near one is meant.
    """
    if finding.reason == "date_passed":
        return min(finding.moments, key=lambda one: abs(one.start - now), default=None)
    coming = [m for m in finding.moments if m.start > now]
    return next(iter(coming or finding.moments), None)


def _has_hours(finding: Finding) -> bool:
    return (
        finding.reason != "no_time"
        and not finding.moments[0].all_day
        and re.search(r"[:点时]", read(finding.text).reading) is not None
    )


def parse_deadline(text: str, now: datetime) -> datetime | None:
    """The instant by which «请于10月15日18:00前报送» wants something; a day without hours ends at 23:59.

    None where the text names none. A day that has just passed is not moved into next year when it is the only
    sensible reading: the composer's preview shows it.
    """
    page = read(text)
    now = now.astimezone(CHINA)
    findings = [f for f in find_in(page.text, page.reading, now) if f.moments]
    for strict in (True, False):
        for finding in findings:
            named = _BEFORE.match(page.reading, finding.end) or _UNTIL.search(page.reading[: finding.begin])
            closing = _CLOSING.match(page.reading, finding.end)
            if not named and not closing and (strict or not re.search("截止|截至|前", page.reading)):
                continue
            return _deadline(finding, now, closing is not None)
    ahead = _after(page.reading, now)
    if ahead and ahead[1] == "内":
        return (
            datetime.combine(ahead[0].date(), LAST_MINUTE, CHINA) if ahead[0] - now >= timedelta(days=1) else ahead[0]
        )
    return None


def _deadline(finding: Finding, now: datetime, closing: bool) -> datetime:
    moment = _moment(finding, now) or finding.moments[0]  # the preview shows one that has passed
    if closing:
        return datetime.combine(moment.start.date(), OFFICE_CLOSES, CHINA)
    if _has_hours(finding):
        return moment.end or moment.start
    part = next((c for c in finding.text if c in "上中下"), None)
    noon = {"上": time(12, 0), "中": time(12, 0)}.get(part or "")
    return datetime.combine((moment.end or moment.start).date(), noon or LAST_MINUTE, CHINA)


def parse_when(text: str, now: datetime) -> datetime | None:
    """The instant that «明早9点», «10月14日 09:00», «半小时后», «下午3点» means; None where it is not said.

    A day with only a part of it (明早, 今晚) means that part's usual hour, a day alone nine o'clock. A date that has
    just passed is given as it was said, not moved into next year.
    """
    page = read(text)
    now = now.astimezone(CHINA)
    ahead = _after(page.reading, now)
    if ahead and ahead[1] == "后":
        return ahead[0]
    for finding in find_in(page.text, page.reading, now):
        if finding.reason in ("vague", "invalid_date", "no_such_time", "which_day") or not finding.moments:
            continue
        if finding.reason == "weekday_contradicts_date":
            return None
        if finding.reason == "no_date":
            later = [m.start for m in finding.moments if m.start > now]
            return later[0] if later else finding.moments[0].start + timedelta(days=1)
        moment = _moment(finding, now)  # one that has passed is not moved into next year: it is said to be over
        if moment is None:
            continue
        if _has_hours(finding):
            return moment.start
        part = next((c for c in finding.text if c in _MORNING), "早")
        return datetime.combine(moment.start.date(), _MORNING[part], CHINA)
    return None
