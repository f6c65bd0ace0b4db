"""A visitor of the real demo, where there is a Chromium to visit it with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.staging import MISSING, Demo, chromium, running_demo, visiting
from tests.browser.visitor import Visitor


@pytest.fixture(scope="session")
def programs() -> tuple[str, str]:
    """The browser and its driver; without them the tests here are skipped, or fail where everything is required."""
    found = chromium()
    if found is None:
        if os.environ.get("KEPU_REQUIRE_ALL") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="session")
def demo(programs: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def visitor(demo: Demo, programs: tuple[str, str], tmp_path: Path) -> Iterator[Visitor]:
    with visiting(demo, programs, tmp_path / "profile") as visitor:
        yield visitor
