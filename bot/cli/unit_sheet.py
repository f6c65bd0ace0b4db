"""The list of units, projects and planned activities as an office keeps it: one .xlsx or .csv, one line a planned activity.

Columns by their heading, in any order: 单位名称* 镇街 项目名称 项目编号 金额（元） 计划活动 计划日期. A unit or project that
stands on several lines is made once; importing again changes nothing that is already there.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.errors import UserError
from bot.model import Activity, Project, Unit
from bot.rules.towns import find_town
from bot.rules.working_days import last_filing_day
from bot.store.unit_of_work import UnitOfWork

COLUMNS = ("单位名称", "镇街", "项目名称", "项目编号", "金额（元）", "计划活动", "计划日期")
ALIASES = {"单位": "单位名称", "实施单位": "单位名称", "所在镇街": "镇街", "项目": "项目名称", "编号": "项目编号",
           "金额": "金额（元）", "金额(元)": "金额（元）", "活动": "计划活动", "活动名称": "计划活动", "日期": "计划日期",
           "活动日期": "计划日期"}  # fmt: skip
MOST_ROWS = 20_000
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    unit: str
    town: str
    project: str
    code: str
    amount_fen: int | None
    activity: str
    planned_on: date | None


@dataclass(slots=True)
class Made:
    """What an import added."""

    units: int = 0
    projects: int = 0
    activities: int = 0


def read_sheet(path: Path) -> list[Row]:
    """The rows of the list; raises `UserError` that names every faulty cell."""
    if not path.is_file():
        raise UserError(f"没有找到文件 {path}。")
    if path.stat().st_size > LARGEST_FILE:
        raise UserError(f"{path.name} 超过 {LARGEST_FILE // 1024 // 1024} MB，请拆成几个文件。")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        table = _csv(path)
    elif suffix == ".xlsx":
        table = _xlsx(path)
    else:
        raise UserError(f"{path.name} 不是 .xlsx 或 .csv。旧的 .xls 请在 Excel 里另存为 .xlsx。")
    return _rows(table, path.name)


def save(work: UnitOfWork, rows: list[Row]) -> Made:
    """Add what is not there yet."""
    made, year = Made(), work.settings.programme.year
    for row in rows:
        unit = work.session.scalars(select(Unit).where(Unit.name == row.unit)).first()
        if unit is None:
            unit = Unit(name=row.unit, town=row.town)
            work.session.add(unit)
            work.session.flush()
            made.units += 1
        project = _project(work, unit, row, year, made)
        if row.activity and row.planned_on:
            _activity(work, unit, project, row.activity, row.planned_on, made)
    work.audit("operator", "unit.import", "units", units=made.units, projects=made.projects, activities=made.activities)
    return made


def _project(work: UnitOfWork, unit: Unit, row: Row, year: int, made: Made) -> Project | None:
    if not row.project:
        return None
    wish = select(Project).where(Project.unit_id == unit.id, Project.year == year, Project.name == row.project)
    project = work.session.scalars(wish).first()
    if project is None:
        project = Project(unit_id=unit.id, year=year, name=row.project, code=row.code, amount_fen=row.amount_fen)
        work.session.add(project)
        work.session.flush()
        made.projects += 1
    return project


def _activity(work: UnitOfWork, unit: Unit, project: Project | None, name: str, day: date, made: Made) -> None:
    wish = select(Activity.id).where(Activity.unit_id == unit.id, Activity.name == name, Activity.planned_on == day)
    if work.session.scalar(wish) is not None:
        return
    last = last_filing_day(day, work.settings.programme.filing_working_days)
    project_id = project.id if project else None
    work.session.add(Activity(unit_id=unit.id, project_id=project_id, name=name, planned_on=day, last_filing_day=last))
    work.session.flush()
    made.activities += 1


def _csv(path: Path) -> list[list[Any]]:
    body = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China writes GBK
        try:
            return [list(row) for row in csv.reader(io.StringIO(body.decode(encoding)))][: MOST_ROWS + 2]
        except UnicodeDecodeError:
            continue
        except csv.Error as fault:
            raise UserError(f"{path.name} 不是有效的 CSV：{fault}") from None
    raise UserError(f"{path.name} 的编码无法识别，请另存为 UTF-8 的 CSV。")


def _xlsx(path: Path) -> list[list[Any]]:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise UserError(f"{path.name} 展开后太大，不像一份名单，没有导入。")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except UserError:
        raise
    except Exception:  # openpyxl raises a dozen kinds for a file that is no workbook
        raise UserError(f"{path.name} 打不开，可能不是真正的 .xlsx 文件。请在 Excel 里重新另存为 .xlsx。") from None
    sheet = book.worksheets[0]
    table = [list(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=40)]
    book.close()
    return table


def _rows(table: list[list[Any]], name: str) -> list[Row]:
    if not table:
        raise UserError(f"{name} 是空的。")
    heads = [_text(cell) for cell in table[0]]
    at = {ALIASES.get(head, head): i for i, head in enumerate(heads) if head}
    if "单位名称" not in at:
        raise UserError(f"{name} 第 1 行没有“单位名称”一列。需要的列：{'、'.join(COLUMNS)}。")
    if len(table) > MOST_ROWS + 1:
        raise UserError(f"{name} 超过 {MOST_ROWS} 行，请拆成几个文件。")
    rows: list[Row] = []
    faults: list[str] = []
    for number, cells in enumerate(table[1:], 2):
        held = {head: cells[i] if i < len(cells) else None for head, i in at.items()}
        if not any(_text(cell) for cell in held.values()):
            continue
        row = _row(held, number, at, faults)
        if row:
            rows.append(row)
    if faults:
        more = f"\n……另有 {len(faults) - 10} 处" if len(faults) > 10 else ""
        raise UserError(f"{name} 有 {len(faults)} 处需要改正，没有导入任何一行：\n" + "\n".join(faults[:10]) + more)
    if not rows:
        raise UserError(f"{name} 只有表头，没有内容。")
    return rows


def _row(held: dict[str, Any], number: int, at: dict[str, int], faults: list[str]) -> Row | None:
    def fault(column: str, what: str) -> None:
        faults.append(f"{_letter(at[column])}{number}（{column}）：{what}")

    unit = _text(held["单位名称"])
    if not unit or len(unit) > 100:
        fault("单位名称", "不能为空" if not unit else "太长")
    amount = held.get("金额（元）")
    try:
        fen = int(Decimal(str(amount).replace(",", "")) * 100) if _text(amount) else None
    except (InvalidOperation, ValueError, OverflowError):
        fen = None
        fault("金额（元）", f"“{_text(amount)[:20]}”不是金额")
    day = held.get("计划日期")
    planned = _day(day)
    if _text(day) and planned is None:
        fault("计划日期", f"“{_text(day)[:20]}”不是日期，请写成 2020-10-24")
    activity = _text(held.get("计划活动"))
    if activity and not _text(day):
        if "计划日期" in at:
            fault("计划日期", "有计划活动就要有日期")
        else:
            fault("计划活动", "有计划活动就要有“计划日期”一列")
    town = _text(held.get("镇街"))
    known = find_town(town or unit)
    return Row(
        unit,
        known.name if known else town,
        _text(held.get("项目名称")),
        _text(held.get("项目编号")),
        fen,
        activity,
        planned,
    )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell).replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _letter(column: int) -> str:
    return chr(65 + column) if column < 26 else f"A{chr(65 + column - 26)}"
