"""Tables in the Markdown of a notice, for places that show none."""

import re
from itertools import pairwise

_ROW = re.compile(r"\|(.+)\|")
_RULE = re.compile(r"\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?")


def has_table(text: str) -> bool:
    """Whether a text has a table: a row of names above a line of dashes."""
    lines = text.split("\n")
    return any(_is_rule(below) and "|" in above for above, below in pairwise(lines))


def without_tables(text: str) -> str:
    """The text with the rows of its tables as lines, their cells beside each other."""
    if not has_table(text):
        return text
    lines = [line for line in text.split("\n") if not _is_rule(line)]
    return "\n".join(_as_line(found[1]) if (found := _ROW.fullmatch(line.strip())) else line for line in lines)


def _is_rule(line: str) -> bool:
    return "|" in line and "-" in line and _RULE.fullmatch(line.strip()) is not None


def _as_line(cells: str) -> str:
    return "　".join(filter(None, (one.strip() for one in cells.split("|"))))
