"""Completing lines of a list in words: «3 地点 大步村», «第3个在长安公园», «负责人 我», «在长安公园»."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.rules.filing import missing
from bot.rules.numbers import read_number
from bot.rules.people import is_sender
from bot.rules.reading import read
from bot.rules.understanding import (
    Found,
    Question,
    changes_count,
    looks_like_filing,
    understand,
    understand_answer,
    understand_correction,
)
from bot.rules.understanding.labels import CONTACT, WHEN, find_label
from handlers.batch.answer import doubt
from handlers.batch.drafts import LONGEST_REASON, Taken
from handlers.filing.draft import end_or_usual, fill
from handlers.filing.fields import Fields

_FIGURE = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_NUMBERED = re.compile(
    rf"[ ]*(?:第(?P<n>{_FIGURE})(?:个活动|场活动|[行条号场项个])?|(?P<m>\d{{1,4}})(?:[行条号场项]|个(?=[在的改是放换]))?)"
    r"[ .、:,)。的]{0,3}(?!\d|[点时月年日.:/-])(?=\D)(?P<words>.+)"
)
# The answer to «which line?»: «3», «第三个», «3和4», «都是».
_ONE_LINE = re.compile(rf"第?({_FIGURE})(?:个活动|场活动|[行条号场项个])?")
# Possessive: a long row of digits is read in one way only, and not in every way in which it could be parted.
_LINES = re.compile(rf"(?:(?>{_ONE_LINE.pattern})[ ,、和与.。]*+)++(?:的|吧)?[.。 ]*")
_ALL = re.compile(r"(?:全部|所有|都|每个?|每一?场)(?:都?是|一样|的)*[.。! ]*")
_SET = re.compile(r"[ ]*(?:改成|改为|改到|是|为|:|,)?[ ]*")
_LONGEST_LABEL = 8
_LONGEST_VALUE = 60
_RENAMED = {WHEN: "start", CONTACT: "contact_name"}
# What a text without a label may say of a line: the field that it is mainly about, then what comes along with it.
_VALUES = ("place", "start", "attendance", "contact_name", "contact_phone")
_ALONG = ("town", "end", "all_day", "kind", "audience")
REASON = "逾期原因"


@dataclass(slots=True)
class Outcome:
    """``done``: lines with what was filled in. ``refused``: numbers with why nothing was.

    ``which``: a value that may be any of these lines': it is asked whose it is.
    """

    done: list[tuple[Taken, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    which: list[Taken] = field(default_factory=list)


def names_lines(text: str, lines: Collection[str]) -> bool:
    """Whether every line of a message begins with the number of a line that is known."""
    said = [one for one in read(text).reading.split("\n") if one.strip()]
    found = [_NUMBERED.fullmatch(one) for one in said]
    return bool(found) and all(one is not None and _number(one) in lines for one in found)


def complete(turn: Turn, lines: Sequence[Taken]) -> Outcome | None:
    """Fill in what a message says about lines; None where it is about none of them."""
    by_number = {str(one.number): one for one in lines}
    page = read(turn.text.strip())
    outcome = Outcome()
    asked = str(turn.conversation.state.get("value", ""))
    if asked and (named := _named(page.reading, by_number)):
        for one in named:
            _tell(turn, one, asked, outcome)
        return outcome
    if names_lines(page.text, by_number):
        for said, words in zip(page.reading.split("\n"), page.text.split("\n"), strict=True):
            found = _NUMBERED.fullmatch(said)
            if found:
                _tell(turn, by_number[_number(found)], words[found.start("words") :].strip(), outcome)
        return outcome
    if looks_like_filing(page.text):
        return None
    labelled = _label(page.text)
    name, value = labelled or (_field_of(turn, page.text), page.text)
    if not name:
        return None
    own = [one for one in lines if one.stranger is None]
    # «负责人 我» says the number as well.
    told = ("contact_name", "contact_phone") if name.startswith("contact") and is_sender(value) else (name,)
    wanting = [one for one in own if any(field in told for field in missing(Fields.of(one.filing).as_dict()))]
    if len(wanting) != 1 and not (wanting and name.startswith("contact")):
        outcome.which = wanting or own  # where none lacks it, it is a change of one that has it
        return outcome if outcome.which else None
    if is_sender(value) and not (turn.person and turn.person.name and turn.person.phone):
        outcome.refused.append((wanting[0].number, say("batch.no_own_contact")))
        return outcome
    for one in wanting:
        _tell(turn, one, page.text, outcome)
    return outcome


def _number(found: re.Match[str]) -> str:
    return str(read_number(found["n"] or found["m"]))


def _named(reading: str, by_number: Mapping[str, Taken]) -> list[Taken]:
    """The lines that an answer to «which line?» names."""
    if _ALL.fullmatch(reading):
        return list(by_number.values())
    if not _LINES.fullmatch(reading):
        return []
    numbers = [str(read_number(one)) for one in _ONE_LINE.findall(reading)]
    return [by_number[one] for one in dict.fromkeys(numbers)] if all(one in by_number for one in numbers) else []


def _field_of(turn: Turn, text: str) -> str:
    """The field that a short text without a label is a value of; empty where it says more, or nothing."""
    if len(text) > _LONGEST_VALUE or "\n" in text:
        return ""
    understood = understand(text, turn.now)
    told = [name for name in understood.found if name not in _ALONG]
    if understood.remarks or understood.questions or not told or not set(told) <= set(_VALUES):
        return ""
    return told[0] if len(told) == 1 or told == ["contact_name", "contact_phone"] else ""


def _tell(turn: Turn, one: Taken, words: str, outcome: Outcome) -> None:
    """One line's words, taken or refused."""
    values = _values(turn, one, words)
    found = {name: value for name, value in values.items() if isinstance(value, Found)}
    questions = [value for value in values.values() if isinstance(value, Question)]
    changed = fill(turn, one.filing, found)
    if REASON in values or (one.filing.late_reason and words.startswith(REASON)):
        changed = [*changed, "late_reason"]
    one.questions = ()
    if changed:
        shown, year = Fields.of(one.filing).masked(), turn.settings.programme.year
        end = end_or_usual(one.filing)
        done = say("batch.done", names=changed, shown=shown, end=end, late_reason=one.filing.late_reason, year=year)
        outcome.done.append((one, done))
    elif questions:
        outcome.refused.append((one.number, doubt(questions[0])))
    else:
        outcome.refused.append((one.number, say("batch.not_understood", number=one.number)))


def _values(turn: Turn, one: Taken, words: str) -> dict[str, Found | Question]:
    if words.startswith(REASON):
        one.filing.late_reason = _SET.sub("", words.removeprefix(REASON), count=1)[:LONGEST_REASON]
        return {}
    labelled = _label(words)
    gaps = missing(Fields.of(one.filing).as_dict())
    day = one.filing.start.date() if one.filing.start else None
    if labelled is not None and not changes_count(words):
        return _answer(turn, labelled[0], labelled[1], day)
    held = Fields.of(one.filing)
    changed = understand_correction(words, turn.now, {**held.as_dict(), "end": held.usual_end})
    if changed:
        return dict(changed)
    name = _field_of(turn, words)
    if name and name not in gaps:
        return _answer(turn, name, words, day)
    if len(gaps) == 1:
        return _answer(turn, gaps[0], words, day)
    return {name: found for name, found in understand(words, turn.now).found.items() if name in (*gaps, "end", "town")}


def _answer(turn: Turn, name: str, value: str, day: date | None) -> dict[str, Found | Question]:
    person = turn.person
    if name.startswith("contact") and is_sender(value) and person and person.name and person.phone:
        return {"contact_name": Found(person.name, value), "contact_phone": Found(person.phone, value)}
    return dict(understand_answer(name, value, turn.now, day)) if value else {}


def _label(words: str) -> tuple[str, str] | None:
    """The field whose name the words begin with, and what follows."""
    reading = read(words).reading
    for size in range(min(_LONGEST_LABEL, len(reading)), 1, -1):
        found = find_label(reading[:size])
        if found is not None:
            rest = _SET.match(reading, size)
            return _RENAMED.get(found, found), words[rest.end() if rest else size :].strip()
    return None
