"""The office's number 文号 of a notice: counted from 1 in each year, without a gap."""

import re
from collections.abc import Iterable


def next_number(pattern: str, year: int, given: Iterable[str]) -> str:
    """The number after the highest of those ``given`` that follow ``pattern`` in ``year``; ``{n}`` stands for the count."""
    before, after = (part.replace("{year}", str(year)) for part in pattern.split("{n}", 1))
    known = re.compile(rf"{re.escape(before)}([0-9]+){re.escape(after)}")
    highest = max((int(found[1]) for one in given if (found := known.fullmatch(one))), default=0)
    return f"{before}{highest + 1}{after}"
