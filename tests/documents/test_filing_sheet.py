"""The exported register: complete, in the office's order, and safe to open whatever people named their activities."""

import io
from typing import Any

import openpyxl
import pytest

from bot.documents.filing_sheet import FLAGS, HEADS, STATES, Entry, write_sheet
from bot.model import Attachment, AttachmentState, Filing, FilingState, Flag, Report
from bot.store import register
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office

TEXT = "活动名称：{name}\n时间：10月30日9点到10点\n地点：莞城文化广场\n人数：8\n负责人：李敏\n电话：13800138000\n备注：{remarks}"


@pytest.fixture
def filed(office: Office) -> Office:
    office.unit("环保协会", project="垃圾分类科普")
    office.contact("limin", "李敏", "环保协会")
    return office


def rows_of(office: Office, *, full_phones: bool = False, month: str = "") -> list[dict[str, Any]]:
    """The exported rows by their headings, read by a program that would evaluate formulas."""
    with office.session() as session:
        entries = register.entries(session, register.month_span(month) if month else None)
        content = write_sheet(entries, "2020年度/科普专项", full_phones=full_phones)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [name for name, _ in HEADS]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")科普讲座', "@SUM(A1)科普讲座", "+1+1科普讲座", "-2科普讲座"])
def test_formula_is_exported_as_text_and_phones_are_masked(filed: Office, name: str) -> None:
    filed.say("limin", TEXT.format(name=name, remarks="有事打13800138000\x00|calc"))
    filed.say("limin", "提交")
    [row] = rows_of(filed)
    assert not str(row["活动名称"]).startswith(("=", "@", "+", "-"))
    assert "科普讲座" in row["活动名称"]
    assert row["联系电话"] == "138****8000"
    assert "13800138000" not in str(row)
    assert row["状态"] == "待备案"
    assert "13800138000" in str(rows_of(filed, full_phones=True))


@pytest.mark.parametrize("before", ["＝", "＋", "－", "＠", " =", "\u3000="])
def test_what_a_chinese_spreadsheet_takes_for_a_formula_is_exported_as_text(before: str) -> None:
    filing = _filing(name=f"{before}cmd()")
    sheet = openpyxl.load_workbook(io.BytesIO(write_sheet([Entry(filing)], "", full_phones=True))).worksheets[0]
    assert sheet["D2"].value == f"'{before}cmd()"


def test_number_behind_a_name_or_in_a_title_is_masked_too() -> None:
    told = {"name": "讲座，报名13800138000", "place": "文化广场（138 0013 8000）", "audience": "家长13800138000"}
    filing = _filing(**told, contact_name="李敏13800138000")
    for full in (False, True):
        sheet = openpyxl.load_workbook(io.BytesIO(write_sheet([Entry(filing)], "", full_phones=full))).worksheets[0]
        shown = "".join(str(cell.value) for cell in sheet[2]).replace(" ", "")
        assert shown.count("13800138000") == (4 if full else 0)


def test_report_photos_and_doubts_stand_beside_the_filing(filed: Office) -> None:
    filed.say("limin", TEXT.format(name="垃圾分类讲座", remarks="无"))
    filed.say("limin", "提交")

    def add(work: UnitOfWork) -> None:
        filing = work.session.get_one(Filing, 1)
        filing.state = FilingState.REPORTED
        work.session.add(
            Report(filing_id=1, attendance=135, text="很受欢迎", links=["https://example.org/a"], at=work.now)
        )
        states = (AttachmentState.KEPT, AttachmentState.KEPT, AttachmentState.REFUSED)
        for at, state in enumerate(states):
            work.session.add(Attachment(
                account_id=filing.account_id, filing_id=1, channel="work_group", message_id="m", position=at,
                kind="image", state=state, created_at=work.now,
            ))  # fmt: skip
        for kind, settled in (("same_text", None), ("photo_reused", None), ("overlap", work.now)):
            work.session.add(
                Flag(filing_id=1, kind=kind, detail={}, created_at=work.now, settled_at=settled),
            )

    filed.do(add)
    [row] = rows_of(filed)
    assert (row["状态"], row["实到人数"], row["照片数"], row["报道链接"]) == ("已总结", 135, 2, "https://example.org/a")
    assert set(row["存疑提示"].split("、")) == {"内容雷同", "照片重复使用"}


def test_month_takes_the_activities_of_its_days_and_no_drafts(filed: Office) -> None:
    filed.say("limin", TEXT.format(name="垃圾分类讲座", remarks="无"))
    assert rows_of(filed, month="2020-10") == []
    filed.say("limin", "提交")
    assert len(rows_of(filed, month="2020-10")) == 1
    assert rows_of(filed, month="2020-11") == []


@pytest.mark.parametrize("month", ["2020-13", "2020-0", "10", "1999-01", "x"])
def test_what_is_no_month_has_no_span(month: str) -> None:
    assert register.month_span(month) is None


def test_every_state_has_its_word() -> None:
    assert set(STATES) == {str(state) for state in FilingState}
    assert all(FLAGS.values())


def test_entry_without_a_report_has_empty_columns() -> None:
    filing = _filing(name="x")
    sheet = openpyxl.load_workbook(io.BytesIO(write_sheet([Entry(filing)], "", full_phones=False))).worksheets[0]
    assert sheet.title == "报备"
    assert sheet["N2"].value == "已取消"


def _filing(**told: str) -> Filing:
    """A cancelled one that nobody has kept, with these of its texts."""
    texts = dict.fromkeys(("name", "place", "audience", "contact_name", "late_reason", "summary", "remarks"), "")
    told = {**texts, **told}
    return Filing(
        number="2020-0001", state=FilingState.CANCELLED, contact_phone="", late_days=0, retroactive=False, **told
    )
