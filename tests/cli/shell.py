"""Typing commands, as an operator does."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from bot.cli import main


class Shell:
    """A folder in which commands are typed. No command ever shows a traceback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str, code: int = 0, **environment: str) -> str:
        """Type one command, in this process; gives everything it printed."""
        printed = io.StringIO()
        with (
            contextlib.chdir(self.folder),
            mock.patch.dict(os.environ, _clean() | environment, clear=True),
            mock.patch.object(sys, "argv", ["kepu-bot", *words]),
            mock.patch.object(sys, "stdin", io.StringIO()),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            try:
                main()
                ended: object = 0
            except SystemExit as end:
                ended = end.code or 0
        assert ended == code, printed.getvalue()
        return printed.getvalue()

    def start(self, *words: str, code: int = 0, **environment: str) -> str:
        """The same in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=_clean() | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout + done.stderr
        assert "Traceback" not in printed
        assert done.returncode == code, printed
        return printed


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KEPU_")}
