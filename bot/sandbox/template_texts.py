"""Filling templates as the platform does: what it cuts of a template message, what it refuses of a subscription notice."""

import re
from typing import Any

from bot.sandbox.refusals import Refusal

PLACE = re.compile(r"\{\{(\w+)\.DATA\}\}")
LONGEST = 20  # characters of a field of a template message; more is cut off
NEVER_SHOWN = ("first", "remark")
# By the name of a keyword: what it takes in a subscription notice.
KINDS = {
    "thing": re.compile(r".{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "name": re.compile(r"[\u4e00-\u9fff]{1,10}|[^\u4e00-\u9fff]{1,20}"),
    "number": re.compile(r"[\d.]{1,32}"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "character_string": re.compile(r"[!-~ ]{1,32}"),
    "time": re.compile(r"(?:\d{4}年\d{1,2}月\d{1,2}日 ?)?\d{1,2}:\d{2}"),
    "date": re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?: \d{1,2}:\d{2})?"),
}


def without_ends(content: str) -> str:
    """A template message as it is shown since May 2023: without its first line and its remark."""
    kept = [line for line in content.splitlines() if not any(name in NEVER_SHOWN for name in PLACE.findall(line))]
    return "\n".join(kept)


def cut(data: dict[str, Any]) -> dict[str, Any]:
    """The fields on one line and cut to what is shown of them; that is no error."""
    shown = {}
    for name, field in data.items():
        text = " ".join(_value(field).split())
        shown[name] = {"value": text if len(text) <= LONGEST else text[:LONGEST] + "..."}
    return shown


def check_kinds(content: str, data: dict[str, Any]) -> None:
    """Refuse a field that is not what its keyword's name says (47003)."""
    for name in PLACE.findall(content):
        pattern = KINDS.get(name.rstrip("0123456789"))
        if pattern and not pattern.fullmatch(_value(data.get(name))):
            raise Refusal(47003, f"data.{name}.value invalid")


def filled(content: str, data: dict[str, Any]) -> str:
    """The text; a place without a value is refused (47003)."""

    def value(match: re.Match[str]) -> str:
        text = _value(data.get(match[1]))
        if not text:
            raise Refusal(47003, f"data.{match[1]}.value is empty")
        return text

    return PLACE.sub(value, content)


def lines(content: str, data: dict[str, Any]) -> list[dict[str, str]]:
    """Each line as label and value."""
    found = []
    for line in content.splitlines():
        # A label is what the template itself says in front, not a colon in what was filled in.
        label, mark, place = line.partition("：")
        labelled = bool(mark) and "{{" not in label
        found.append({"key": label if labelled else "", "value": filled(place if labelled else line, data)})
    return found


def _value(field: Any) -> str:
    text = field.get("value") if isinstance(field, dict) else None
    return "" if text is None else str(text)
