"""The statistics of a run, and the table that shows them."""

from collections.abc import Sequence
from math import ceil
from unicodedata import east_asian_width


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all do not exceed; ``ordered`` ascends."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in plain text: the first column to the left, figures to the right."""
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    lines = [_line(row, widths) for row in (head, ["─" * width for width in widths], *rows)]
    return "\n".join(["", title, "", *lines])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join([row[0] + first, *(gap + cell for gap, cell in zip(rest, row[1:], strict=True))]).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
