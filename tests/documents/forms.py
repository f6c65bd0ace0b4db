"""Filling in the template as a person would, and taking workbooks apart as an attacker would."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import openpyxl

from bot.clock import CHINA
from bot.documents.filing_template import Offer, make_template
from bot.documents.filled_row import Line, read_row
from bot.documents.filled_workbook import Filled, read_filled

NOW = datetime(2020, 10, 12, 10, tzinfo=CHINA)
OFFER = Offer(("东莞市环保志愿者协会",), ("垃圾分类科普进万家",))
FIRST = 4  # below the head, the hints and the example
GOOD: dict[str, Any] = {
    "活动名称": "垃圾分类进社区讲座", "活动日期": date(2020, 10, 24), "开始时间": time(9), "结束时间": time(11, 30),
    "活动地点": "莞城文化广场", "活动形式": "讲座", "预计人数": 120, "负责人": "李敏", "联系电话": "13800138000",
}  # fmt: skip


def filled(*rows: Mapping[str, Any], offer: Offer = OFFER, touch: Callable[[Any], None] | None = None) -> bytes:
    """The template with these rows (heading → value) from row 4 on; ``touch`` may do more to the sheet."""
    book = openpyxl.load_workbook(io.BytesIO(make_template(offer, date(2020, 10, 24))))
    sheet = book.worksheets[0]
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, FIRST):
        for head, value in row.items():
            if head not in heads:
                heads[head] = len(heads) + 1
                sheet.cell(1, heads[head], head)
            cell = sheet.cell(number, heads[head], value)
            if isinstance(value, str):
                cell.data_type = "s"
    if touch:
        touch(sheet)
    return packed_book(book)


def packed_book(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_back(content: bytes) -> Filled:
    read = read_filled(content)
    assert isinstance(read, Filled), read.reason
    return read


def lines(content: bytes) -> list[Line]:
    """What the rows of a workbook mean."""
    return [read_row(row, NOW) for row in read_back(content).rows]


def values(line: Line) -> dict[str, Any]:
    return {name: found.value for name, found in line.found.items()}


def with_parts(content: bytes, change: Mapping[str, bytes | Callable[[bytes], bytes] | None]) -> bytes:
    """The same package with parts put in, changed or left out (None)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in [*before.namelist(), *(name for name in change if name not in before.namelist())]:
            wanted = change.get(name, b"")
            if name in before.namelist():
                part = before.read(name)
                if wanted is None:
                    continue
                part = wanted(part) if callable(wanted) else wanted or part
            else:
                assert isinstance(wanted, bytes)
                part = wanted
            after.writestr(name, part)
    return out.getvalue()
