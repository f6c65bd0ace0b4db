"""A folder in which commands are typed."""

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``init`` has run, to copy from."""
    folder = tmp_path_factory.mktemp("begun")
    Shell(folder).run("init", "--yes", "--year", "2020", "--name", "2020年度科普专项")
    return folder


@pytest.fixture
def shell(begun: Path, tmp_path: Path) -> Shell:
    """A folder in which ``init`` has run."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return Shell(tmp_path)
