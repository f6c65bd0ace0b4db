"""The office's table of filings as a workbook that is safe to open."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.clock import CHINA
from bot.errors import ConfigError
from bot.model import Filing, FilingState
from bot.rules.masking import mask_phone

HEADS = (
    ("编号", 12), ("单位", 28), ("项目", 28), ("活动名称", 30), ("开始时间", 17), ("结束时间", 17), ("镇街", 12),
    ("地点", 30), ("形式", 8), ("面向对象", 16), ("预计人数", 10), ("负责人", 10), ("联系电话", 16), ("状态", 10),
    ("最迟报备日", 12), ("逾期工作日", 10), ("逾期原因", 24), ("实到人数", 10), ("报道链接", 40), ("内容简介", 40), ("备注", 30),
)  # fmt: skip
STATES = {
    "draft": "草稿", "submitted": "待备案", "accepted": "已备案", "returned": "退回修改", "withdrawn": "已撤回",
    "cancelled": "已取消", "reported": "已总结",
}  # fmt: skip


def month_span(month: str) -> tuple[datetime, datetime]:
    """The first instant of a month and of the next; ``month`` such as 2020-10."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", month)
    if not found or not 1 <= int(found[2]) <= 12:
        raise ConfigError(f"“{month}”不是月份，请写成 2020-10。")
    year, number = int(found[1]), int(found[2])
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=CHINA), datetime(*following, 1, tzinfo=CHINA)


def write_sheet(
    session: Session, path: Path, title: str, span: tuple[datetime, datetime] | None, *, full_phones: bool
) -> int:
    """Write the filings (drafts left out) in the order of their days; gives how many."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", "", title)[:31] or "报备")
    sheet.freeze_panes = "A2"
    for at, (_, width) in enumerate(HEADS):
        sheet.column_dimensions[chr(65 + at)].width = width
    sheet.append([_head(sheet, name) for name, _ in HEADS])
    wish = (
        select(Filing)
        .options(joinedload(Filing.unit), joinedload(Filing.project), joinedload(Filing.report))
        .where(Filing.state != FilingState.DRAFT)
        .order_by(Filing.start, Filing.id)
    )
    if span:
        wish = wish.where(Filing.start >= span[0], Filing.start < span[1])
    count = 0
    for filing in session.scalars(wish):
        sheet.append([_cell(sheet, value) for value in _values(filing, full_phones)])
        count += 1
    book.save(path)
    return count


def _values(filing: Filing, full_phones: bool) -> list[Any]:
    report = filing.report
    return [
        filing.number,
        filing.unit.name if filing.unit else "",
        filing.project.name if filing.project else "",
        filing.name,
        filing.start.replace(tzinfo=None) if filing.start else None,
        filing.end.replace(tzinfo=None) if filing.end else None,
        filing.town,
        filing.place,
        filing.kind,
        filing.audience,
        filing.attendance,
        filing.contact_name,
        filing.contact_phone if full_phones else mask_phone(filing.contact_phone) if filing.contact_phone else "",
        STATES[filing.state] + ("（补报）" if filing.retroactive else ""),
        filing.last_filing_day,
        filing.late_days or None,
        filing.late_reason,
        report.attendance if report else None,
        "\n".join(report.links) if report else "",
        filing.summary,
        filing.remarks,
    ]


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
        cell.data_type = "s"
        if value[:1] in ("=", "+", "-", "@", "\t", "\r"):
            # Kept as text even after it is saved from Excel as CSV and opened again.
            cell.value, cell.data_type = f"'{value}", "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    return cell
