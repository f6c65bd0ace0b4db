"""What understanding a message yields."""

from dataclasses import dataclass, field
from typing import Any

# start, end: aware datetimes in China's zone. occurrences: every Moment of an activity of several days or sessions.
FIELDS = (
    "project",
    "name",
    "start",
    "end",
    "all_day",
    "occurrences",
    "place",
    "town",
    "kind",
    "audience",
    "attendance",
    "contact_name",
    "contact_phone",
    "summary",
    "budget",
    "media_invited",
    "remarks",
)


@dataclass(frozen=True)
class Found:
    """A value, the piece of the message it came from, and how sure the rules are (0 to 1)."""

    value: Any
    text: str
    confidence: float = 0.95


@dataclass(frozen=True)
class Question:
    """Something to ask about ``field``: a machine reason, the values to choose from, and the piece in doubt.

    The options of ``start`` are ``Moment`` values (start, end, all_day); those of other fields are plain values.
    """

    field: str
    reason: str
    options: tuple[Any, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Understood:
    """``remarks``: what was not understood, so that no word is lost."""

    found: dict[str, Found] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    remarks: str = ""
