"""``notice list``, ``show`` and ``simulate``, as an operator types them."""

import sqlite3

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def written(shell: Shell) -> Shell:
    """A folder with a notice that waits for its review."""
    for name, role in (("王芳", "drafter"), ("陈志明", "approver")):
        shell.run("staff", "add", name, "--role", role)
    with sqlite3.connect(shell.folder / "kepu.db") as database:
        database.execute("INSERT INTO unit (name, town, active) VALUES ('虎门科技馆', '虎门镇', 1)")
    shell.run("notice", "send", "--from", "王芳", "--text", "请报送进度表。", "--to", "虎门科技馆")
    return shell


def test_notices_are_listed_and_one_is_shown_whole(written: Shell) -> None:
    listed = written.run("notice", "list")
    assert "1 【通知】请报送进度表　待审核" in listed
    shown = written.run("notice", "show", "1")
    for part in ("通知 1《请报送进度表》", "拟稿：王芳", "请报送进度表。", "1 个单位：虎门科技馆"):
        assert part in shown, part
    assert "没有通知 9" in written.run("notice", "show", "9", code=2)


def test_no_notice_is_said_so(shell: Shell) -> None:
    assert "还没有通知" in shell.run("notice", "list")


def test_simulation_tells_the_plan_and_makes_no_row(written: Shell) -> None:
    said = written.run("notice", "simulate", "1")
    assert "没有发给任何人" in said
    assert "1 个单位：虎门科技馆" in said
    with sqlite3.connect(written.folder / "kepu.db") as database:
        assert database.execute("SELECT count(*) FROM delivery WHERE purpose = 'notice'").fetchone() == (0,)
    assert "没有通知 9" in written.run("notice", "simulate", "9", code=2)
