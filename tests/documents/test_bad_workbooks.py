"""What is no filled form, or wants to do harm: one reason for each, in little time and memory, and nothing read."""

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from itertools import count

import openpyxl
import pytest

from bot.documents.filled_workbook import Filled, read_filled
from bot.documents.unpacking import LARGEST_FILE, Refused, look_through
from tests.documents.forms import FIRST, GOOD, filled, lines, packed_book, read_back, with_parts

SHEET = "xl/worksheets/sheet1.xml"


def reason(content: bytes) -> str:
    read = read_filled(content)
    assert isinstance(read, Refused), "it was taken"
    return read.reason


def zeros_bomb() -> bytes:
    """48 MB in some 50 kB."""
    return with_parts(filled(GOOD), {"xl/media/image1.png": b"\0" * (48 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """A part that unpacks to far more than the directory says of it."""
    bomb = with_parts(filled(GOOD), {"xl/media/image1.png": b"\0" * (48 * 1024 * 1024)})
    at = bomb.rindex(b"xl/media/image1.png") - 46  # its entry in the directory
    return bomb[: at + 24] + struct.pack("<I", 100) + bomb[at + 28 :]


def deep(content: bytes) -> bytes:
    return content.replace(b"</sheetData>", b"<row>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</row></sheetData>")


def many(content: bytes) -> bytes:
    return content.replace(b"</sheetData>", b'<row r="9">' + b"<x/>" * 900_000 + b"</row></sheetData>")


def laughs(content: bytes) -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + entities + b"]>" + content


def strings_bomb() -> bytes:
    """Shared strings of hundreds of megabytes."""
    return with_parts(filled(GOOD), {"xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 100_000_000 + b"</t></si></sst>"})


def styles_without_end(content: bytes) -> bytes:
    return content.replace(
        b"</cellXfs>", b'<xf numFmtId="0"><alignment horizontal="left"/></xf>' * 60_000 + b"</cellXfs>"
    )


def wide_merge(content: bytes) -> bytes:
    return content.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>')


def far_row(content: bytes) -> bytes:
    return content.replace(b"</sheetData>", b'<row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData>')


def last_row(content: bytes) -> bytes:
    return content.replace(b"</sheetData>", b'<row r="1048576"><c r="D1048576"><v>1</v></c></row></sheetData>')


def one_text_in_every_cell() -> bytes:
    """Every cell of 200 rows holds a thousand characters."""
    return filled(*[dict.fromkeys(GOOD, "很长" * 500)] * 200)


def macros() -> bytes:
    return with_parts(filled(GOOD), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000


def no_head() -> bytes:
    book = openpyxl.Workbook()
    for _ in range(30):
        book.active.append(["姓名", "单位", "签到"])  # type: ignore[union-attr]
    return packed_book(book)


def head_too_far_down() -> bytes:
    book = openpyxl.Workbook()
    for _ in range(10):
        book.active.append(["关于报备的说明"])  # type: ignore[union-attr]
    book.active.append(list(GOOD))  # type: ignore[union-attr]
    book.active.append(list(GOOD.values()))  # type: ignore[union-attr]
    return packed_book(book)


def two_sheets() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(filled(GOOD)))
    book.copy_worksheet(book.worksheets[0]).title = "11月"
    return packed_book(book)


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "no_workbook"),
    "an .exe renamed": (lambda: b"MZ\x90\0" + b"\0" * 4000, "no_workbook"),
    "text renamed": (lambda: "活动名称,活动日期\n".encode(), "no_workbook"),
    "an old .xls or one with a password": (locked, "old_or_locked"),
    "half a download": (lambda: filled(GOOD)[:4000], "no_workbook"),
    "a zip of something else": (lambda: with_parts(filled(GOOD), {"[Content_Types].xml": None}), "no_workbook"),
    "more bytes than are taken": (lambda: filled(GOOD) + b"\0" * LARGEST_FILE, "too_large"),
    "macros": (macros, "macros"),
    "a zip bomb": (zeros_bomb, "unpacks_too_large"),
    "a zip bomb that lies about its size": (lying_bomb, "no_workbook"),
    "shared strings without end": (strings_bomb, "unpacks_too_large"),
    "one long text in every cell": (one_text_in_every_cell, "too_complex"),
    "XML as deep as a well": (lambda: with_parts(filled(GOOD), {SHEET: deep}), "too_complex"),
    "a million elements": (lambda: with_parts(filled(GOOD), {SHEET: many}), "too_complex"),
    "styles without end": (lambda: with_parts(filled(GOOD), {"xl/styles.xml": styles_without_end}), "too_complex"),
    "entities that multiply": (lambda: with_parts(filled(GOOD), {SHEET: laughs}), "no_workbook"),
    "XML that breaks off": (lambda: with_parts(filled(GOOD), {SHEET: lambda part: part[:300]}), "no_workbook"),
    "a row no sheet has": (lambda: with_parts(filled(GOOD), {SHEET: far_row}), "no_workbook"),
    "no head": (no_head, "no_head"),
    "a head below the first ten rows": (head_too_far_down, "no_head"),
    "an empty form": (lambda: filled(), "empty"),
    "ten thousand rows": (lambda: filled(*[GOOD] * 10_000), "too_many_rows"),
    "two filled sheets": (two_sheets, "several_sheets"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_workbook_is_refused_with_its_reason(case: str) -> None:
    make, expected = CASES[case]
    content = make()
    began = time.monotonic()
    assert reason(content) == expected
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("make", [zeros_bomb, lying_bomb, strings_bomb])
def test_bomb_is_refused_in_little_memory(make: Callable[[], bytes]) -> None:
    content = make()
    tracemalloc.start()
    try:
        read_filled(content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 * 1024 * 1024


def test_ten_thousand_rows_name_the_row_where_it_is_too_much() -> None:
    read = read_filled(filled(*[GOOD] * 10_000))
    assert isinstance(read, Refused)
    assert read.detail == str(FIRST + 200)


def test_two_hundred_rows_are_taken() -> None:
    assert len(lines(filled(*[GOOD] * 200))) == 200


def test_reading_stops_when_its_time_is_over() -> None:
    seconds = count(0, 4)
    with pytest.raises(Refused, match="too_slow"):
        look_through(filled(GOOD), seconds=10, clock=lambda: float(next(seconds)))


def test_merge_over_the_whole_sheet_costs_nothing() -> None:
    began = time.monotonic()
    assert len(read_back(with_parts(filled(GOOD), {SHEET: wide_merge})).rows) == 1
    assert time.monotonic() - began < 2


def test_lone_cell_in_the_last_row_is_one_more_row() -> None:
    began = time.monotonic()
    assert [row.number for row in read_back(with_parts(filled(GOOD), {SHEET: last_row})).rows] == [FIRST, 1_048_576]
    assert time.monotonic() - began < 4


def test_links_to_other_workbooks_are_never_followed() -> None:
    def link(sheet: object) -> None:
        sheet["D4"] = "='file:///etc/[passwd]x'!A1"  # type: ignore[index]

    [line] = lines(filled(GOOD, touch=link))
    assert [(one.ref, one.reason) for one in line.faults if one.reason == "formula"] == [("D4", "formula")]


def test_size_a_sheet_states_of_itself_is_not_believed() -> None:
    def shrink(part: bytes) -> bytes:
        begin = part.index(b"<dimension")
        return part[:begin] + b'<dimension ref="A1"/>' + part[part.index(b"/>", begin) + 2 :]

    assert len(read_back(with_parts(filled(GOOD, GOOD), {SHEET: shrink})).rows) == 2


@pytest.mark.parametrize("cut", range(0, 6000, 397))
def test_damaged_workbook_never_raises(cut: int) -> None:
    content = bytearray(filled(GOOD))
    content[cut % len(content)] ^= 0xFF
    read = read_filled(bytes(content))
    assert isinstance(read, Filled | Refused)


def test_package_without_its_workbook_part_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/x.xml", "<x/>")
    assert reason(out.getvalue()) == "no_workbook"
