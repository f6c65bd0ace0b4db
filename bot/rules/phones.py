"""Telephone numbers: mobiles, landlines with an area code, extensions."""

import re
from dataclasses import dataclass

_MOBILE = r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)"
_LANDLINE = (
    r"(?<!\d)(?<!\d-)\(?0(?:[12]\d|[3-9]\d\d)\)?[- ]?[2-9]\d{2,3}[- ]?\d{4}(?!\d)"
    r"(?: ?(?:转|分机|#|ext\.?) ?\d{1,6}|-\d{1,5}(?![\d:]))?"
)
PHONE = re.compile(f"{_MOBILE}|{_LANDLINE}", re.IGNORECASE)
# Eight digits are a Dongguan number only where a word says that it is one.
LOCAL = re.compile(
    r"(?:电话|手机|方式|座机|固话|tel)[:为是 ]{0,2}"
    r"([2-8]\d{3}[- ]?\d{4}(?: ?(?:转|分机|-|#) ?\d{1,6})?)(?!\d)",
    re.IGNORECASE,
)
# … or where it stands behind somebody's name.
_NAMED = re.compile(r"(?<=[一-龥])[ ,:(/]{0,2}((?!20[12]\d[01]\d)[2-8]\d{7})(?!\d|人|元)")
_NEARLY = re.compile(r"(?<![\d.])1[3-9]\d{7,13}(?!\d)")

AREA_CODE = "0769"


@dataclass(frozen=True)
class Phone:
    """A number in one form (``13800138000``, ``0769-22222222转801``) and where in the text it stands."""

    value: str
    begin: int
    end: int


def normal_phone(written: str) -> str:
    """One form for a number as found by ``PHONE`` or ``LOCAL``."""
    marked = re.sub(r"(?i)分机|#|ext\.?", "转", written)
    number, _, extension = marked.partition("转")
    head, dash, tail = number.rpartition("-")
    if dash and len(tail) <= 5 and _is_landline(re.sub(r"\D", "", head)):
        number, extension = head, tail  # 0769-22222222-801
    digits = re.sub(r"\D", "", number)
    extension = re.sub(r"\D", "", extension)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if digits.startswith("0"):
        area = 3 if digits[1] in "12" else 4
        digits = f"{digits[:area]}-{digits[area:]}"
    elif len(digits) == 8:
        digits = f"{AREA_CODE}-{digits}"
    return f"{digits}转{extension}" if extension else digits


def _is_landline(digits: str) -> bool:
    return len(digits) in (11, 12) if digits.startswith("0") else len(digits) == 8 and digits[0] != "1"


def find_phones(reading: str) -> list[Phone]:
    """Every telephone number in a folded text, in order."""
    found = [Phone(normal_phone(m.group()), m.start(), m.end()) for m in PHONE.finditer(reading)]
    for match in (*LOCAL.finditer(reading), *_NAMED.finditer(reading)):
        if not any(p.begin < match.end(1) and match.start(1) < p.end for p in found):
            found.append(Phone(normal_phone(match[1]), match.start(1), match.end(1)))
    return sorted(found, key=lambda p: p.begin)


def find_wrong_phones(reading: str) -> list[str]:
    """Numbers that look like a mobile with a digit too few or too many."""
    return [m.group() for m in _NEARLY.finditer(reading) if not PHONE.fullmatch(m.group())]


def read_phone(reading: str) -> str | None:
    """The number in an answer to «联系电话？»; eight digits alone are a local number here."""
    found = find_phones(reading)
    if found:
        return found[0].value
    bare = re.fullmatch(r"\D{0,6}([2-8]\d{3}[- ]?\d{4}(?: ?(?:转|-|#) ?\d{1,6})?)\D{0,4}", reading.strip())
    return normal_phone(bare[1]) if bare else None
