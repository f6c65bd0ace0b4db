"""Staff take the register with them."""

import io

import openpyxl
import pytest

from bot.model import AuditEntry
from tests.office import GROUP, Office

TEXT = "报备：{day}上午9:00-11:30，莞城文化广场，{name}，预计120人，负责人李敏 13800138000"


@pytest.fixture
def town(office: Office) -> Office:
    office.unit("环保协会", project="垃圾分类科普")
    office.contact("limin", "李敏", "环保协会")
    for userid, role in (("wf", "drafter"), ("lq", "admin"), ("zj", "viewer")):
        office.staff(userid, "王芳", role)
    for day, name in (("10月24日", "垃圾分类讲座"), ("11月14日", "低碳生活讲座")):
        office.say("limin", TEXT.format(day=day, name=name))
        office.say("limin", "提交")
    return office


def said(office: Office, account: str, text: str, **more: str) -> str:
    answer = office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def exported(office: Office, account: str) -> tuple[str, list[tuple[object, ...]]]:
    [held] = [one.content["file"] for one in office.outbox("answer") if one.recipient == account]
    book = openpyxl.load_workbook(io.BytesIO(office.writer.files.get(held["sha256"])))
    return held["name"], list(book.worksheets[0].iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize(
    ("words", "name", "count"),
    [
        ("导出 本月", "2020年10月", 1), ("导出10月", "2020年10月", 1), ("导出 11月份", "2020年11月", 1),
        ("导出 下个月", "2020年11月", 1), ("导出：2020年10月", "2020年10月", 1), ("导出 2020-11", "2020年11月", 1),
        ("导出", "2020年度", 2), ("导出 全部", "2020年度", 2),
    ],
)  # fmt: skip
def test_register_of_a_month_or_of_all_is_sent_as_a_file(town: Office, words: str, name: str, count: int) -> None:
    assert f"共 {count} 条报备" in said(town, "wf", words)
    sent, rows = exported(town, "wf")
    assert sent == f"活动报备登记表-{name}.xlsx"
    assert len(rows) == count
    assert rows[0][0] in ("2020-0001", "2020-0002")


def test_phones_are_masked_for_everybody_and_whole_only_for_an_admin_who_asks(town: Office) -> None:
    assert "电话已隐去中间四位" in said(town, "zj", "导出 10月")
    assert "138****8000" in exported(town, "zj")[1][0]
    for account in ("wf", "zj"):
        assert "只有管理员可以导出" in said(town, account, "导出 10月 含电话")
    assert "含完整电话" in said(town, "lq", "导出 10月 含电话")
    assert "13800138000" in exported(town, "lq")[1][0]
    kept = [one for one in town.rows(AuditEntry) if one.action == "filing.export"]
    assert [(one.subject, one.detail["full_phones"]) for one in kept] == [
        ("month:2020-10", False),
        ("month:2020-10", True),
    ]


def test_group_gets_no_register(town: Office) -> None:
    assert "请私聊我" in said(town, "wf", "导出 10月", chat=GROUP)
    assert not [one for one in town.outbox("answer") if one.recipient == "wf"]


def test_units_do_not_export(town: Office) -> None:
    said(town, "limin", "导出 10月")
    assert not [one for one in town.outbox("answer") if one.content["file"]]


@pytest.mark.parametrize("words", ["导出 13月", "导出 下周", "导出 随便", "导出 0月"])
def test_what_is_no_month_is_answered_with_how(town: Office, words: str) -> None:
    assert "请写明月份" in said(town, "wf", words)


def test_month_without_filings_makes_no_file(town: Office) -> None:
    assert said(town, "wf", "导出 2月") == "2020年2月没有报备，没有生成文件。"


def test_year_turns_with_the_months(town: Office) -> None:
    town.at("2020-12-15T10:00:00")
    assert "2021年1月没有报备" in said(town, "wf", "导出 下月")
