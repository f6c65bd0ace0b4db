"""The filled form as it goes back: every row where it stood, and beside it what became of it.

It is written anew from the values that were read: nothing else of the file that came in (formulas, links, drawings,
what hides in its parts) goes back to anybody.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bot.documents.filing_template import COLUMNS, SHEET, VERDICT, Offer, furnish, saved
from bot.documents.filled_workbook import Filled, Value

_RED, _GREEN = Font(color="C00000"), Font(color="548235")
_AT_FAULT = PatternFill("solid", start_color="FFC7CE")
_WRAP = Alignment(wrap_text=True, vertical="center")
_STYLES = {one.field: one.style for one in COLUMNS}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a row. ``cells``: those at fault, such as F5."""

    text: str
    good: bool
    cells: Collection[str] = ()


def write_back(filled: Filled, verdicts: Mapping[int, Verdict], offer: Offer) -> bytes:
    """The same sheet with a column 核对结果: red where something is to be done, green where the row is taken."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = re.sub(r"[\\/*?:\[\]']", "", filled.title)[:31] or SHEET
    by_column = {at: name for name, at in filled.columns.items()}
    for row, values in filled.grid.items():
        for at, value in enumerate(values, 1):
            if value is not None:
                _put(sheet.cell(row, at), value, _STYLES.get(by_column.get(at, ""), ""))
    for top, left, bottom, right in filled.merged:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for row in filled.hidden:
        sheet.row_dimensions[row].hidden = True
    furnish(book, sheet, filled.columns, offer, filled.head_row, filled.head_row + 1)
    _verdicts(sheet, filled, verdicts)
    return saved(book)


def _verdicts(sheet: Any, filled: Filled, verdicts: Mapping[int, Verdict]) -> None:
    last = max(at for values in filled.grid.values() for at, value in enumerate(values, 1) if value is not None)
    last = max([last, *(right for _, _, bottom, right in filled.merged if bottom >= filled.head_row)])
    at = filled.columns.get("verdict", last + 1)
    sheet.cell(filled.head_row, at, VERDICT).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(at)].width = 46
    for row, verdict in verdicts.items():
        cell = sheet.cell(row, at)
        _put(cell, verdict.text)
        cell.font, cell.alignment = _GREEN if verdict.good else _RED, _WRAP
        for ref in verdict.cells:
            sheet[ref].fill = _AT_FAULT


def _put(cell: Any, value: Value, style: str = "") -> None:
    """Write a value so that no program takes a text for a formula, not even after it is touched."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type, cell.quotePrefix = "s", value[:1] in "=+-@\t\r"
    else:
        cell.value = value
    if style and not isinstance(value, str):
        cell.number_format = style
