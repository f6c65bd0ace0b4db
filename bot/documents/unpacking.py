"""A workbook from outside is looked through before anything is made of it: sizes, depth, DTDs, macros, huge ranges.

Every part is unpacked as a stream and goes through a parser that keeps nothing but counts and, of a sheet, what a
reader of values does not tell: which cells are formulas, which are merged, which rows are hidden.
"""

import io
import re
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 500
# A filled form has about 10,000 in its sheet. Empty cells that somebody gave a border cost little; what stands in the
# other parts (styles, texts) becomes objects.
MOST_IN_SHEETS, MOST_ELSEWHERE = 400_000, 80_000
DEEPEST = 50
SECONDS = 10.0

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Refused(Exception):
    """This is no workbook to read. ``reason``: a machine word; ``detail``: what to name with it."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class SheetPart:
    """What is to know of one sheet beside its values. Rows and columns count from 1."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, first column, last row, last column
    hidden: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)  # those with anything in them


def look_through(
    content: bytes, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> dict[str, SheetPart]:
    """The sheets of a workbook that may be read, by the name of their part; raises `Refused` for any other file."""
    if len(content) > LARGEST_FILE:
        raise Refused("too_large", f"{LARGEST_FILE // 1024 // 1024} MB")
    if content.startswith(_OLE):
        raise Refused("old_or_locked")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _parts(packed, clock() + seconds, clock)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as fault:
        raise Refused("no_workbook") from fault


def _parts(packed: zipfile.ZipFile, until: float, clock: Callable[[], float]) -> dict[str, SheetPart]:
    parts = packed.infolist()
    names = {one.filename.lower() for one in parts}
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("no_workbook")
    if any(PurePosixPath(name).name == "vbaproject.bin" for name in names):
        raise Refused("macros")
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST_UNPACKED:
        raise Refused("unpacks_too_large")
    sheets: dict[str, SheetPart] = {}
    room = {True: MOST_IN_SHEETS, False: MOST_ELSEWHERE}
    for one in parts:
        reader = _PartReader(room)
        with packed.open(one) as stream:
            # A part that gives more than it declares is refused by zipfile itself; it never gives more than declared.
            while chunk := stream.read(_CHUNK):
                if clock() > until:
                    raise Refused("too_slow")
                reader.feed(chunk)
        reader.close(needed=one.filename.lower().endswith((".xml", ".rels")))
        if reader.sheet is not None:
            sheets[one.filename] = reader.sheet
    return sheets


class _PartReader:
    """Goes once over a part; what is no XML is let pass, since nothing will be made of it.

    ``room``: how many elements there may still be, in sheets (True) and in all other parts.
    """

    def __init__(self, room: dict[bool, int]) -> None:
        self._room = room
        self.sheet: SheetPart | None = None
        self._depth = self._row = self._column = 0
        self._is_xml: bool | None = None  # not yet known
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.buffer_text = True

    def feed(self, chunk: bytes) -> None:
        if self._is_xml is False:
            return
        try:
            self._parser.Parse(chunk, False)
            self._is_xml = True
        except expat.ExpatError:
            self._is_xml = False

    def close(self, *, needed: bool) -> None:
        """The part has ended; one that has to be XML and is not is refused."""
        if self._is_xml:
            try:
                self._parser.Parse(b"", True)
            except expat.ExpatError:
                self._is_xml = False
        if needed and not self._is_xml:
            raise Refused("no_workbook")

    def _doctype(self, *_: object) -> None:
        raise Refused("no_workbook")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        self._depth += 1
        if self._depth == 1:
            self.sheet = SheetPart() if kind == "worksheet" else None
        in_sheet = self.sheet is not None
        self._room[in_sheet] -= 1
        if self._depth > DEEPEST or self._room[in_sheet] < 0:
            raise Refused("too_complex")
        if self.sheet is not None and self._depth > 1:
            self._in_sheet(self.sheet, kind, attributes)

    def _in_sheet(self, sheet: SheetPart, kind: str, attributes: dict[str, str]) -> None:
        if kind == "row":
            self._row = _number(attributes.get("r"), self._row + 1, LAST_ROW)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                sheet.hidden.add(self._row)
        elif kind == "c":
            ref = _REF.fullmatch(attributes.get("r", ""))
            if ref:
                self._row, self._column = _number(ref[2], 0, LAST_ROW), column_index_from_string(ref[1].upper())
            else:
                self._column += 1
            if self._column > LAST_COLUMN:
                raise Refused("no_workbook")
        elif kind in ("v", "is", "f"):
            sheet.rows.add(self._row)
            if kind == "f":
                sheet.formulas.add((self._row, self._column))
        elif kind == "mergeCell":
            sheet.merged.append(_range(attributes.get("ref", "")))

    def _end(self, _name: str) -> None:
        self._depth -= 1


def _number(written: str | None, otherwise: int, most: int) -> int:
    number = int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else otherwise
    if not 1 <= number <= most:
        raise Refused("no_workbook")
    return number


def _range(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    one, other = _REF.fullmatch(first), _REF.fullmatch(last or first)
    if one is None or other is None:
        raise Refused("no_workbook")
    rows = sorted(_number(m[2], 0, LAST_ROW) for m in (one, other))
    columns = sorted(column_index_from_string(m[1].upper()) for m in (one, other))
    return rows[0], columns[0], rows[1], columns[1]


def cell_name(row: int, column: int) -> str:
    """``F5`` for row 5, column 6."""
    return f"{get_column_letter(column)}{row}"
