"""The exported table: complete, and safe to open whatever people named their activities."""

from pathlib import Path

import openpyxl

from bot.cli.filing_sheet import write_sheet
from tests.office import Office


def test_formula_is_exported_as_text_and_phones_are_masked(office: Office, tmp_path: Path) -> None:
    office.unit("环保协会")
    office.contact("limin", "李敏", "环保协会")
    office.say(
        "limin",
        '活动名称：=HYPERLINK("http://x")科普讲座\n时间：10月30日9点到10点\n地点：莞城文化广场\n人数：8\n'
        "负责人：李敏\n电话：13800138000\n备注：+cmd\x00|calc",
    )
    office.say("limin", "提交")
    path = tmp_path / "out.xlsx"
    with office.session() as session:
        assert write_sheet(session, path, "2020年度/科普专项", None, full_phones=False) == 1
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert all(cell.data_type != "f" for cell in sheet[2])
    assert str(cells["活动名称"].value).lstrip("'").startswith("=HYPERLINK")
    assert not str(cells["活动名称"].value).startswith("=")
    assert cells["联系电话"].value == "138****8000"
    assert cells["状态"].value == "待备案"
