"""Tables that an office keeps in a file: the cells of an .xlsx or .csv, whatever wrote it."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

from bot.errors import UserError

MOST_ROWS = 20_000
MOST_COLUMNS = 40
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
FAULTS_SHOWN = 10


def read_table(path: Path) -> list[list[Any]]:
    """The rows of the first sheet, its heading first; raises `UserError` that says what is wrong with the file."""
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
    if not table:
        raise UserError(f"{path.name} 是空的。")
    if len(table) > MOST_ROWS + 1:
        raise UserError(f"{path.name} 超过 {MOST_ROWS} 行，请拆成几个文件。")
    return table


def refuse(name: str, faults: list[str]) -> None:
    """Raise `UserError` with the faults of a table, where there are any: nothing of it is taken."""
    if faults:
        more = f"\n……另有 {len(faults) - FAULTS_SHOWN} 处" if len(faults) > FAULTS_SHOWN else ""
        listed = "\n".join(faults[:FAULTS_SHOWN])
        raise UserError(f"{name} 有 {len(faults)} 处需要改正，没有导入任何一行：\n{listed}{more}")


def text_of(cell: Any) -> str:
    """What stands in a cell, as a person reads it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


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
    table = [list(row) for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)]
    book.close()
    return table
