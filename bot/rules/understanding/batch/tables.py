"""Rows out of a grid: with a heading, the columns say what is what; without one, each row speaks for itself."""

import re
from dataclasses import dataclass, replace

from bot.rules.phones import find_phones
from bot.rules.reading import read
from bot.rules.understanding.batch.cells import Line, barred, cell, spaced, tabbed
from bot.rules.understanding.batch.rows import LONGEST_ROW, MOST_ROWS, Batch, Row
from bot.rules.understanding.batch.serials import dated, plain
from bot.rules.understanding.batch.standing import stands_alone
from bot.rules.understanding.batch.units import unit_words
from bot.rules.understanding.labels import CONTACT, END, WHEN, bare, find_label
from bot.rules.understanding.rendering import LABELS, labelled
from bot.rules.understanding.values import clean

NUMBER, UNIT, REST = "number", "unit", "rest"
_NUMBER = re.compile(r"序号?|编号|no\.?|#|行号|项次|场次")
_UNIT = re.compile(r"(?:实施|主办|承办|举办|报备|填报|组织|申报|责任|所属|项目)?单位(?:名称)?|机构(?:名称)?|学会|协会")
_ONE_LINE = ("name", "place", "project", "audience", "kind", "town")
_SKIPPED = re.compile(r"(?:合计|总计|小计|例|示例|例如|样例|填写说明)")
_HEADING_WITHIN = 12  # lines that may stand before the heading
_SINGLE_BLANK = re.compile(r"[ \u3000]+")
_MIN_CELLS = 3


@dataclass(frozen=True)
class _Column:
    """What a column holds (a field, or NUMBER, UNIT, REST) and its heading."""

    field: str
    title: str


def table(text: str) -> Batch | None:
    """The rows of a pasted table; None where the message is none."""
    folded = read(text, limit=None).reading
    if "\t" in text and (got := _of_grid(text, tabbed(text), strict=False)):
        return got
    if "|" in folded and (got := _of_grid(text, barred(text), strict=False)):
        return got
    # Columns of blanks: only as many cells as the heading has are in their columns.
    if "  " in folded and (got := _of_grid(text, spaced(text), strict=True)):
        return got
    return _of_grid(text, spaced(text, _SINGLE_BLANK), strict=True, least=4)


def _of_grid(text: str, lines: list[Line], *, strict: bool, least: int = 2) -> Batch | None:
    turned = _turned(lines)
    for grid in (lines, turned) if turned else (lines,):
        at = _heading(grid, least)
        if at is not None:
            head = "" if grid is turned else text[: grid[at].begin]
            return _with_heading(grid[at], grid[at + 1 :], head, strict)
    return None if strict else _without_heading(lines)


def _columns(line: Line) -> list[_Column]:
    out = []
    for written in line.cells:
        word = bare(read(cell(written)).reading.replace("\n", ""))
        title = re.sub(r"\s+", "", cell(written))
        if _NUMBER.fullmatch(word):
            out.append(_Column(NUMBER, title))
        elif _UNIT.fullmatch(word):
            out.append(_Column(UNIT, title))
        else:
            out.append(_Column(find_label(word) or REST, title))
    if not any(one.field == "name" for one in out):
        # 时间、地点、内容、人数: the content is what the activity is called.
        out = [_Column("name", LABELS["name"]) if one.field == "summary" else one for one in out]
    return out


def _heading(lines: list[Line], least: int) -> int | None:
    """Which line is the heading: one where most cells are labels, of at least ``least`` fields."""
    for at, line in enumerate(lines[:_HEADING_WITHIN]):
        if _SKIPPED.match(line.cells[0].strip()):
            continue
        filled = [one for one in _columns(line) if one.title]
        known = {one.field for one in filled} - {REST, NUMBER, UNIT}
        labels = [one for one in filled if one.field != REST]
        if len(known) >= least and len(labels) * 5 >= len(filled) * 3 and known & {"name", WHEN, "place"}:
            return at
    return None


def _turned(lines: list[Line]) -> list[Line] | None:
    """A table whose first column is the heading, an activity a column."""
    filled = [one for one in lines if len(one.cells) > 2 and one.cells[0].strip()]
    named = [one for one in filled if find_label(read(cell(one.cells[0])).reading)]
    if len(named) < _MIN_CELLS or len(named) * 5 < len(filled) * 3 or len(named) > 20:
        return None
    width = max(len(one.cells) for one in filled)
    columns = [tuple(one.cells[i] if i < len(one.cells) else "" for one in filled) for i in range(width)]
    # A form in two pairs of columns (label, value, label, value) is one activity.
    if sum(find_label(read(cell(one)).reading) is not None for one in columns[2]) > 1:
        return None
    return [Line(one, 0, 0) for one in columns]


def _with_heading(heading: Line, lines: list[Line], head: str, strict: bool) -> Batch | None:
    columns = _columns(heading)
    above: dict[int, str] = {}
    rows: list[Row] = []
    around, left = [head], 0
    for line in lines:
        cells = [cell(one) for one in line.cells[: len(columns)]]
        filled = [one for one in cells if one]
        if len(filled) < 2 or _SKIPPED.match(filled[0]):
            around += ["，".join(filled)] if filled else []
        elif tuple(line.cells) == tuple(heading.cells):
            continue  # a heading that every page repeats
        elif len(rows) == MOST_ROWS:
            left += 1
        elif strict and len(line.cells) != len(columns):
            rows.append(_free(len(rows) + 1, line))
        else:
            _repeat_merged(columns, cells, above)
            extra = [one for one in map(cell, line.cells[len(columns) :]) if one]
            rows.append(_row(len(rows) + 1, columns, cells, extra))
    if not rows:
        return None
    shared = [one for one in around[1:] if find_phones(read(one).reading)]
    if shared:
        # «联系人：李敏 138…» below the table is meant for every row that names nobody.
        below = "\n\n" + "\n".join(shared)
        rows = [one if find_phones(read(one.text).reading) else replace(one, text=one.text + below) for one in rows]
    words = "\n".join(one.strip() for one in around if one.strip() and one not in shared)
    return Batch(_numbered(rows), left, words)


def _repeat_merged(columns: list[_Column], cells: list[str], above: dict[int, str]) -> None:
    """A merged cell comes as a filled one and empty ones below it; so does a unit or a project that is not repeated."""
    cells += [""] * (len(columns) - len(cells))
    for i, column in enumerate(columns):
        if column.field in (UNIT, "project"):
            above[i] = cells[i] = cells[i] or above.get(i, "")


def _row(ordinal: int, columns: list[_Column], cells: list[str], extra: list[str]) -> Row:
    number, unit, lines, rest = ordinal, "", [], []
    for column, written in zip(columns, cells, strict=False):
        if not written:
            continue
        if column.field == NUMBER:
            figures = re.fullmatch(r"\D{0,2}(\d{1,4})\D{0,2}", read(written).reading)
            number = int(figures[1]) if figures else number
        elif column.field == UNIT:
            unit = clean(written)
        elif column.field in (REST, "remarks"):
            rest.append(f"{column.title}：{written}" if column.title and column.field == REST else written)
        else:
            lines.append(labelled(column.field, column.title, _value(column.field, written)))
    if rest + extra:
        lines.append(labelled("remarks", LABELS["remarks"], "；".join(rest + extra)))
    return Row(number, "\n".join(lines)[:LONGEST_ROW], unit)


def _value(field: str, written: str) -> str:
    if field in (WHEN, END):
        return dated(written).replace("\n", " ")
    if field in _ONE_LINE:
        return clean(written)
    return written.replace("\n", " ") if field in (CONTACT, "contact_phone", "attendance", "budget") else written


def _numbered(rows: list[Row]) -> tuple[Row, ...]:
    """The sender's own numbers where each is another one, else the rows are counted."""
    if len({one.number for one in rows}) == len(rows):
        return tuple(rows)
    return tuple(replace(one, number=i) for i, one in enumerate(rows, 1))


def _free(number: int, line: Line) -> Row:
    """A row whose cells are in no columns: read like any sentence."""
    cells = [plain(cell(one)) for one in line.cells]
    own = re.fullmatch(r"(\d{1,3})[.、]?", cells[0])
    if own and len(cells) > 1:
        number, cells = int(own[1]), cells[1:]
    cells = [f"{one}人" if re.fullmatch(r"\d{1,5}", one) else one for one in cells if one]
    words = "，".join(one.replace("\n", " ") for one in cells)
    return Row(number, words[:LONGEST_ROW], unit_words(words))


def _without_heading(lines: list[Line]) -> Batch | None:
    filled = [one for one in lines if sum(bool(each.strip()) for each in one.cells) >= _MIN_CELLS]
    if len(filled) < 2:
        return None
    rows = [_free(i, one) for i, one in enumerate(filled[:MOST_ROWS], 1)]
    if sum(stands_alone(one.text) for one in rows) * 5 < len(rows) * 3:
        return None
    others = [cell("，".join(one.cells)).strip("，") for one in lines if one not in filled]
    return Batch(_numbered(rows), len(filled) - len(rows), "\n".join(one for one in others if one))
