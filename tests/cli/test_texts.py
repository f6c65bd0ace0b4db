"""``kepu-bot texts``: all texts on one page, as an operator prints them."""

from pathlib import Path

import typer
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.texts import register
from bot.messaging.examples import RECEIVERS, needs


def _invoke(*arguments: str) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, list(arguments))


def _run(*arguments: str) -> str:
    result = _invoke(*arguments)
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_every_text_is_printed_under_its_receiver() -> None:
    printed = _run()
    for receiver in RECEIVERS:
        assert f"━━ {receiver}（" in printed
    for name in needs():
        assert f"[{name}]" in printed
    assert "李敏，请核对（草稿 2020-0001）：" in printed


def test_page_shows_the_same_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "texts.html"
    assert f"共 {len(needs())} 条" in _run("--html", str(path))
    page = path.read_text(encoding="utf-8")
    assert page.count('class="bubble"') >= len(needs())
    assert "<script" not in page


def test_file_that_is_there_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "texts.html"
    path.write_text("mine", encoding="utf-8")
    assert "已经存在" in str(_invoke("--html", str(path)).exception)
    assert path.read_text(encoding="utf-8") == "mine"
    assert "已写到" in _run("--html", str(path), "--force")
