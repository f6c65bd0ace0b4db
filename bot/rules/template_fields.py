"""What stands in the fields of a template of the official account, and how much of it.

The platform shows neither the first line nor the remark of a template message since May 2023, and of each field
20 characters on one line; a subscription notice with a field that is longer, or of another kind than the keyword's
name says (thing1, time2, phrase3 …), it refuses.
"""

import re
from collections.abc import Mapping
from datetime import datetime

EVERY_UNIT = "各有关单位"  # where a message is for nobody's unit in particular
USUAL_LIMIT = 20  # characters
LIMITS = {"phrase": 5, "name": 10, "character_string": 32, "number": 32, "letter": 32, "symbol": 5, "const": 20}
NEVER_SHOWN = ("first", "remark")
_HOURS = ("time", "date")
# What these hold, no words of a message fit.
_OWN_FORM = ("character_string", "number", "letter", "symbol", "amount", "phone_number", "car_number", "const")
_ADDRESS = re.compile(r"^(?:请各(?:实施)?单位|各(?:实施)?单位请?)[，,：:]?")
_PLACE = re.compile(r"\{\{(\w+)\.DATA\}\}")


def values_of(title: str, text: str, unit: str, now: datetime) -> dict[str, str]:
    """What the fields can be filled with. ``title``: «种类：标题», or what a reminder is called; then its text follows."""
    words, hour = " ".join(text.split()), f"{now.year}年{now.month}月{now.day}日 {now:%H:%M}"
    kind, _, named = title.partition("：")
    # To whom it is said is plain; of twenty characters the matter wants every one.
    head = _ADDRESS.sub("", named) or (f"{title}：{words}" if title and words else title or words)
    return {"kind": kind or words, "title": head, "text": words, "time": hour, "unit": unit or EVERY_UNIT}


def filled(fields: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Keyword → what stands there, cut to what it takes.

    ``fields``: keyword → kind, title, text, time, unit, or ``=`` and words.
    """
    return {
        keyword: _cut(" ".join((source[1:] if source.startswith("=") else values[source]).split()), _limit(keyword))
        for keyword, source in fields.items()
    }


def fault_of(keyword: str, source: str) -> str:
    """Why a keyword of a template cannot be filled so (Chinese); empty where it can."""
    if keyword in NEVER_SHOWN:
        return f"{keyword} 平台已不再显示，请去掉"
    kind = _kind(keyword)
    if source.startswith("="):
        return ""
    if kind in _OWN_FORM:
        return f"{keyword} 装不下通知的文字，只能写等号加固定文字"
    if kind in _HOURS and source != "time":
        return f"{keyword} 是时间，只能填 time"
    if source == "time" and kind in ("phrase", "name"):
        return f"{keyword} 装不下时间，请换成 title、text 或 unit"
    return ""


def places_in(content: str) -> list[str]:
    """The keywords of a template, without those that are never shown."""
    return [name for name in _PLACE.findall(content) if name not in NEVER_SHOWN]


def _kind(keyword: str) -> str:
    """What a keyword's name says of what it takes: thing of thing12."""
    return keyword.rstrip("0123456789")


def _limit(keyword: str) -> int:
    return LIMITS.get(_kind(keyword), USUAL_LIMIT)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
