"""A whole message: its labelled values first, then free text for whatever is still missing."""

import re
from datetime import date, datetime

from bot.rules.kinds import kind_of
from bot.rules.moments import Finding, Moment, find_in
from bot.rules.reading import Reading, read
from bot.rules.towns import find_town
from bot.rules.understanding.free_text import (
    take_audience_and_media,
    take_counts,
    take_name,
    take_people,
    take_place,
)
from bot.rules.understanding.labels import CONTACT, END, WHEN, Section, find_sections
from bot.rules.understanding.sheet import Sheet
from bot.rules.understanding.types import FIELDS, Found, Question, Understood
from bot.rules.understanding.values import READERS, Values, choose_moment, read_contact, read_end, when_values

_HEADS = (
    re.compile(r"\s*#?接龙[^\n]{0,40}\n"),
    re.compile(r"(?:\s*@[^\s@]{1,24}(?:[ \u2005\n]|(?=报备)))+"),
    re.compile(r"\s*(?:转发|\[转发\]|fwd?)[: ][^\n]{0,60}\n", re.IGNORECASE),
    re.compile(r"\s*\d{1,2}[.、)](?!\d)[ ]?(?=[^\s\d])(?![^\n]{0,12}[:】])"),
    re.compile(
        r"\s*(?:请问)?[^\w\n]{0,6}(?:我要|我们?要|现)?(?:活动|科普活动)?报备(?:一下|如下|表"
        r"|活动)?[^\w\n\"《]{0,6}"
    ),
)
# The piece of a value that reads as a line of its own ends a value that is one line long.
_INNER_LABEL = re.compile(r"[ ,;。\n](?:[ ]{0,2})[一-龥]{2,6}[ ]?:")
_OTHER_LINE = re.compile(r"\d{1,2}[:点时月]|1[3-9]\d{9}|\d+ ?[人名]")


def understand(text: str, now: datetime) -> Understood:
    """Labelled values, free text, or a mixture, into fields; never raises, whatever the text."""
    page = read(text)
    sheet = Sheet(page)
    _drop_heads(sheet)
    sections = find_sections(sheet.open)
    found: Values = {}
    _take_labelled(sheet, sections, found, now)
    _take_when(sheet, found, now)
    take_people(sheet, found)
    take_counts(sheet, found)
    take_audience_and_media(sheet, found)
    take_place(sheet, found)
    take_name(sheet, found)
    _complete(sheet, found)
    return _result(sheet, found)


def _drop_heads(sheet: Sheet) -> None:
    at = 0
    for _ in range(2):
        for head in _HEADS:
            got = head.match(sheet.reading, at)
            if got:
                sheet.take(at, got.end())
                at = got.end()


def _take_labelled(sheet: Sheet, sections: list[Section], found: Values, now: datetime) -> None:
    for section in sections:
        if section.field is None:
            continue  # an unknown label and its value stay where they are: in the remarks
        end = _value_end(sheet, section)
        value = Reading(sheet.text[section.begin : end], sheet.open[section.begin : end])
        if not value.reading.strip(" \n,。;、|/-_"):
            sheet.take(section.label, section.begin)
            continue
        if section.field in (WHEN, END):
            if section.field == END:
                start = found.get("start")
                got = read_end(value, now, start.value if isinstance(start, Found) else None)
                found.update({k: v for k, v in got.items() if k not in found})
                sheet.take(section.label, end if got else section.begin)
            sheet.take(section.label, section.begin)
            continue  # the hours and days themselves are found in the whole text, where they may stand apart
        if section.field == CONTACT or (section.field == "contact_phone" and section.pair):
            got = read_contact(value)
        else:
            got = READERS[section.field](value)
        fresh = {k: v for k, v in got.items() if k not in found or isinstance(found[k], Question)}
        if not fresh:
            continue
        found.update(fresh)
        _take_value(sheet, section, end, got)


def _take_value(sheet: Sheet, section: Section, end: int, got: Values) -> None:
    """Mark the label and what was used of the value; a contact's or a count's further words stay open."""
    sheet.take(section.label, section.begin)
    if section.field not in (CONTACT, "contact_phone", "attendance"):
        if section.field != "remarks":
            sheet.take(section.begin, end)
        return
    for value in got.values():
        at = sheet.text.find(value.text, section.begin, end) if value.text else -1
        if at >= 0:
            sheet.take(at, at + len(value.text))


def _value_end(sheet: Sheet, section: Section) -> int:
    """Where the value stops: at the next label, at an empty line, at a line or clause that is plainly another thing."""
    value = sheet.open[section.begin : section.end]
    if section.loose and section.field in ("name", "place", "audience", "budget"):
        stop = re.search(r"[ ,。;\n]", value)
        return section.begin + stop.start() if stop else section.end
    if section.field in ("summary", "remarks"):
        return section.end
    lines = value.split("\n")
    size, begun = 0, False
    for line in lines:
        if begun and (not line.strip() or (section.field not in (CONTACT, WHEN) and _OTHER_LINE.search(line))):
            break
        begun = begun or bool(line.strip())
        size += len(line) + 1
    end = section.begin + min(size, len(value))
    # 活动名称：…，活动时间：… on one line: the comma before the next label belongs to neither.
    if section.field in ("name", "place", "kind", "audience", "project"):
        clause = re.search(
            r"[,。;](?=[^\n]*(?:\d{1,2}[:点时月]|1[3-9]\d{9}|\d+ ?[人名]))", sheet.open[section.begin : end]
        )
        if clause:
            end = section.begin + clause.start()
        inner = _INNER_LABEL.search(sheet.open, section.begin + 1, end)
        if inner:
            end = inner.start()
    return end


def _take_when(sheet: Sheet, found: Values, now: datetime) -> None:
    """start and end from the whole text: «日期：11-03 … 时间：8:30» are put together."""
    findings = list(find_in(sheet.text, sheet.open, now))
    if not findings:
        return
    best = choose_moment(tuple(findings))
    if best.reason == "no_time" and best.moments:
        hours = [f for f in findings if f.reason == "no_date"]
        for other in hours:
            joined = _on_days(sheet, best, other, now)
            if joined:
                sheet.take(other.begin, other.end)
                sheet.take(best.begin, best.end)
                found.update({k: v for k, v in when_values(joined).items() if k not in found})
                return
    values = when_values(best)
    if best.reason == "no_date":
        values = {"start": Question("start", "no_date", best.moments, best.text)}
    sheet.take(best.begin, best.end)
    found.update({k: v for k, v in values.items() if k not in found})
    _end_apart(sheet, findings, best, found, now)


def _on_days(sheet: Sheet, days: Finding, hours: Finding, now: datetime) -> Finding | None:
    """The hours of one expression on the days of another."""
    each = [_with_day(sheet, hours, now, day) for day in days.days]
    if not each or any(one is None or one.reason for one in each):
        return None
    begin, end = min(days.begin, hours.begin), max(days.end, hours.end)
    text = sheet.piece(begin, end) if end - begin <= 60 else days.text
    moments = tuple(moment for one in each if one for moment in one.moments)
    return Finding(begin, end, text, moments, None, 0.9)


def _with_day(sheet: Sheet, hours: Finding, now: datetime, day: date) -> Finding | None:
    again = find_in(hours.text, sheet.reading[hours.begin : hours.end], now, day)
    return again[0] if again else None


def _end_apart(sheet: Sheet, findings: list[Finding], best: Finding, found: Values, now: datetime) -> None:
    """«10月24日9点开始，10月24日11点结束»: the end in an expression of its own."""
    start = found.get("start")
    if best.reason or not isinstance(start, Found) or "end" in found:
        return
    for other in findings:
        closes = re.match(r"结束|止|完", sheet.reading[other.end : other.end + 2]) or other.text.endswith(
            ("结束", "完")
        )
        if other is best or not closes:
            continue
        dated = _with_day(sheet, other, now, start.value.date()) if other.reason == "no_date" else other
        if dated and not dated.reason and dated.moments[0].start > start.value:
            found["end"] = Found(dated.moments[0].start, other.text, 0.85)
            sheet.take(other.begin, other.end)


def _complete(sheet: Sheet, found: Values) -> None:
    """town out of the whole text, kind out of the name, then out of everything."""
    if "town" not in found and "place" not in found:
        named = found.get("name")
        town = find_town(sheet.open) or (find_town(named.text) if isinstance(named, Found) else None)
        if town:
            found["town"] = Found(town.name, town.name, 0.6)
    if "kind" not in found:
        name = found.get("name")
        from_name = kind_of(read(name.text).reading) if isinstance(name, Found) else None
        said = from_name or kind_of(sheet.open)
        if said:
            found["kind"] = Found(said[0], said[1], 0.9 if from_name else 0.6)


def _result(sheet: Sheet, found: Values) -> Understood:
    values = {k: found[k] for k in FIELDS if isinstance(found.get(k), Found)}
    questions = tuple(v for k in FIELDS if isinstance(v := found.get(k), Question))
    written = values.get("remarks")
    if written is not None:
        for begin in [sheet.text.find(written.text)]:
            if begin >= 0:
                sheet.take(begin, begin + len(written.text))
    rest = sheet.left()
    # Several days without hours stay in the remarks too: the answer will name only the hours.
    days = [q.text for q in questions if q.reason == "no_time" and any(_runs_on(m) for m in q.options)]
    parts = (written.value if isinstance(written, Found) else "", *days, rest)
    remarks = "；".join(part for part in parts if part)
    return Understood({k: v for k, v in values.items() if isinstance(v, Found)}, questions, remarks)


def _runs_on(moment: Moment) -> bool:
    return moment.end is not None and moment.end.date() > moment.start.date()
