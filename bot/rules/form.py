"""The inputs of the filing page as values of a filing's fields, and back; by the same rules as in the chat.

Every input is a text. What cannot be taken becomes a `Fault` beside its input, and changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.rules.form_when import WHEN, Fault, read_when, shown_when
from bot.rules.kinds import KINDS
from bot.rules.phones import find_phones
from bot.rules.reading import read
from bot.rules.towns import find_town
from bot.rules.understanding import Found, Question, understand_answer
from bot.rules.understanding.values import clean
from bot.rules.wording import visible

LIMITS = {
    "name": 100, "place": 200, "town": 40, "audience": 100, "attendance": 40, "contact_name": 40, "contact_phone": 40,
    "budget": 40, "summary": 2000, "remarks": 2000, "late_reason": 500,
}  # fmt: skip
SEVERAL_LINES = ("summary", "remarks", "late_reason")
MOST_PEOPLE = 1_000_000
_MEDIA = {"": None, "yes": True, "no": False}
_INPUTS = ("name", "place", "town", "kind", "audience", "attendance", "contact_name", "contact_phone", "summary",
           "budget", "media_invited", "remarks")  # fmt: skip
_MONEY = re.compile(r"\d{1,8}(?:\.\d{1,2})?元?")

Posted = Mapping[str, str]
_Values = dict[str, Found] | Fault


@dataclass(slots=True)
class Entered:
    """What was changed on the page. ``day``: chosen while the hours are still missing, so there is no start yet."""

    values: dict[str, Found] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    day: date | None = None


def shown(fields: Mapping[str, Any], day: date | None = None) -> dict[str, str]:
    """The inputs for a filing as it is. The telephone is never among them: the page shows it masked."""
    texts = {name: "" if fields[name] is None else str(fields[name]) for name in _INPUTS}
    invited = {value: name for name, value in _MEDIA.items()}[fields["media_invited"]]
    when = shown_when(fields["start"], fields["end"], fields["all_day"], day)
    return {**texts, **when, "media_invited": invited, "contact_phone": ""}


def read_form(posted: Posted, before: Posted, now: datetime) -> Entered:
    """What the page says anew. ``before``: the inputs as they were when it was shown; equal ones are left alone,
    so that a page that lay open does not undo what was said in the chat meanwhile."""
    entered = Entered()
    given = {name: tidy(name, text) for name, text in posted.items()}
    if "date" in given:
        given.setdefault("all_day", "")  # a box that is not ticked is not sent
    changed = {name for name, text in given.items() if text != tidy(name, before.get(name, ""))}
    for name in _INPUTS:
        if name in changed:
            _take(entered, name, _read(name, given[name], now))
    if "place" in entered.values and "town" not in changed:
        # A place that names no town leaves the one that stands on the page.
        town = find_town(given["place"])
        entered.values["town"] = Found(town.name if town else given.get("town", ""), given["place"])
    if changed & set(WHEN):
        values, entered.day, fault = read_when({**before, **given}, now)
        entered.values.update(values)
        if fault:
            entered.faults[fault.input] = fault
    return entered


def tidy(name: str, text: str) -> str:
    """A text as it was meant: without what cannot be seen, its ends and, but for long texts, its line ends."""
    text = visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text if name in SEVERAL_LINES else re.sub(r"\s+", " ", text)


def too_long(name: str, text: str) -> Fault | None:
    """The fault of a text that is longer than its field takes."""
    limit = LIMITS.get(name)
    return Fault(name, "too_long", str(limit)) if limit and len(text) > limit else None


def _take(entered: Entered, name: str, got: _Values) -> None:
    if isinstance(got, Fault):
        entered.faults[name] = got
    else:
        entered.values.update(got)


def _read(name: str, text: str, now: datetime) -> _Values:
    return too_long(name, text) or _READERS[name](text, now)


def _plain(name: str) -> Callable[[str, datetime], _Values]:
    def keep(text: str, _now: datetime) -> _Values:
        return {name: Found(text if name in SEVERAL_LINES else clean(text), text)}

    return keep


def _place(text: str, now: datetime) -> _Values:
    if not text:
        return {"place": Found("", "")}
    got = understand_answer("place", text, now).get("place")
    return {"place": got} if isinstance(got, Found) else Fault("place", "vague", text)


def _town(text: str, _now: datetime) -> _Values:
    town = find_town(text)
    return Fault("town", "town", text) if text and town is None else {"town": Found(town.name if town else "", text)}


def _kind(text: str, _now: datetime) -> _Values:
    return {"kind": Found(text, text)} if text in ("", *KINDS) else Fault("kind", "choice")


def _attendance(text: str, now: datetime) -> _Values:
    if not text:
        return {"attendance": Found(None, "")}
    got = understand_answer("attendance", text, now).get("attendance")
    if isinstance(got, Question) and got.reason == "counted_in_groups":
        return Fault("attendance", "groups", got.text)
    if not isinstance(got, Found) or got.value > MOST_PEOPLE:
        return Fault("attendance", "attendance", text)
    return {"attendance": got}


def _contact_name(text: str, now: datetime) -> _Values:
    phones = find_phones(read(text).reading)
    if not phones:
        return {"contact_name": Found(clean(text), text)}
    # «李敏 13800138000» in one box: both are meant. The name alone is what is left.
    first = phones[0]
    name = clean(read(text).text[: first.begin] + " " + read(text).text[first.end :])
    return {"contact_name": Found(name, text), "contact_phone": Found(first.value, text)}


def _contact_phone(text: str, now: datetime) -> _Values:
    if not text:
        return {}  # the box is empty as long as nobody types another number
    got = understand_answer("contact_phone", text, now).get("contact_phone")
    return {"contact_phone": got} if isinstance(got, Found) else Fault("contact_phone", "phone")


def _budget(text: str, now: datetime) -> _Values:
    reading = read(text).reading.replace(",", "").replace(" ", "")
    if _MONEY.fullmatch(reading):
        return {"budget": Found(f"{reading.removesuffix('元')}元", text)}
    return {"budget": Found(text, text)}  # «约3000元，其中场地1000元»: no word of it is lost


def _media(text: str, _now: datetime) -> _Values:
    return {"media_invited": Found(_MEDIA[text], text)} if text in _MEDIA else Fault("media_invited", "choice")


_READERS: dict[str, Callable[[str, datetime], _Values]] = {
    **{name: _plain(name) for name in ("name", "audience", "summary", "remarks")},
    "place": _place,
    "town": _town,
    "kind": _kind,
    "attendance": _attendance,
    "contact_name": _contact_name,
    "contact_phone": _contact_phone,
    "budget": _budget,
    "media_invited": _media,
}
