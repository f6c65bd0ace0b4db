"""Messages as units write them, with the fields that a person would read out of them.

``held_out.json`` was written before the rules and is never looked at while they are tuned; ``tuning.json`` is.
A case: text, expect (field → value, times as 2020-10-24T09:00 in China; ``days``: how many occurrences), ask
(field → reason of the question), now, remarks (exactly) or remarks_has (pieces of them).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import CHINA
from bot.rules.understanding import FIELDS, understand

HALVES = ("tuning", "held_out")
WHEN = ("start", "end", "occurrences", "all_day")
ATTENDANCE = ("attendance",)
NOW = "2020-10-12T10:00"
# Scored whether expected or not: an invented value is as wrong as a missed one.
SCORED = tuple(f for f in FIELDS if f not in ("remarks", "occurrences", "all_day"))
_KEYS = {"text", "expect", "ask", "now", "remarks", "remarks_has"}


@dataclass(frozen=True)
class Score:
    """One field of one message: what was expected and what came."""

    case: int
    field: str
    right: bool
    expected: Any
    got: Any


def cases(half: str) -> list[dict[str, Any]]:
    """The messages of one half."""
    body: list[dict[str, Any]] = json.loads(Path(__file__).with_name(f"{half}.json").read_text(encoding="utf-8"))
    for case in body:
        unknown = set(case) - _KEYS
        if unknown:
            raise ValueError(f"unknown keys {unknown} in {case['text']!r}")
    return body


def _plain(value: Any) -> Any:
    return value.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value


def score(number: int, case: dict[str, Any]) -> list[Score]:
    """Every scored field of one message; a question counts as right where the case expects that question."""
    now = datetime.fromisoformat(case.get("now", NOW)).replace(tzinfo=CHINA)
    got = understand(case["text"], now)
    values = {k: _plain(v.value) for k, v in got.found.items()}
    asked = {q.field: q.reason for q in got.questions}
    out = []
    for field in SCORED:
        expected, reason = case["expect"].get(field), case.get("ask", {}).get(field)
        if reason is not None:
            out.append(
                Score(number, field, asked.get(field) == reason, f"?{reason}", values.get(field, asked.get(field)))
            )
        elif expected is not None or field in values or field in asked:
            mine = values.get(field, f"?{asked[field]}" if field in asked else None)
            out.append(Score(number, field, mine == expected, expected, mine))
    if "days" in case["expect"]:
        found = got.found.get("occurrences")
        days = len(found.value) if found else 1
        out.append(Score(number, "occurrences", days == case["expect"]["days"], case["expect"]["days"], days))
    if case["expect"].get("all_day"):
        out.append(Score(number, "all_day", values.get("all_day") is True, True, values.get("all_day")))
    if "remarks" in case:
        out.append(Score(number, "remarks", got.remarks == case["remarks"], case["remarks"], got.remarks))
    for piece in case.get("remarks_has", ()):
        out.append(Score(number, "remarks", piece in got.remarks, piece, got.remarks))
    return out


def scores(half: str) -> list[Score]:
    """Every scored field of one half."""
    return [s for number, case in enumerate(cases(half)) for s in score(number, case)]


def share(found: list[Score], *fields: str) -> float:
    """The share of right fields (of ``fields``, where given)."""
    chosen = [s for s in found if not fields or s.field in fields]
    return sum(s.right for s in chosen) / len(chosen) if chosen else 1.0
