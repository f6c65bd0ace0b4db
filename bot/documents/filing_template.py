"""The .xlsx that a unit fills in: its columns, what they offer to choose from, a line of hints and an example."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from bot.rules.kinds import KINDS
from bot.rules.towns import dongguan

MOST_ROWS = 200
HEAD_ROW = 1
SHEET, CHOICES = "活动报备表", "选项"
VERDICT = "核对结果"

_HEAD = PatternFill("solid", start_color="DDEBF7")
_HEAD_REQUIRED = PatternFill("solid", start_color="FCE4D6")
_THIN = Side("thin", color="BFBFBF")
_LINE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GREY = Font(italic=True, color="808080")
_WRAP = Alignment(wrap_text=True, vertical="center")


@dataclass(frozen=True, slots=True)
class Column:
    """``style``: the number format of its cells."""

    field: str
    title: str
    width: int
    hint: str = ""
    example: Any = None
    required: bool = False
    style: str = "General"


COLUMNS = (
    Column("number", "序号", 7, "说明", "示例"),
    Column("unit", "单位", 26, "点选", required=True),
    Column("project", "项目", 24, "点选"),
    Column("name", "活动名称", 28, "必填", "示例：垃圾分类进社区讲座", True, "@"),
    Column("day", "活动日期", 14, "必填，如 2020-10-24；多天可写 10月24日至26日", None, True, "yyyy-mm-dd"),
    Column("start", "开始时间", 11, "必填，如 9:00，下午写 14:30", time(9, 0), True, "hh:mm"),
    Column("end", "结束时间", 11, "如 11:30；不填按两小时计", time(11, 30), False, "hh:mm"),
    Column("town", "镇街", 12, "点选", "莞城街道"),
    Column("place", "活动地点", 28, "必填，写到场所", "莞城文化广场", True, "@"),
    Column("kind", "活动形式", 11, "点选", "讲座"),
    Column("audience", "面向对象", 16, "", "社区居民", False, "@"),
    Column("attendance", "预计人数", 10, "必填，填一个数", 120, True),
    Column("contact_name", "负责人", 11, "必填", "李敏", True, "@"),
    Column("contact_phone", "联系电话", 16, "必填", "13800138000", True, "@"),
    Column("summary", "内容简介", 36, "一两句话", "现场讲解并演示垃圾分类", False, "@"),
    Column("budget", "经费（元）", 11, "", 3000),
    Column("media_invited", "是否邀请媒体", 14, "点选", "否"),
    Column("late_reason", "逾期原因", 22, "超过最迟报备日才填", None, False, "@"),
    Column("remarks", "备注", 24, "", None, False, "@"),
)  # fmt: skip
_CHOSEN = ("unit", "project", "town", "kind", "media_invited")
_STRICT = ("unit", "project")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the lists offer: the person's units (a column of its own where there are several) and their projects."""

    units: tuple[str, ...]
    projects: tuple[str, ...] = ()

    def columns(self) -> tuple[Column, ...]:
        """The columns of this person's template."""
        left_out = {"unit"} if len(self.units) < 2 else set()
        if not self.projects:
            left_out.add("project")
        return tuple(one for one in COLUMNS if one.field not in left_out)


def make_template(offer: Offer, example_day: date) -> bytes:
    """An empty form; ``example_day`` is written into the example, which is passed over when the form comes back."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    columns = offer.columns()
    for at, column in enumerate(columns, 1):
        example = example_day if column.field == "day" else column.example
        for row, value in enumerate(
            (f"{column.title}{'*' if column.required else ''}", column.hint, example), HEAD_ROW
        ):
            cell = sheet.cell(row, at, value)
            cell.alignment, cell.border, cell.number_format = _WRAP, _LINE, column.style
            if row > HEAD_ROW:
                cell.font = _GREY
    for row, height in enumerate((24, 78, 34), HEAD_ROW):
        sheet.row_dimensions[row].height = height
    first = HEAD_ROW + 3
    furnish(book, sheet, {one.field: at for at, one in enumerate(columns, 1)}, offer, HEAD_ROW, first)
    return saved(book)


def furnish(
    book: Workbook, sheet: Any, columns: dict[str, int], offer: Offer, head_row: int, first_row: int
) -> None:  # fmt: skip
    """Give a sheet the form's look and its checks on typing; ``columns``: field → number of its column."""
    known = {one.field: one for one in COLUMNS}
    names = _choices(book, offer)
    for name, at in columns.items():
        column = known.get(name)
        if column is None:
            continue
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = column.style
        head = sheet.cell(head_row, at)
        head.font, head.fill = Font(bold=True), _HEAD_REQUIRED if column.required else _HEAD
        check = _check(column, names)
        if check is not None:
            check.add(f"{letter}{first_row}:{letter}{first_row + MOST_ROWS - 1}")
            sheet.add_data_validation(check)
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head_row}:{head_row}"


def is_hint_or_example(values: dict[str, Any]) -> bool:
    """Whether a row (field → what stands there) is still the template's own line of hints, or its example untouched."""
    known = {one.field: one for one in COLUMNS}
    held = {name: value for name, value in values.items() if value not in (None, "") and name in known}
    hints = [name for name, value in held.items() if known[name].hint and value == known[name].hint]
    if len(hints) >= 3 and len(hints) * 2 > len(held):
        return True
    own = ("name", "place", "attendance", "contact_name")
    return all(name in held and held[name] == known[name].example for name in own)


def saved(book: Workbook) -> bytes:
    """The file of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _choices(book: Workbook, offer: Offer) -> set[str]:
    """The lists, on a sheet that is not shown, each under a name: every spreadsheet program finds them by that."""
    lists: dict[str, Sequence[str]] = {
        "unit": offer.units,
        "project": offer.projects,
        "town": [town.name for town in dongguan().towns],
        "kind": KINDS,
        "media_invited": ("是", "否"),
    }
    sheet: Any = book.create_sheet(CHOICES)
    sheet.sheet_state = "hidden"
    for at, (name, words) in enumerate(lists.items(), 1):
        for row, word in enumerate(words, 1):
            cell = sheet.cell(row, at, word)
            cell.data_type = "s"  # a unit's name is a text even if it begins like a formula
        if words:
            letter = get_column_letter(at)
            place = f"'{sheet.title}'!${letter}$1:${letter}${len(words)}"
            book.defined_names[f"list_{name}"] = DefinedName(f"list_{name}", attr_text=place)
    return {name for name, words in lists.items() if words}


def _check(column: Column, lists: set[str]) -> DataValidation | None:
    check: DataValidation
    if column.field in lists:
        check = DataValidation("list", formula1=f"list_{column.field}")
        check.errorStyle = "stop" if column.field in _STRICT else "warning"
        check.error = "请从列表里选。"
    elif column.field == "day":
        check = DataValidation("date", operator="between", formula1="36526", formula2="73051")  # 2000 to 2100
        check.errorStyle, check.error = "warning", "这不像一个日期，请写成 2020-10-24。多天的活动可以写文字。"
    elif column.field in ("start", "end"):
        check = DataValidation("time", operator="between", formula1="0", formula2="0.999988")
        check.errorStyle, check.error = "warning", "这不像一个时间，请写成 9:00 或 14:30。"
    elif column.field == "attendance":
        check = DataValidation("whole", operator="between", formula1="1", formula2="1000000")
        check.errorStyle, check.error = "warning", "请填一个整数，如 120。"
    else:
        return None
    check.allow_blank, check.showErrorMessage = True, True
    check.errorTitle = column.title
    return check


def shown(value: Any) -> str:
    """A cell's value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time(0) else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
