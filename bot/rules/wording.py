"""How a day and a span of time are written in texts for people, and foreign words without what cannot be seen."""

import re
from datetime import date, datetime, timedelta

from bot.clock import CHINA

WEEKDAYS = "一二三四五六日"
# Controls, what XML forbids, zero-width characters and those that turn the reading direction.
INVISIBLE = "[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
_INVISIBLE = re.compile(INVISIBLE)


def visible(text: str) -> str:
    """The text without characters that show nothing, turn it round, or break the page or the feed that holds it."""
    return _INVISIBLE.sub("", text)


def clipped(text: str, length: int) -> str:
    """At most ``length`` characters, the last of them «…» where something is left out."""
    return text if len(text) <= length else text[: length - 1] + "…"


def format_day(day: date, year: int | None = None) -> str:
    """``10月21日（周三）``; with the year in front where ``day`` is not in the programme's ``year``."""
    if isinstance(day, datetime):
        day = day.astimezone(CHINA).date()
    head = f"{day.year}年" if year is not None and day.year != year else ""
    return f"{head}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def format_span(start: datetime, end: datetime | None = None, all_day: bool = False, year: int | None = None) -> str:
    """``10月24日（周六）09:00–11:30``, ``…全天``, or both days where it ends on another one."""
    start = start.astimezone(CHINA)
    day = format_day(start, year)
    if end is not None:
        end = end.astimezone(CHINA)
    same_day = end is None or end.date() == start.date()
    if all_day:
        return f"{day}全天" if same_day or end is None else f"{day}至{format_day(end, year)}全天"
    if end is None:
        return f"{day}{start:%H:%M}"
    if same_day:
        return f"{day}{start:%H:%M}–{end:%H:%M}"
    if end == datetime.combine(start.date() + timedelta(days=1), datetime.min.time(), CHINA):
        return f"{day}{start:%H:%M}–24:00"
    return f"{day}{start:%H:%M}–{format_day(end, year)}{end:%H:%M}"


def format_place(town: str, place: str) -> str:
    """``莞城街道 · 莞城文化广场``; an address that already begins with the town's full name stands alone."""
    if not town or (place.startswith(town) and town.endswith(("镇", "街道", "区"))):
        return place
    return f"{town} · {place}"
