"""What the bot loads before anybody has written: what only some messages need is loaded by the first of them."""

import subprocess
import sys

HEAVY = ("aiohttp", "alembic", "apprise", "holidays", "icalendar", "imagehash", "jionlp", "numpy", "openpyxl", "PIL")


def test_start_loads_no_library_that_only_some_messages_need() -> None:
    command = "import sys, bot.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.split()
    assert "bot.app" in loaded
    assert [name for name in HEAVY if name in loaded] == []
