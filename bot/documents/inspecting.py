"""A file is looked at once, when it has come: what it is, whether it is taken, and what is read out of it.

Runs in a thread. Bounded in memory and time by the size of the file (`bot.channels.base.LARGEST_FILE`), by the number of
pixels a picture may have, and by what `read_filled` allows a workbook.
"""

import re
from dataclasses import dataclass, field

from bot.documents.pictures import BadPicture, Picture, look_at
from bot.documents.signatures import XLSX, Form, Refusal, identify

LONGEST_NAME = 120
# What no system likes in a name, what cannot be seen, and what turns the reading direction.
_UNFIT = re.compile(
    r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]'
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """``name``: fit to be shown and saved under. ``workbook``: what `read_filled` made of an .xlsx."""

    content: bytes = field(repr=False)
    name: str = ""
    form: Form | None = None  # None where it is refused
    refusal: Refusal | None = None
    picture: Picture | None = None
    workbook: object | None = None


def inspect(content: bytes, name: str = "") -> Inspected:
    """Look at a file; never raises. What is refused has neither a form nor anything read out of it."""
    found = identify(content)
    if isinstance(found, Refusal):
        return Inspected(content, fit_name(name), refusal=found)
    extension = _extension(name)
    if extension and extension not in found.extensions:
        return Inspected(content, fit_name(name), refusal=Refusal.MISMATCH)
    picture, workbook = None, None
    if found.kind == "image":
        try:
            picture = look_at(content)
        except BadPicture as fault:
            return Inspected(content, fit_name(name), refusal=Refusal(fault.reason))
    if found is XLSX:
        from bot.documents.filled_workbook import read_filled  # openpyxl is imported on first use

        workbook = read_filled(content)
    return Inspected(content, fit_name(name, found), found, None, picture, workbook)


def fit_name(name: str, form: Form | None = None) -> str:
    """A name to show and to save under, with the ending of its form."""
    kept = _UNFIT.sub("", name).strip(" .")
    if form is None:
        return kept[:LONGEST_NAME]
    stem = kept.rpartition(".")[0] if _extension(kept) in form.extensions else kept
    return f"{stem[:LONGEST_NAME] or '未命名'}.{_extension(kept) if stem != kept else form.extensions[0]}"


def _extension(name: str) -> str:
    """The ending of a name in small letters; empty where it has none: that of 总结10.24 is part of a day."""
    stem, _, last = _UNFIT.sub("", name).strip(" .").rpartition(".")
    return last.lower() if stem and re.fullmatch(r"(?=.*[A-Za-z])[0-9A-Za-z]{1,5}", last) else ""
