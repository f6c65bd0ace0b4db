"""Completing lines of a list in words: «3 地点 大步村», «第3行 人数60», «负责人 我»."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.rules.filing import missing
from bot.rules.reading import read
from bot.rules.understanding import Found, Question, understand, understand_answer, understand_correction
from bot.rules.understanding.labels import CONTACT, WHEN, find_label
from handlers.batch.answer import doubt
from handlers.batch.drafts import LONGEST_REASON, Taken
from handlers.filing.dialogue import is_sender
from handlers.filing.draft import fill
from handlers.filing.fields import Fields

_NUMBERED = re.compile(r"[ ]*第?(\d{1,4})(?:行|条|号|场|项)?[ .、:,)。]{0,3}(?!\d|[点时月年日.:/-])(?=\D)(.+)")
_SET = re.compile(r"[ ]*(?:改成|改为|改到|是|为|:|,)?[ ]*")
_LONGEST_LABEL = 8
_RENAMED = {WHEN: "start", CONTACT: "contact_name"}
REASON = "逾期原因"


@dataclass(slots=True)
class Outcome:
    """``done``: lines with the names of what was filled in. ``refused``: numbers with why nothing was."""

    done: list[tuple[Taken, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def names_lines(text: str, lines: Mapping[str, object]) -> bool:
    """Whether every line of a message begins with the number of a line that is known."""
    said = [one for one in read(text).reading.split("\n") if one.strip()]
    found = [_NUMBERED.fullmatch(one) for one in said]
    return bool(found) and all(one is not None and str(int(one[1])) in lines for one in found)


def complete(turn: Turn, lines: Sequence[Taken]) -> Outcome | None:
    """Fill in what a message says about lines; None where it is about none of them."""
    by_number = {str(one.number): one for one in lines}
    page = read(turn.text.strip())
    outcome = Outcome()
    if names_lines(page.text, by_number):
        for said, words in zip(page.reading.split("\n"), page.text.split("\n"), strict=True):
            found = _NUMBERED.fullmatch(said)
            if found:
                _tell(turn, by_number[str(int(found[1]))], words[found.start(2) :].strip(), outcome)
        return outcome
    labelled = _label(page.text)
    if labelled is None:
        return None
    name, value = labelled
    own = [one for one in lines if one.stranger is None]
    wanting = [one for one in own if name in missing(Fields.of(one.filing).as_dict())]
    if not wanting or (len(wanting) > 1 and not name.startswith("contact")):
        return None
    if is_sender(value) and not (turn.person and turn.person.name and turn.person.phone):
        outcome.refused.append((wanting[0].number, say("batch.no_own_contact")))
        return outcome
    for one in wanting:
        _tell(turn, one, page.text, outcome)
    return outcome


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
        outcome.done.append((one, say("batch.done", names=changed)))
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
    if labelled is not None:
        return _answer(turn, labelled[0], labelled[1], day)
    held = Fields.of(one.filing)
    changed = understand_correction(words, turn.now, {**held.as_dict(), "end": held.usual_end})
    if changed:
        return dict(changed)
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
