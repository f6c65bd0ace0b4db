"""One serving process a SQLite database."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.store.engine import Database
from bot.store.only_one import lock_beside

HOLD = "import sys; from bot.store.engine import Database; from bot.store.only_one import lock_beside;"
HOLD += "held = lock_beside(Database(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


def test_second_process_is_refused_until_the_first_is_gone_even_by_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kepu.db'}"
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(ConfigError, match="SQLite 只能由一个进程使用，请先停掉它"):
            lock_beside(Database(url))
        first.kill()
        first.wait()
    held = lock_beside(Database(url))
    assert held is not None
    held.close()


def test_postgresql_and_a_database_in_memory_need_no_lock() -> None:
    for url in ("postgresql://127.0.0.1/kepu", "sqlite:///"):
        assert lock_beside(Database(url)) is None
