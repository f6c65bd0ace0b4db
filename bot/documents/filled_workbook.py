"""A workbook that came back: which sheet, which row is the head, and what stands in each cell; not yet what it means."""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from bot.documents.filing_template import MOST_ROWS, VERDICT, is_hint_or_example
from bot.documents.unpacking import Refused, SheetPart, cell_name, look_through
from bot.rules.reading import read
from bot.rules.understanding.labels import CONTACT, END, WHEN, find_label

Value = str | int | float | bool | date | time | timedelta

HEAD_WITHIN = 10
MOST_COLUMNS = 60
MOST_MERGES = 2000
MOST_TEXT = 500_000  # characters in all cells of a sheet
MOST_HEADINGS = 3  # of the core that a head must have, at least

# Of the office's own words; what a person calls the others, the rules for labelled texts know.
_WORDS = {
    "number": "序号|编号|行号|no|no.",
    "unit": "单位|单位名称|实施单位|申报单位|报备单位|承办单位|主办单位|举办单位|组织单位|所属单位",
    "town": "镇街|镇(街)|所在镇街|所属镇街|镇街园区|镇街(园区)|街道",
    "day": "日期|活动日期|举办日期|开展日期|开始日期|活动开始日期",
    "start": "开始时间|活动开始时间|开始|起始时间|起|几点开始",
    "end": "结束时间|活动结束时间|结束|截止时间|止|几点结束",
    "late_reason": "逾期原因|逾期说明|逾期报备原因",
    "verdict": VERDICT,
}
_FIELD = {word: name for name, words in _WORDS.items() for word in words.split("|")}
_RULES = {WHEN: "when", END: "end", CONTACT: "contact_name"}
_CORE = {"name", "day", "start", "when", "place", "attendance", "contact_name", "contact_phone"}
_DAYS = ("day", "when", "start", "end")
_NUMBER = re.compile(r"\d{4}-\d{4,}")
_TIMES = {"day", "start", "when"}

# What it leaves out of a workbook (drawings, unknown extensions) is of no interest here.
warnings.filterwarnings("ignore", module="openpyxl")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell. ``fault``: formula · error, where there is no value to take."""

    ref: str
    title: str
    value: Value
    fault: str = ""


@dataclass(slots=True)
class Row:
    """One line of the sheet, ``number`` as the sheet counts. ``others``: cells of columns the form does not have.

    ``draft``: the filing's number, where the row was answered before.
    """

    number: int
    cells: dict[str, Cell] = field(default_factory=dict)
    others: list[Cell] = field(default_factory=list)
    draft: str = ""


@dataclass(slots=True)
class Filled:
    """A sheet that was filled in. ``columns``: field → number of its column. ``grid``: every row as it stands."""

    title: str
    head_row: int
    columns: dict[str, int]
    rows: list[Row]
    hidden: list[int]  # rows with something in them that nobody sees: not taken
    grid: dict[int, list[Value | None]]
    merged: list[tuple[int, int, int, int]]

    def ref(self, name: str, row: int) -> str:
        """The cell of a field in a row, such as F5; empty where the sheet has no such column."""
        return cell_name(row, self.columns[name]) if name in self.columns else ""


def read_filled(content: bytes) -> Filled | Refused:
    """What was filled in, or why there is nothing to read. Takes at most some seconds and never raises; no `now` needed."""
    try:
        return _read(content)
    except Refused as refused:
        return refused
    except Exception:  # openpyxl raises a dozen kinds for a workbook that is not whole
        return Refused("no_workbook")


def _read(content: bytes) -> Filled:
    parts = look_through(content)
    book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        found = []
        for sheet in book.worksheets:
            part = parts.get(sheet._worksheet_path)
            if sheet.sheet_state == "visible" and part is not None:
                filled = _Reader(sheet, part, book.epoch).read()
                if filled is not None:
                    found.append(filled)
    finally:
        book.close()
    full = [one for one in found if one.rows or one.hidden]
    if len(full) > 1:
        raise Refused("several_sheets", "、".join(one.title for one in full[:5]))
    if not found:
        raise Refused("no_head", str(HEAD_WITHIN))
    if not full:
        raise Refused("empty")
    return full[0]


class _Reader:
    """Reads one sheet."""

    def __init__(self, sheet: Any, part: SheetPart, epoch: datetime) -> None:
        self._sheet = sheet
        self._part = part
        self._epoch = epoch
        self._titles: dict[int, str] = {}  # column → its heading
        self._fields: dict[int, str] = {}
        self._grid: dict[int, list[Value | None]] = {}
        self._faults: dict[tuple[int, int], str] = {}
        self._faulty: set[int] = set()  # rows with such a cell

    def read(self) -> Filled | None:
        """What the sheet holds; None where none of its first rows is the form's head."""
        head_row, rows, hidden = 0, list[Row](), list[int]()
        spread: dict[tuple[int, int], tuple[int, int]] = {}
        for number, values in self._values():
            if not head_row:
                head_row = self._head(number, values)
                if head_row:
                    spread = self._spread(head_row)
                elif number >= HEAD_WITHIN:
                    return None
                continue
            row = self._row(number, values, spread)
            if row is None:
                continue
            if number in self._part.hidden:
                hidden.append(number)
                continue
            rows.append(row)
            if len(rows) + len(hidden) > MOST_ROWS:
                raise Refused("too_many_rows", str(number))
        if not head_row:
            return None
        columns = {name: at for at, name in self._fields.items()}
        merged = [one for one in self._part.merged if one[2] <= max(self._grid) and one[3] <= MOST_COLUMNS]
        return Filled(self._sheet.title, head_row, columns, rows, hidden, self._grid, merged)

    def _values(self) -> Iterator[tuple[int, list[Value | None]]]:
        """The rows that hold anything, with their numbers."""
        self._sheet.reset_dimensions()  # what a file says of its own size is often wrong
        filled, text = self._part.rows, 0
        for number, cells in enumerate(self._sheet.iter_rows(max_row=max(filled, default=1), max_col=MOST_COLUMNS), 1):
            if number not in filled:
                continue
            values = [self._value(number, at, cell) for at, cell in enumerate(cells, 1)]
            text += sum(len(value) for value in values if isinstance(value, str))
            if text > MOST_TEXT:
                raise Refused("too_complex")
            if number in self._faulty or any(value is not None for value in values):
                self._grid[number] = values
                yield number, values

    def _value(self, row: int, at: int, cell: Any) -> Value | None:
        fault = "formula" if (row, at) in self._part.formulas else ""
        if not fault and cell.value is not None and cell.data_type == "e":
            fault = "error"
        if fault:
            self._faults[row, at] = fault
            self._faulty.add(row)
            return None
        value = cell.value
        if value is None:
            return None
        if isinstance(value, str):
            return value if read(value[:200]).text.strip() else None
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        name = self._fields.get(at)
        if name in _DAYS and isinstance(value, int | float) and not isinstance(value, bool) and 30_000 < value < 80_000:
            value = from_excel(value, self._epoch)  # a day in a cell that does not say it is one
        return value if isinstance(value, Value) else str(value)

    def _head(self, number: int, values: list[Value | None]) -> int:
        """The row's number if it is the form's head."""
        fields: dict[int, str] = {}
        for at, value in enumerate(values, 1):
            name = field_of(value) if isinstance(value, str) else None
            if name and name not in fields.values():
                fields[at] = name
        core = set(fields.values()) & _CORE
        if len(core) < MOST_HEADINGS or not ("name" in core or core & _TIMES):
            return 0
        self._fields = fields
        self._titles = {at: _title(value) for at, value in enumerate(values, 1) if value is not None}
        return number

    def _spread(self, head_row: int) -> dict[tuple[int, int], tuple[int, int]]:
        """The cells under a cell that is merged downwards, each with the cell that holds the value."""
        if len(self._part.merged) > MOST_MERGES:
            raise Refused("too_complex")
        found = {}
        for top, left, bottom, right in self._part.merged:
            if top <= head_row or left > MOST_COLUMNS:
                continue
            for row in range(top, min(bottom, top + MOST_ROWS) + 1):
                for column in range(left, min(right, MOST_COLUMNS) + 1):
                    if (row, column) != (top, left):
                        found[row, column] = (top, left)
        return found

    def _row(
        self, number: int, values: list[Value | None], spread: dict[tuple[int, int], tuple[int, int]]
    ) -> Row | None:  # fmt: skip
        """The row, or None where it says nothing of its own."""
        row = Row(number)
        own = False
        for at, value in enumerate(values, 1):
            fault = self._faults.get((number, at), "")
            name, title = self._fields.get(at, ""), self._titles.get(at, cell_name(number, at).rstrip("0123456789"))
            source = spread.get((number, at))
            if source and source[1] == at and value is None and not fault:
                value, fault = self._grid.get(source[0], [None] * at)[at - 1], self._faults.get(source, "")
            elif name not in ("number", "verdict") and (value is not None or (fault and name)):
                own = True  # a formula drawn down beside the form makes no row
            if value is None and not fault:
                continue
            cell = Cell(cell_name(number, at), title, value if value is not None else "", fault)
            if name == "verdict":
                known = _NUMBER.search(str(value))
                row.draft = known[0] if known else ""
            elif not name:
                row.others.append(cell)
            elif name != "number":
                row.cells[name] = cell
        if not own or is_hint_or_example({name: cell.value for name, cell in row.cells.items()}):
            return None
        return row


def field_of(heading: str) -> str | None:
    """The field that a column's heading names: 活动名称*, 联系电话（手机）, 会场 …"""
    word = re.sub(r"\s|[*:]", "", read(heading[:60]).reading).strip(".、,;|").lower()
    for tried in (word, re.sub(r"\([^()]*\)", "", word)):
        name = _FIELD.get(tried) or find_label(tried)
        if name:
            return _RULES.get(name, name)
    return None


def _title(value: Value) -> str:
    return re.sub(r"\s+", "", read(str(value)[:40]).text).rstrip("*＊") or "？"
