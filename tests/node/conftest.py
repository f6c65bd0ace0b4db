"""Node.js with the official npm packages, where they are."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RunNode = Callable[..., str]


@pytest.fixture(scope="session")
def run_node() -> RunNode:
    """Runs a script of this folder and gives what it printed; its own complaint is the test's."""
    program = shutil.which("node")
    if program is None or not (HERE / "node_modules").is_dir():
        reason = "Node.js or its packages are missing: install Node.js 18 or newer with npm, then `make node`"
        if os.environ.get("KEPU_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

    def run(script: str, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [program, str(HERE / script), *arguments], input=stdin, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
