"""The template out and in: what a person types comes back as typed, or is named with its cell."""

import io
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.documents.filing_template import COLUMNS, MOST_ROWS, Offer, make_template
from bot.documents.filled_workbook import Refused, field_of, read_filled
from bot.documents.returned_workbook import Verdict, write_back
from bot.rules.kinds import KINDS
from bot.rules.reading import read
from bot.rules.towns import dongguan
from tests.documents.forms import FIRST, GOOD, OFFER, filled, lines, packed_book, read_back, values, with_parts

TWO_UNITS = Offer(("松山湖青少年科学会", "东莞市气象学会"), ("航模与航天科普", "气象防灾科普校园行"))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)  # type: ignore[arg-type]


def test_template_has_the_columns_and_checks_of_the_form() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_template(TWO_UNITS, date(2020, 10, 24))))
    sheet = book.worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    assert heads == [f"{one.title}{'*' if one.required else ''}" for one in COLUMNS]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["N"].number_format == "@"  # a number that begins with 0 keeps it
    assert book.worksheets[1].sheet_state == "hidden"
    checks = {str(one.sqref).rstrip("0123456789:"): one for one in sheet.data_validations.dataValidation}
    by_head = {head.rstrip("*"): f"{cell.column_letter}4" for head, cell in zip(heads, sheet[1], strict=True)}
    kinds = {ref: one.type for one in checks.values() for ref in [str(one.sqref).split(":")[0]]}
    for head, kind in {"单位": "list", "项目": "list", "镇街": "list", "活动形式": "list", "活动日期": "date",
                       "开始时间": "time", "结束时间": "time", "预计人数": "whole"}.items():  # fmt: skip
        assert kinds[by_head[head]] == kind
    offered = {name: [cell.value for [cell] in book[place.attr_text.split("!")[0].strip("'")][place.attr_text.split("!")[1]]]
               for name, place in book.defined_names.items()}  # fmt: skip
    assert offered["list_unit"] == list(TWO_UNITS.units)
    assert offered["list_project"] == list(TWO_UNITS.projects)
    assert offered["list_kind"] == list(KINDS)
    assert len(offered["list_town"]) == len(dongguan().towns)


def test_person_of_one_unit_has_no_column_for_it() -> None:
    assert "unit" not in {one.field for one in OFFER.columns()}
    assert "project" not in {one.field for one in Offer(("单位",)).columns()}


def test_hints_and_example_are_passed_over_and_an_example_made_ones_own_is_taken() -> None:
    assert [line.number for line in lines(filled(GOOD))] == [FIRST]

    def overwrite(sheet: Any) -> None:
        sheet["H3"] = "大朗镇文化广场"

    taken = lines(filled(GOOD, touch=overwrite))
    assert [line.number for line in taken] == [3, FIRST]


def test_good_row_is_taken_without_a_fault() -> None:
    [line] = lines(filled(GOOD))
    assert line.faults == []
    assert values(line) == {
        "name": "垃圾分类进社区讲座", "start": at(2020, 10, 24, 9), "end": at(2020, 10, 24, 11, 30),
        "place": "莞城文化广场", "kind": "讲座", "attendance": 120, "contact_name": "李敏",
        "contact_phone": "13800138000",
    }  # fmt: skip


DAY = [
    (date(2020, 10, 24), "as a day"),
    (datetime(2020, 10, 24, 0, 0), "as a day with its midnight"),
    ("2020-10-24", "as text"),
    ("2020/10/24", "as text with strokes"),
    ("2020.10.24", "as text with points"),
    ("2020年10月24日", "in Chinese"),
    ("10月24日", "without its year"),
    ("10月24日（周六）", "with its weekday"),
    ("１０月２４日", "in wide digits"),
    (44128, "as the number it is inside"),
    (20201024, "as one long number"),
    (10.24, "as a number with a point"),
    ("本月24号", "as people say it"),
]


@pytest.mark.parametrize("day", [day for day, _ in DAY], ids=[name for _, name in DAY])
def test_day_is_understood(day: Any) -> None:
    [line] = lines(filled(GOOD | {"活动日期": day}))
    assert (line.faults, values(line)["start"]) == ([], at(2020, 10, 24, 9))


HOURS = [
    (time(14, 30), time(16, 0), "as hours"),
    ("14:30", "16:00", "as text"),
    ("14：30", "16：00", "as text with wide colons"),
    ("下午2点半", "4点", "as people say it"),
    ("下午两点半", "四点", "in Chinese digits"),
    (14.5 / 24, 16 / 24, "as parts of a day"),
    (timedelta(hours=14.5), timedelta(hours=16), "as spans of time"),
    (1430, 1600, "as four digits"),
    (datetime(1903, 11, 30), datetime(1904, 5, 18), "as four digits that a cell for hours took for days"),
    ("14:30-16:00", None, "both in one cell"),
    ("下午2:30至4:00", None, "both in one cell, as people say it"),
    (datetime(2020, 10, 24, 14, 30), datetime(2020, 10, 24, 16), "with the day"),
]


@pytest.mark.parametrize(("start", "end"), [one[:2] for one in HOURS], ids=[one[2] for one in HOURS])
def test_hours_are_understood(start: Any, end: Any) -> None:
    [line] = lines(filled(GOOD | {"开始时间": start, "结束时间": end}))
    assert line.faults == []
    assert (values(line)["start"], values(line)["end"]) == (at(2020, 10, 24, 14, 30), at(2020, 10, 24, 16))


FAULTS = [
    ({"活动日期": "月底"}, "E4", "vague"),
    ({"活动日期": "2020-02-30"}, "E4", "invalid_date"),
    ({"活动日期": "10月24日（周五）"}, "E4", "weekday_contradicts_date"),
    ({"活动日期": 12.2}, "E4", "no_date"),
    ({"活动日期": 24}, "E4", "no_date"),
    ({"活动日期": date(2002, 10, 24)}, "E4", "odd_year"),
    ({"开始时间": None}, "E4", "no_time"),
    ({"开始时间": time(2, 30)}, "F4", "in_the_night"),
    ({"结束时间": time(8, 30)}, "G4", "end_before_start"),
    ({"预计人数": "很多"}, "L4", "no_head_count"),
    ({"预计人数": 0}, "L4", "no_head_count"),
    ({"预计人数": 12.5}, "L4", "no_head_count"),
    ({"预计人数": 99_999_999_999}, "L4", "no_head_count"),
    ({"联系电话": 1380013800}, "N4", "no_phone"),
    ({"活动名称": date(2021, 3, 8)}, "D4", "became_a_day"),
    ({"活动名称": "名" * 101}, "D4", "too_long"),
    ({"镇街": "火星镇"}, "H4", "no_town"),
    ({"活动形式": "义诊"}, "J4", "no_kind"),
]
# The table above counts columns of a template with a column for the unit.
UNIT = {"单位": TWO_UNITS.units[0]}


@pytest.mark.parametrize(("change", "ref", "reason"), FAULTS, ids=[f"{one[2]} {next(iter(one[0]))}" for one in FAULTS])
def test_cell_that_cannot_be_taken_is_named(change: dict[str, Any], ref: str, reason: str) -> None:
    [line] = lines(filled(UNIT | GOOD | change, offer=TWO_UNITS))
    assert [(one.ref, one.reason) for one in line.faults] == [(ref, reason)]


def test_formula_is_named_and_never_evaluated() -> None:
    def formulas(sheet: Any) -> None:
        sheet["C4"] = '=HYPERLINK("http://x","点我")'
        sheet["K4"] = "=60+60"

    [line] = lines(filled(GOOD, touch=formulas))
    assert [(one.ref, one.reason) for one in line.faults] == [("C4", "formula"), ("K4", "formula")]
    assert {"name", "attendance"}.isdisjoint(line.found)


def test_words_that_begin_like_a_formula_are_words() -> None:
    names = ['=HYPERLINK("http://x")', "@SUM(A1)", "+86讲座", "-1层讲座", "a\u202eb讲座", "制表\t讲座"]
    taken = lines(filled(*[GOOD | {"活动名称": name} for name in names]))
    assert [values(line)["name"] for line in taken] == [*names[:4], "ab讲座", "制表 讲座"]


def test_merged_cells_hold_their_value_for_every_row() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("D4:D6")
        sheet.merge_cells("H5:H6")

    first, second, third = lines(filled(GOOD, GOOD | {"活动日期": None}, GOOD | {"活动日期": None}, touch=merge))
    assert values(first)["start"] == values(second)["start"] == values(third)["start"] == at(2020, 10, 24, 9)


def test_activity_over_two_merged_rows_is_one() -> None:
    def merge(sheet: Any) -> None:
        for column in range(1, sheet.max_column + 1):
            sheet.merge_cells(start_row=4, end_row=5, start_column=column, end_column=column)

    assert [line.number for line in lines(filled(GOOD, touch=merge))] == [4]


def test_hidden_rows_are_left_out_and_named() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[5].hidden = True

    read_ = read_back(filled(GOOD, GOOD, GOOD, touch=hide))
    assert ([row.number for row in read_.rows], read_.hidden) == ([4, 6], [5])


def test_columns_the_form_does_not_have_go_to_the_remarks() -> None:
    [line] = lines(filled(GOOD | {"备注": "自带水杯", "主讲人": "张教授", "讲义日期": date(2020, 10, 20)}))
    assert line.remarks.splitlines() == ["自带水杯", "主讲人：张教授", "讲义日期：2020-10-20"]


def test_head_may_stand_below_a_title_and_in_other_words() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (
        ["2020年度科普专项活动报备表"], [], ["填报单位：环保协会"],
        ["编号", "主 题", "时间", "会场", "规模（人）", "联系人", "手机号码"],
        [1, "科普讲座", "10月24日9:00-11:30", "莞城文化广场", "约120人", "李敏", "138 0013 8000"],
    ):  # fmt: skip
        sheet.append(row)
    [line] = lines(packed_book(book))
    assert line.number == 5
    assert (values(line)["name"], values(line)["start"]) == ("科普讲座", at(2020, 10, 24, 9))
    assert (values(line)["attendance"], values(line)["contact_phone"]) == (120, "13800138000")


@pytest.mark.parametrize(
    ("heading", "name"),
    [("活动名称*", "name"), ("联系电话（手机）", "contact_phone"), ("会  场", "place"), ("经费\n（元）", "budget"),
     ("日期", "day"), ("活动时间", "when"), ("开始时间", "start"), ("实施单位", "unit"), ("镇（街）", "town"),
     ("负责人及联系方式", "contact_name"), ("签到", None), ("", None)],
)  # fmt: skip
def test_heading_names_its_field(heading: str, name: str | None) -> None:
    assert field_of(heading) == name


def test_number_with_its_area_code_lost_is_mended() -> None:
    [line] = lines(filled(GOOD | {"联系电话": 76922222222}))
    assert values(line)["contact_phone"] == "0769-22222222"


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")) | st.sampled_from("=+-@\t<>&\u202e\u200b"),
    min_size=1, max_size=60,
)  # fmt: skip
rows = st.fixed_dictionaries(
    {
        "活动名称": words,
        "活动日期": st.dates(date(2020, 1, 1), date(2022, 1, 1)),
        "开始时间": st.times().map(lambda one: one.replace(second=0, microsecond=0)),
        "活动地点": words,
        "预计人数": st.integers(-5, 2_000_000) | st.floats(0, 1000),
        "负责人": st.sampled_from(["李敏", "欧阳建国", "Anna Li", "阿卜杜拉·买买提"]),
        "联系电话": st.sampled_from(["13800138000", "0769-22222222", "0769-22222222转801"]),
    },
    optional={
        "结束时间": st.times().map(lambda one: one.replace(second=0, microsecond=0)),
        "面向对象": words, "内容简介": words, "备注": words, "经费（元）": st.integers(0, 10**9),
        "活动形式": st.sampled_from(KINDS), "镇街": st.sampled_from([one.name for one in dongguan().towns]),
        "是否邀请媒体": st.sampled_from(["是", "否"]),
    },
)  # fmt: skip
FIELDS = {
    "活动名称": "name", "活动地点": "place", "预计人数": "attendance", "负责人": "contact_name", "镇街": "town",
    "联系电话": "contact_phone", "面向对象": "audience", "内容简介": "summary", "经费（元）": "budget", "活动形式": "kind",
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, min_size=1, max_size=3))
def test_whatever_is_typed_comes_back_or_is_named(typed: list[dict[str, Any]]) -> None:
    taken = {line.number: line for line in lines(filled(*typed))}
    for number, row in enumerate(typed, FIRST):
        line = taken[number]
        named = {one.title for one in line.faults}
        got = values(line)
        for head, name in FIELDS.items():
            if head in row and head not in named:
                assert same(got.get(name), row[head]), (head, row[head], got.get(name))
        if not named & {"活动日期", "开始时间", "结束时间"}:
            start = datetime.combine(row["活动日期"], row["开始时间"], CHINA)
            assert got["start"] == start
            if "结束时间" in row:
                assert got["end"] == datetime.combine(row["活动日期"], row["结束时间"], CHINA)
        assert same(line.remarks or None, row.get("备注")) or named


def same(got: Any, typed: Any) -> bool:
    """Whether a value is what was typed; of a text, what can be seen of it."""
    if not isinstance(typed, str):
        return bool(got == typed)
    seen = " ".join(read(typed).text.split())
    return (got or "") == seen


@settings(max_examples=40, deadline=None)
@given(st.lists(rows, min_size=1, max_size=3))
def test_returned_copy_says_the_same_and_remembers_its_drafts(typed: list[dict[str, Any]]) -> None:
    first = read_back(filled(*typed))
    verdicts = {row.number: Verdict(f"已收草稿 2020-{row.number:04d}", True) for row in first.rows}
    again = read_back(write_back(first, verdicts, OFFER))
    assert [row.draft for row in again.rows] == [f"2020-{row.number:04d}" for row in first.rows]
    for before, after in zip(first.rows, again.rows, strict=True):
        assert {name: cell.value for name, cell in before.cells.items()} == {
            name: cell.value for name, cell in after.cells.items()
        }


def test_returned_copy_marks_the_cells_and_has_no_formula() -> None:
    def formula(sheet: Any) -> None:
        sheet["C4"] = "=1+1"
        sheet.merge_cells("D4:D5")
        sheet.row_dimensions[6].hidden = True

    content = filled(GOOD, GOOD | {"活动日期": None}, GOOD, touch=formula)
    back = write_back(read_back(content), {4: Verdict("C4 是公式", False, ("C4",)), 5: Verdict("好", True)}, OFFER)
    sheet = openpyxl.load_workbook(io.BytesIO(back)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    last = [cell.value for cell in sheet[1]].index("核对结果") + 1
    assert (sheet.cell(4, last).value, sheet.cell(4, last).font.color.rgb) == ("C4 是公式", "00C00000")
    assert sheet.cell(5, last).font.color.rgb == "00548235"
    assert sheet["C4"].fill.start_color.rgb == "00FFC7CE"
    assert "D4:D5" in [str(one) for one in sheet.merged_cells.ranges]
    assert sheet.row_dimensions[6].hidden
    assert len(sheet.data_validations.dataValidation) >= 6


def test_sheet_with_a_hostile_name_is_given_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(GOOD)))
    book.worksheets[0].title = "选项"[:2] + "'x"
    read_ = read_back(packed_book(book))
    assert len(read_back(write_back(read_, {}, OFFER)).rows) == 1


def with_shared_strings(content: bytes) -> bytes:
    """The same as a spreadsheet program saves it: texts in a part of their own, in pieces, with their pronunciation."""
    texts: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        text = found[2]
        texts.append(
            b"<si><r><rPr><b/></rPr><t xml:space=\"preserve\">" + text[:6] + b"</t></r><r><t xml:space=\"preserve\">"
            + text[6:] + b"</t></r><rPh sb=\"0\" eb=\"1\"><t>pinyin</t></rPh></si>"
        )  # fmt: skip
        return b"<c" + found[1] + b' t="s"><v>%d</v></c>' % (len(texts) - 1)

    def sheet(part: bytes) -> bytes:
        return re.sub(rb'<c([^>]*) t="inlineStr"><is><t[^>]*>([^<&]*)</t></is></c>', shared, part)

    def types(part: bytes) -> bytes:
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        return part.replace(
            b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
        )

    changed = with_parts(content, {"xl/worksheets/sheet1.xml": sheet, "[Content_Types].xml": types})
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_parts(changed, {"xl/sharedStrings.xml": b'<sst xmlns="' + space + b'">' + b"".join(texts) + b"</sst>"})


def test_texts_in_a_part_of_their_own_are_read_without_their_pronunciation() -> None:
    [line] = lines(with_shared_strings(filled(GOOD)))
    assert (line.faults, values(line)["name"], values(line)["place"]) == ([], "垃圾分类进社区讲座", "莞城文化广场")


def test_form_filled_to_its_last_row_is_taken() -> None:
    read_ = read_filled(filled(*[GOOD] * MOST_ROWS))
    assert not isinstance(read_, Refused)
    assert len(read_.rows) == MOST_ROWS
