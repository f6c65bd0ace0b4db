"""The person in charge and the number to call, chosen among all that a message names."""

import re
from dataclasses import dataclass

from bot.rules.people import find_people
from bot.rules.phones import Phone, find_phones, find_wrong_phones
from bot.rules.reading import Reading
from bot.rules.understanding.labelled import value_end
from bot.rules.understanding.labels import CONTACT
from bot.rules.understanding.sections import Section
from bot.rules.understanding.sheet import Sheet
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import Values, read_contact

_NEAR = 14
# 主讲王教授, 嘉宾：李院士: people who come, but not the one in charge.
_GUEST = re.compile(r"(?:主讲|讲师|嘉宾|专家|主持|授课|讲者|邀请|特邀)[^,。;\n \d]{0,12}\Z")


@dataclass(frozen=True)
class _Named:
    """A person that the message names; ``label``: the words that call them so, ``until``: where their piece ends."""

    begin: int
    end: int
    label: tuple[int, int]
    until: int
    rank: int
    confidence: float
    name: str


def take_contact(sheet: Sheet, sections: list[Section], found: Values) -> None:
    """contact_name and contact_phone."""
    opened = sheet.open
    phones = find_phones(opened)
    chosen: _Named | None = None
    if "contact_name" not in found:
        named = [*_of_sections(sheet, sections), *_of_free_text(sheet)]
        chosen = max(named, key=lambda one: (one.rank, one.confidence, -one.begin), default=None)
        if chosen:
            found["contact_name"] = Found(chosen.name, sheet.piece(chosen.begin, chosen.end), chosen.confidence)
    if isinstance(found.get("contact_phone"), Found):
        _take(sheet, chosen, None)
        return
    phone = _phone_of(phones, chosen)
    if phone:
        found["contact_phone"] = Found(phone.value, sheet.piece(phone.begin, phone.end))
    elif "contact_phone" not in found and (wrong := find_wrong_phones(opened)):
        found["contact_phone"] = Question("contact_phone", "wrong_length", (), wrong[0])
    _take(sheet, chosen, phone)


def _take(sheet: Sheet, chosen: _Named | None, phone: Phone | None) -> None:
    if chosen:
        sheet.take(*chosen.label)
        sheet.take(chosen.begin, chosen.end)
    if phone:
        sheet.take(phone.begin, phone.end)


def _of_sections(sheet: Sheet, sections: list[Section]) -> list[_Named]:
    out = []
    for section in sections:
        if section.field != CONTACT:
            continue
        rank = 3 if "负责" in section.word.replace(" ", "") else 2
        if section.literal:
            written = sheet.text[section.begin + 1 : section.end - 1]
            label = (section.label, section.begin)
            out.append(_Named(section.begin, section.end, label, section.end, 4, 0.95, written))
            continue
        end = value_end(sheet, section)
        if not sheet.open[section.begin : end].strip(" \n,。;:、|/-_"):
            sheet.take(section.label, section.begin)
            continue
        value = Reading(sheet.text[section.begin : end], sheet.open[section.begin : end])
        name = read_contact(value).get("contact_name")
        at = sheet.text.find(name.text, section.begin, end) if isinstance(name, Found) else -1
        if isinstance(name, Found) and at >= 0:
            last = at + len(name.text)
            out.append(
                _Named(at, last, (section.label, section.begin), end, rank, max(0.7, name.confidence), name.value)
            )
    return out


def _of_free_text(sheet: Sheet) -> list[_Named]:
    # A number that a label has taken already still shows whose it is.
    near = [(p.begin, p.end) for p in find_phones(sheet.reading)]
    out = []
    for one in find_people(sheet.reading, near):
        guest = one.rank < 2 and _GUEST.search(sheet.reading[max(0, one.begin - 16) : one.begin])
        if guest or any(sheet.taken[one.begin : one.end]):
            continue
        piece = sheet.piece(one.begin, one.end)
        name = piece if piece.isascii() else piece.replace(" ", "")
        # Below a label at a line's begin, which has read its value more closely.
        out.append(_Named(one.begin, one.end, (one.from_, one.begin), one.end, one.rank, one.confidence - 0.01, name))
    return out


def _phone_of(phones: list[Phone], chosen: _Named | None) -> Phone | None:
    """The number that stands beside the person; else the first of the message."""
    if chosen:
        own = [p for p in phones if chosen.begin <= p.begin < chosen.until]
        after = [p for p in phones if 0 <= p.begin - chosen.end <= _NEAR]
        before = [p for p in phones if 0 <= chosen.begin - p.end <= _NEAR]
        for near in (own, after, before):
            if near:
                return near[0]
    return phones[0] if phones else None
