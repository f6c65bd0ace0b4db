"""The list of units, projects and planned activities as an office keeps it: one .xlsx or .csv, one line a planned activity.

Columns by their heading, in any order: 单位名称* 镇街 项目名称 项目编号 金额（元） 计划活动 计划日期. A unit or project that
stands on several lines is made once; importing again changes nothing that is already there.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.cli.tables import read_table, refuse, text_of
from bot.errors import UserError
from bot.model import Activity, Project, Unit
from bot.rules.towns import find_town
from bot.rules.working_days import last_filing_day
from bot.store.unit_of_work import UnitOfWork

COLUMNS = ("单位名称", "镇街", "项目名称", "项目编号", "金额（元）", "计划活动", "计划日期")
ALIASES = {"单位": "单位名称", "实施单位": "单位名称", "所在镇街": "镇街", "项目": "项目名称", "编号": "项目编号",
           "金额": "金额（元）", "金额(元)": "金额（元）", "活动": "计划活动", "活动名称": "计划活动", "日期": "计划日期",
           "活动日期": "计划日期"}  # fmt: skip


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
    return _rows(read_table(path), path.name)


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


def _rows(table: list[list[Any]], name: str) -> list[Row]:
    heads = [text_of(cell) for cell in table[0]]
    at = {ALIASES.get(head, head): i for i, head in enumerate(heads) if head}
    if "单位名称" not in at:
        raise UserError(f"{name} 第 1 行没有“单位名称”一列。需要的列：{'、'.join(COLUMNS)}。")
    rows: list[Row] = []
    faults: list[str] = []
    for number, cells in enumerate(table[1:], 2):
        held = {head: cells[i] if i < len(cells) else None for head, i in at.items()}
        if not any(text_of(cell) for cell in held.values()):
            continue
        row = _row(held, number, at, faults)
        if row:
            rows.append(row)
    refuse(name, faults)
    if not rows:
        raise UserError(f"{name} 只有表头，没有内容。")
    return rows


def _row(held: dict[str, Any], number: int, at: dict[str, int], faults: list[str]) -> Row | None:
    def fault(column: str, what: str) -> None:
        faults.append(f"{_letter(at[column])}{number}（{column}）：{what}")

    unit = text_of(held["单位名称"])
    if not unit or len(unit) > 100:
        fault("单位名称", "不能为空" if not unit else "太长")
    amount = held.get("金额（元）")
    try:
        fen = int(Decimal(str(amount).replace(",", "")) * 100) if text_of(amount) else None
    except (InvalidOperation, ValueError, OverflowError):
        fen = None
        fault("金额（元）", f"“{text_of(amount)[:20]}”不是金额")
    day = held.get("计划日期")
    planned = _day(day)
    if text_of(day) and planned is None:
        fault("计划日期", f"“{text_of(day)[:20]}”不是日期，请写成 2020-10-24")
    activity = text_of(held.get("计划活动"))
    if activity and not text_of(day):
        if "计划日期" in at:
            fault("计划日期", "有计划活动就要有日期")
        else:
            fault("计划活动", "有计划活动就要有“计划日期”一列")
    town = text_of(held.get("镇街"))
    known = find_town(town or unit)
    return Row(
        unit,
        known.name if known else town,
        text_of(held.get("项目名称")),
        text_of(held.get("项目编号")),
        fen,
        activity,
        planned,
    )


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell).replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def _letter(column: int) -> str:
    return chr(65 + column) if column < 26 else f"A{chr(65 + column - 26)}"
