"""The office's register of filings as a workbook that is safe to open."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bot.model import Filing
from bot.rules.masking import mask_phone, mask_phones_in

HEADS = (
    ("编号", 12), ("单位", 28), ("项目", 28), ("活动名称", 30), ("开始时间", 17), ("结束时间", 17), ("镇街", 12),
    ("地点", 30), ("形式", 8), ("面向对象", 16), ("预计人数", 10), ("负责人", 10), ("联系电话", 16), ("状态", 10),
    ("最迟报备日", 12), ("逾期工作日", 10), ("逾期原因", 24), ("实到人数", 10), ("照片数", 8), ("报道链接", 40),
    ("总结", 40), ("存疑提示", 24), ("内容简介", 40), ("备注", 30),
)  # fmt: skip
STATES = {
    "draft": "草稿", "submitted": "待备案", "amended": "变更待备案", "accepted": "已备案", "returned": "退回修改",
    "withdrawn": "已撤回", "cancelled": "已取消", "reported": "已总结", "verified": "已核验", "queried": "存疑",
}  # fmt: skip
FLAGS = {
    "overlap": "时间重叠", "two_places": "负责人同时在两地", "double_booked": "场地重复", "same_text": "内容雷同",
    "photo_reused": "照片重复使用",
}  # fmt: skip

# What a spreadsheet program takes for the beginning of a formula; a Chinese one takes the full-width signs too.
_FORMULA = tuple("=+-@＝＋－＠")
_WRAP = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class Entry:
    """A filing and what was counted beside it. ``flags``: kinds of the doubts that nobody has settled yet."""

    filing: Filing
    photos: int = 0
    flags: tuple[str, ...] = ()


def write_sheet(entries: Iterable[Entry], title: str, *, full_phones: bool) -> bytes:
    """The register as an .xlsx; without ``full_phones`` every number in it is masked, also those in free text."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(re.sub(r"[\\/*?:\[\]]", "", title)[:31] or "报备")
    sheet.freeze_panes = "A2"
    for at, (_, width) in enumerate(HEADS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([_head(sheet, name) for name, _ in HEADS])
    for entry in entries:
        sheet.append([None if value in ("", None) else _cell(sheet, value) for value in _values(entry, full_phones)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _values(entry: Entry, full_phones: bool) -> list[Any]:
    filing = entry.filing
    report = filing.report
    said = _as_said if full_phones else _masked
    phone = filing.contact_phone
    return [
        filing.number,
        filing.unit.name if filing.unit else "",
        filing.project.name if filing.project else "",
        said(filing.name),
        filing.start.replace(tzinfo=None) if filing.start else None,
        filing.end.replace(tzinfo=None) if filing.end else None,
        filing.town,
        said(filing.place),
        filing.kind,
        said(filing.audience),
        filing.attendance,
        said(filing.contact_name),
        phone if full_phones else mask_phone(phone) if phone else "",
        STATES[filing.state] + ("（补报）" if filing.retroactive else ""),
        filing.last_filing_day,
        filing.late_days or None,
        said(filing.late_reason),
        report.attendance if report else None,
        entry.photos or None,
        "\n".join(report.links) if report else "",
        said(report.text) if report else "",
        "、".join(FLAGS.get(kind, kind) for kind in entry.flags),
        said(filing.summary),
        said(filing.remarks),
    ]


def _as_said(text: str | None) -> str:
    return text or ""


def _masked(text: str | None) -> str:
    """Free text, wherever it stands: people write a number behind a name, or into the title."""
    return mask_phones_in(text or "")


def _head(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, value=name)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="DDEBF7")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """A cell that no spreadsheet program takes for a formula, whatever somebody named their activity."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type, cell.alignment = "s", _WRAP
        if value.lstrip()[:1] in _FORMULA:
            # Kept as text even after it is saved from Excel as CSV and opened again.
            cell.value, cell.data_type = f"'{value}", "s"
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    return cell
