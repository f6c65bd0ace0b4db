"""A pasted table as a grid of cells: tabs as Excel pastes them, Markdown's bars, or columns of blanks."""

import re
from dataclasses import dataclass

from bot.rules.reading import read

MOST_CELLS = 40
_QUOTED = re.compile(r'"((?:[^"]|""){0,2000})"(?=\t|\n|$)')
_PLAIN = re.compile(r"[^\t\n]*")
_RULE = re.compile(r"[|:+=\- ]+")
_BLANKS = re.compile(r"[ \u3000]{2,}")


@dataclass(frozen=True)
class Line:
    """A row of cells and where in the message it stands; a line of words is one cell."""

    cells: tuple[str, ...]
    begin: int
    end: int


def tabbed(text: str) -> list[Line]:
    """Cells between tabs; one that holds line breaks, tabs or quotes is quoted, as Excel does it."""
    out: list[Line] = []
    cells: list[str] = []
    at = begin = 0
    while at <= len(text):
        quoted = _QUOTED.match(text, at)
        found = quoted or _PLAIN.match(text, at)
        assert found is not None
        cells.append(quoted[1].replace('""', '"') if quoted else found.group())
        at = found.end()
        if at < len(text) and text[at] == "\t":
            at += 1
            continue
        out.append(Line(tuple(cells[:MOST_CELLS]), begin, at))
        at += 1
        cells, begin = [], at
    return out


def barred(text: str) -> list[Line]:
    """Cells between bars; Markdown's rule below the heading is left out."""
    out = []
    for begin, line in _lines(text):
        plain = line.strip().replace("｜", "|").replace("│", "|")
        if "|" in plain and _RULE.fullmatch(plain):
            continue
        inner = plain.removeprefix("|").removesuffix("|")
        out.append(Line(tuple(inner.split("|")[:MOST_CELLS]), begin, begin + len(line)))
    return out


def spaced(text: str, pattern: re.Pattern[str] = _BLANKS) -> list[Line]:
    """Cells between two blanks or more (or what ``pattern`` says)."""
    return [
        Line(tuple(pattern.split(line.strip())[:MOST_CELLS]), begin, begin + len(line)) for begin, line in _lines(text)
    ]


def cell(text: str) -> str:
    """A cell's text without blanks at its ends; a line break stays one."""
    return re.sub(r"[ \u3000]*\n\s*", "\n", read(text).text.strip())


def _lines(text: str) -> list[tuple[int, str]]:
    out, at = [], 0
    for line in text.split("\n"):
        out.append((at, line))
        at += len(line) + 1
    return out
