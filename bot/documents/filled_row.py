"""What one line of a filled workbook means: the fields of a filing, and every cell that cannot be taken as it stands.

Days and hours that were typed as such are exact; those written in words go through the same rules as a message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.utils.datetime import to_excel

from bot.clock import CHINA
from bot.documents.filing_template import shown
from bot.documents.filled_workbook import Cell, Row, Value
from bot.rules.kinds import KINDS
from bot.rules.reading import read
from bot.rules.towns import find_town
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import (
    read_attendance,
    read_contact,
    read_contact_phone,
    read_kind,
    read_media,
    read_when,
)

LONGEST = {"name": 100, "place": 200, "audience": 100, "contact_name": 40, "budget": 40, "unit": 200, "project": 200,
           "summary": 2000, "remarks": 2000, "late_reason": 500}  # fmt: skip
MOST_PEOPLE = 1_000_000
BACK, AHEAD = timedelta(days=400), timedelta(days=800)
EARLIEST = 6 * 60  # before this hour an afternoon may be meant
_ISO_DAY = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0?0:00(?::00)?)?")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")
_MIDNIGHT = time(0)
_EXCEL_BEGINS = 13  # a «date» of the first days of 1900 is a 12.5 that the program took for a day


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be taken, or not quite as it stands. ``lost``: its field stays empty because of it."""

    ref: str
    title: str
    reason: str
    words: str = ""  # what stands there, where it helps
    lost: bool = True


@dataclass(slots=True)
class Line:
    """A row understood. ``unit`` and ``project`` are names, still to be looked up."""

    number: int
    found: dict[str, Found] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: str = ""
    unit: str = ""
    project: str = ""
    late_reason: str = ""
    draft: str = ""


def read_row(row: Row, now: datetime) -> Line:
    """The row as the fields of a filing. No word of it is lost: what has no field stands in the remarks."""
    return _RowReader(row, now).line


class _RowReader:
    def __init__(self, row: Row, now: datetime) -> None:
        self.line = Line(row.number, draft=row.draft)
        self._now = now
        self._remarks: list[str] = []
        cells = {name: cell for name, cell in row.cells.items() if not self._broken(cell)}
        self._when({name: cells.pop(name) for name in ("day", "when", "start", "end") if name in cells})
        for name, cell in cells.items():
            self._field(name, cell)
        for cell in row.others:
            if not self._broken(cell):
                self._remark(f"{cell.title}：{_text(cell)}")
        self.line.remarks = "\n".join(self._remarks)

    def _broken(self, cell: Cell) -> bool:
        if cell.fault:
            self._fault(cell, cell.fault, words="")
        return bool(cell.fault)

    def _fault(self, cell: Cell, reason: str, *, lost: bool = True, words: str | None = None) -> None:
        said = _text(cell)[:40] if words is None else words
        self.line.faults.append(Fault(cell.ref, cell.title, reason, said, lost))

    def _remark(self, words: str) -> None:
        self._remarks.append(words)

    def _found(self, name: str, value: Any, cell: Cell) -> None:
        self.line.found[name] = Found(value, _text(cell), 0.95)

    def _field(self, name: str, cell: Cell) -> None:
        if name == "attendance":
            self._attendance(cell)
        elif name == "contact_phone":
            self._phone(cell)
        elif isinstance(cell.value, date | time | timedelta):
            # «3-8» typed as a name has become the eighth of March, and what was typed is gone.
            self._fault(cell, "became_a_day")
            self._remark(f"{cell.title}：{_text(cell)}")
        elif len(text := _text(cell)) > LONGEST.get(name, 200):
            self._fault(cell, "too_long", words=str(LONGEST.get(name, 200)))
            self._remark(f"{cell.title}：{text[: LONGEST['remarks']]}")
        else:
            self._words(name, cell, text)

    def _words(self, name: str, cell: Cell, text: str) -> None:
        if name in ("unit", "project", "late_reason"):
            setattr(self.line, name, text)
        elif name == "remarks":
            self._remark(text)
        elif name == "town":
            town = find_town(text)
            if town:
                self._found("town", town.name, cell)
            else:
                self._kept_in_remarks(cell, "no_town")
        elif name == "kind":
            kind = read_kind(read(text)).get("kind")
            value = kind.value if isinstance(kind, Found) else KINDS[-1]
            self._found("kind", value, cell)
            if value == KINDS[-1] and text != value:
                self._kept_in_remarks(cell, "no_kind")
        elif name == "media_invited":
            invited = read_media(read(text)).get("media_invited")
            if isinstance(invited, Found):
                self._found("media_invited", invited.value, cell)
            else:
                self._kept_in_remarks(cell, "unclear")
        elif name == "contact_name":
            self._contact(cell, text)
        elif name == "budget" and isinstance(cell.value, int):
            self._found("budget", cell.value, cell)
        else:
            self._found(name, text, cell)

    def _kept_in_remarks(self, cell: Cell, reason: str) -> None:
        self._fault(cell, reason, lost=False)
        self._remark(f"{cell.title}：{_text(cell)}")

    def _contact(self, cell: Cell, text: str) -> None:
        both = read_contact(read(text))
        phone, name = both.get("contact_phone"), both.get("contact_name")
        if isinstance(phone, Found) and isinstance(name, Found):
            self.line.found.setdefault("contact_phone", phone)
            self._found("contact_name", name.value, cell)
        else:
            self._found("contact_name", text, cell)

    def _attendance(self, cell: Cell) -> None:
        value: Any = cell.value
        if isinstance(value, str):
            got = read_attendance(read(value)).get("attendance")
            value = got.value if isinstance(got, Found) else None
        if type(value) is int and 0 < value <= MOST_PEOPLE:
            self._found("attendance", value, cell)
        else:
            self._fault(cell, "no_head_count")

    def _phone(self, cell: Cell) -> None:
        text = _text(cell)
        if isinstance(cell.value, int) and re.fullmatch(r"769[2-8]\d{7}", text):
            text = f"0{text}"  # the nought at its head was lost when the cell took it for a number
        got = read_contact_phone(read(text)).get("contact_phone")
        if not isinstance(got, Found):
            self._fault(cell, "no_phone", words="")
            return
        self._found("contact_phone", got.value, cell)
        if re.sub(r"\D", "", got.text) != re.sub(r"\D", "", text):
            self._remark(f"{cell.title}：{text}")  # a second number, or whose it is

    def _when(self, cells: Mapping[str, Cell]) -> None:
        """start and end out of a day and its hours."""
        day_cell = cells.get("day") or cells.get("when") or cells.get("start")
        if day_cell is None:
            return
        hours = cells.get("start") or (cells.get("when") if "day" in cells else None) or day_cell
        day = _day(day_cell.value)
        start, end = _minutes(hours.value), _minutes(cells["end"].value) if "end" in cells else None
        exact = day is not None and start is not None and ("end" not in cells or end is not None)
        if exact and day is not None and start is not None:
            self._exact(day, start, end, day_cell, hours, cells.get("end"))
        else:
            self._in_words(cells, day, day_cell, hours)

    def _exact(
        self, day: date, start: int, end: int | None, day_cell: Cell, hours: Cell, end_cell: Cell | None
    ) -> None:
        if not self._now.date() - BACK <= day <= self._now.date() + AHEAD:
            self._fault(day_cell, "odd_year")
        elif start < EARLIEST:
            self._fault(hours, "no_time" if start == 0 and hours is day_cell else "in_the_night")
        elif end is not None and end_cell is not None and end <= start:
            self._fault(end_cell, "end_before_start")
        else:
            midnight = datetime.combine(day, _MIDNIGHT, CHINA)
            self._found("start", midnight + timedelta(minutes=start), hours)
            if end is not None and end_cell is not None:
                self._found("end", midnight + timedelta(minutes=end), end_cell)

    def _in_words(self, cells: Mapping[str, Cell], day: date | None, day_cell: Cell, hours: Cell) -> None:
        """Whatever is in words is put together as somebody would write it, and read by the rules for messages."""
        parts = [f"{day.year}年{day.month}月{day.day}日" if day else _day_words(day_cell.value)]
        if not parts[0]:
            self._fault(day_cell, "no_date")
            self._remark(f"{day_cell.title}：{_text(day_cell)}")
            return
        if hours is not day_cell:
            parts.append(_hour_words(hours.value))
        if "end" in cells:
            parts.append(f"-{_hour_words(cells['end'].value)}")
        said = " ".join(parts).replace(" -", "-")
        values = read_when(read(said), self._now)
        start = values.get("start")
        if isinstance(start, Found):
            self.line.found.update({k: v for k, v in values.items() if isinstance(v, Found)})
            if "end" in cells and "end" not in values:
                self.line.found.pop("start")
                self._fault(cells["end"], "no_such_time")
            return
        reason = start.reason if isinstance(start, Question) else "no_date"
        at_fault = hours if reason in ("no_time", "morning_or_evening", "no_such_time") else day_cell
        self._fault(at_fault, reason)
        self._remark(f"活动时间：{said}")


def _text(cell: Cell) -> str:
    """The words of a cell: one line, except where several are the sense of it."""
    said = read(shown(cell.value), limit=None).text.strip()
    return said if "\n" in said and len(said) > 60 else re.sub(r"\s+", " ", said)


def _day(value: Value) -> date | None:
    """The exact day of a cell; None where it is in words, or no day."""
    if isinstance(value, datetime):
        return None if value.year < 2000 else value.date()
    if isinstance(value, date):
        return value
    if type(value) is int and 2000_01_01 <= value <= 2100_01_01:
        return _made(value // 10000, value // 100 % 100, value % 100)
    if isinstance(value, str):
        found = _ISO_DAY.fullmatch(read(value).reading.strip())
        return _made(int(found[1]), int(found[2]), int(found[3])) if found else None
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_words(value: Value) -> str:
    """A day as a message would have it, empty for a number that says none.

    10.24 that became a number is the 24th of October; 10.2 may have been the 2nd or the 20th.
    """
    if isinstance(value, datetime) and value.year < 2000:
        value = float(to_excel(value))  # type: ignore[no-untyped-call]
    if not isinstance(value, int | float):
        return shown(value)
    month, day = divmod(round(value * 100), 100)
    clear = value < _EXCEL_BEGINS and day % 10 and abs(value * 100 - round(value * 100)) < 0.01
    return f"{month}月{day}日" if clear else ""


def _minutes(value: Value) -> int | None:
    """Minutes after midnight where the cell says them exactly."""
    if isinstance(value, datetime) and value.year < 1910 and value.time() == _MIDNIGHT:
        value = int(to_excel(value))  # type: ignore[no-untyped-call]  # 1430 that a cell for hours took for days
    elif isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.hour * 60 + value.minute + (value.second >= 30)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return minutes if 0 <= minutes <= 24 * 60 else None
    if type(value) is float and 0 < value < 1:
        return round(value * 24 * 60)
    if type(value) is int and 1 <= value <= 24:
        return value * 60
    if type(value) is int and 100 <= value <= 2400 and value % 100 < 60:
        return value // 100 * 60 + value % 100
    if isinstance(value, str):
        found = _CLOCK.fullmatch(read(value).reading.strip())
        minutes = int(found[1]) * 60 + int(found[2]) if found else -1
        return minutes if 0 <= minutes <= 24 * 60 else None
    return None


def _hour_words(value: Value) -> str:
    minutes = None if isinstance(value, str) else _minutes(value)
    return shown(value) if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
