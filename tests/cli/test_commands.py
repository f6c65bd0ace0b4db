"""The command line, as an operator types it in an empty folder."""

import re
import socket

import openpyxl
import pytest

from bot.store.engine import Database
from bot.store.only_one import lock_beside
from tests.cli.shell import Shell

LIST = "单位名称,镇街,项目名称,项目编号,金额（元）,计划活动,计划日期\n"


def test_init_writes_a_configuration_and_a_database_that_only_their_owner_reads(empty: Shell) -> None:
    printed = empty.start("init", "--yes", "--year", "2020", "--app-id", "wx1", KEPU_INIT_APP_SECRET="topsecret1")
    assert "下一步" in printed
    assert "topsecret1" not in printed
    config = empty.folder / "config.toml"
    assert config.stat().st_mode & 0o777 == 0o600
    assert (empty.folder / "kepu.db").stat().st_mode & 0o777 == 0o600
    assert re.search(r'encoding_aes_key = "[A-Za-z0-9]{43}"', config.read_text())
    assert "已经存在" in empty.start("init", "--yes", code=2)
    assert "数据库已是最新版本" in empty.run("migrate")


def test_command_without_a_configuration_says_what_to_do(empty: Shell) -> None:
    for words in (("serve",), ("doctor",), ("migrate",), ("unit", "invite", "x"), ("export", "x.xlsx")):
        assert "kepu-bot init" in empty.run(*words, code=2)


def test_serve_without_a_database_says_what_to_do(shell: Shell) -> None:
    (shell.folder / "kepu.db").unlink()
    assert "kepu-bot migrate" in shell.run("serve", code=2)


def test_serve_on_a_port_that_is_taken_says_what_to_do(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        printed = shell.run("serve", code=2, KEPU_SERVER__PORT=port)
    assert f"不能在 127.0.0.1:{port} 监听" in printed
    assert "KEPU_SERVER__PORT" in printed


def test_serve_of_a_part_of_the_work_on_sqlite_says_what_to_do(shell: Shell) -> None:
    assert "SQLite 只能由一个进程使用：请去掉 --role" in shell.run("serve", "--role", "web", code=2)


def test_second_serve_on_one_database_says_what_to_do(shell: Shell) -> None:
    held = lock_beside(Database(f"sqlite:///{shell.folder / 'kepu.db'}"))
    assert held is not None
    with held:
        assert "已有一个 kepu-bot serve 在使用" in shell.run("serve", code=2)


def test_database_that_is_away_is_one_sentence_without_its_password(shell: Shell) -> None:
    url = "postgresql://office:geheim@127.0.0.1:1/kepu"
    printed = shell.run("migrate", code=2, KEPU_DATABASE__URL=url)
    assert "无法打开数据库" in printed
    assert "geheim" not in printed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_list_of_units_is_taken_once_however_often_it_is_imported(shell: Shell, encoding: str) -> None:
    rows = '环保协会,莞城,垃圾分类,KP1,"80,000",讲座,2020-10-24\n环保协会,莞城,垃圾分类,KP1,80000,展览,2020/11/14\n'
    (shell.folder / "list.csv").write_bytes((LIST + rows).encode(encoding))
    assert "新单位 1 个，新项目 1 个，新计划活动 2 个" in shell.run("unit", "import", "list.csv")
    assert "新单位 0 个，新项目 0 个，新计划活动 0 个" in shell.run("unit", "import", "list.csv")


def test_workbook_with_real_dates_is_taken(shell: Shell) -> None:
    from datetime import date

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["实施单位", "项目名称", "金额（元）", "计划活动", "计划日期"])
    sheet.append(["虎门科技馆", "机器人", 120000, "体验日", date(2020, 10, 25)])
    book.save(shell.folder / "list.xlsx")
    assert "新单位 1 个，新项目 1 个，新计划活动 1 个" in shell.run("unit", "import", "list.xlsx")


def test_faulty_list_names_each_cell_and_nothing_is_taken(shell: Shell) -> None:
    rows = "环保协会,,,,abc,讲座,2020-13-40\n,,x,,,,\n好单位,,,,,,\n"
    (shell.folder / "list.csv").write_text(LIST + rows)
    printed = shell.run("unit", "import", "list.csv", code=2)
    for cell in ("E2（金额（元））：“abc”不是金额", "G2（计划日期）", "A3（单位名称）：不能为空"):
        assert cell in printed
    assert "没有名称含“好单位”的单位" in shell.run("unit", "invite", "好单位", code=2)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("x.xlsx", b"MZ\x90\x00 not a workbook", "打不开"),
        ("x.exe", b"MZ", "不是 .xlsx 或 .csv"),
        ("x.csv", b"", "是空的"),
        ("x.csv", "甲,乙\n1,2\n".encode(), "没有“单位名称”一列"),
        ("x.csv", LIST.encode(), "只有表头"),
    ],
)
def test_file_that_is_no_list_is_refused_in_a_sentence(shell: Shell, name: str, body: bytes, said: str) -> None:
    (shell.folder / name).write_bytes(body)
    assert said in shell.run("unit", "import", name, code=2)


def test_invitation_names_the_unit_and_is_refused_for_an_unclear_name(shell: Shell) -> None:
    (shell.folder / "list.csv").write_text("单位名称\n东城小学\n南城小学\n")
    shell.run("unit", "import", "list.csv")
    assert re.search(r"东城小学 的绑定码：[2-9A-Z]{4}-[2-9A-Z]{4}", shell.run("unit", "invite", "东城"))
    assert "有 2 个" in shell.run("unit", "invite", "小学", code=2)


def test_staff_send_a_notice_for_approval_and_export_the_filings(shell: Shell) -> None:
    assert "已是工作人员" in shell.run("staff", "add", "王芳", "--role", "drafter", "--userid", "wangfang")
    to_staff = ("notice", "send", "--from", "王芳", "--text", "明天停电", "--to", "工作人员")
    assert "其他同事审核，现在只有 0 位" in shell.run(*to_staff, code=2)
    assert "绑定码" in shell.run("staff", "add", "陈志明", "--role", "approver")
    assert "等待陈志明审核" in shell.run(*to_staff, "--kind", "监督管理要求")
    to_all = ("notice", "send", "--from", "王芳", "--text", "明天停电")  # there are no units yet
    assert "现在没有人能收到" in shell.run(*to_all, code=2)
    assert "没有正文" in shell.run("notice", "send", "--from", "王芳", code=2)
    assert "已导出 0 条报备" in shell.run("export", "out.xlsx")
    assert "已经存在" in shell.run("export", "out.xlsx", code=2)
    assert "不是月份" in shell.run("export", "o.xlsx", "--month", "2020-13", code=2)


def test_doctor_says_what_is_missing(shell: Shell) -> None:
    printed = shell.run("doctor", code=2)
    for line in ("✔ 数据库", "✔ 审计记录", "✘ 实施单位", "✘ 工作人员", "✘ 渠道"):
        assert line in printed
