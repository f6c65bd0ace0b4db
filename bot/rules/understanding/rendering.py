"""Fields written out as labelled lines, so that ``understand`` reads the same fields back.

A value that would be read otherwise (a name with a date in it, remarks with a telephone number) stands between
literal marks.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import CHINA
from bot.rules.moments import Moment, find_in
from bot.rules.names import looks_like_name, name_at
from bot.rules.reading import read
from bot.rules.towns import find_town
from bot.rules.understanding.labelled import take_labelled
from bot.rules.understanding.sections import LITERAL_MARKS, find_sections
from bot.rules.understanding.sheet import Sheet
from bot.rules.understanding.types import Found
from bot.rules.understanding.values import Values

LABELS = {
    "project": "项目名称",
    "name": "活动名称",
    "start": "活动时间",
    "end": "结束时间",
    "place": "活动地点",
    "town": "所属镇街",
    "kind": "活动形式",
    "audience": "面向对象",
    "attendance": "预计人数",
    "contact_name": "负责人",
    "contact_phone": "联系电话",
    "summary": "活动内容",
    "budget": "经费预算",
    "media_invited": "是否邀请媒体",
    "remarks": "备注",
}
_WORDS = ("project", "name", "place", "audience", "summary")
_ANY_NOW = datetime(2020, 1, 1, tzinfo=CHINA)


def render(values: Mapping[str, Any], remarks: str = "") -> str:
    """The form's fields (field → value, as in ``Understood.found``) and the remarks, a line each."""
    lines = []
    for field, label in LABELS.items():
        body = remarks if field == "remarks" else _body(field, values)
        if body:
            lines.append(labelled(field, label, body))
    return "\n".join(lines)


def labelled(field: str, label: str, body: str) -> str:
    """One line of a form: its label and what stands behind it, between literal marks where it would be misread."""
    line = f"{label}：{body}"
    if field not in (*_WORDS, "contact_name", "remarks") or _reads_back(field, line, body):
        return line
    for opening, closing in LITERAL_MARKS.items():
        if opening not in body and closing not in body:
            return f"{label}：{opening}{body}{closing}"
    return line


def _reads_back(field: str, line: str, body: str) -> bool:
    if field == "contact_name":
        page = read(body)
        whole = looks_like_name(page.reading) and name_at(page.reading, 0) == (0, len(body))
        return whole and not find_in(page.text, page.reading, _ANY_NOW)
    if field == "remarks":
        return False  # words in remarks are nobody's value, whatever they look like
    sheet, found = Sheet(read(line)), Values()
    sections = find_sections(sheet.reading)
    take_labelled(sheet, sections, found, _ANY_NOW)
    one = found.get(field)
    alone = len(found) - ("town" in found) == 1 and len(sections) == 1
    return isinstance(one, Found) and one.value == body and alone and all(sheet.taken)


def _body(field: str, values: Mapping[str, Any]) -> str:
    value = values.get(field)
    if field == "start":
        return _when(values)
    if value is None or value == "":
        return ""
    if field == "end":
        return "" if values.get("start") else _instant(value)
    if field == "town":
        place = values.get("place")
        town = find_town(place) if place else None
        return "" if town and town.name == value else str(value)
    if field == "attendance":
        return f"{value}人"
    if field == "budget":
        return f"{value}元" if value < 10_000_000 else f"{value / 10_000:g}万元"
    if field == "media_invited":
        return "是" if value else "否"
    return str(value)


def _when(values: Mapping[str, Any]) -> str:
    start = values.get("start")
    if start is None:
        return ""
    several = values.get("occurrences")
    if several:
        return "；".join(_moment(one) for one in several)
    return _moment(Moment(start, values.get("end"), bool(values.get("all_day"))))


def _moment(one: Moment) -> str:
    """One occurrence with its year, to the minute."""
    start = one.start.astimezone(CHINA)
    if one.all_day:
        return f"{_day(start)}全天"
    if one.end is None:
        return _instant(start)
    end = one.end.astimezone(CHINA)
    if end.date() == start.date():
        return f"{_instant(start)}-{end:%H:%M}"
    if end == start.replace(hour=0, minute=0) + timedelta(days=1):
        return f"{_instant(start)}-24:00"
    return f"{_instant(start)}至{_instant(end)}"


def _instant(moment: datetime) -> str:
    moment = moment.astimezone(CHINA)
    return f"{_day(moment)}{moment:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"
