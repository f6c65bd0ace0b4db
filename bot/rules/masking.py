"""Hiding personal data in what others see."""

import re

from bot.rules.phones import PHONE
from bot.rules.reading import read


def mask_phone(phone: str) -> str:
    """``138****8000`` for a mobile, ``0769-****5678`` for a landline; short numbers are hidden whole."""
    page = read(phone)
    digits = re.sub(r"\D", "", page.reading.split("转")[0])
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits[0] == "1":
        return f"{digits[:3]}****{digits[-4:]}"
    if digits.startswith("0") and len(digits) >= 10:
        area = digits[: 3 if digits[1] in "12" else 4]
        return f"{area}-****{digits[len(area) :][-4:]}"
    if len(digits) >= 7:
        return f"****{digits[-4:]}"
    return "****"


def mask_phones_in(text: str) -> str:
    """The text with every phone number masked: mobiles and landlines, spaces, dashes and full-width digits too."""
    page = read(text, limit=None)
    out, at = [], 0
    for found in PHONE.finditer(page.reading):
        out += [page.text[at : found.start()], mask_phone(found.group())]
        at = found.end()
    return "".join(out) + page.text[at:]


def mask_name(name: str) -> str:
    """``李*``, ``欧阳**``: the family name and a star for each further character."""
    name = name.strip()
    if len(name) < 2:
        return name
    keep = 2 if len(name) > 3 else 1
    return name[:keep] + "*" * (len(name) - keep)
