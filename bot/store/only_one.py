"""One serving process a SQLite database: a lock on a file beside it, which ends with the process whatever ends it."""

import sys
from typing import IO

from bot.errors import ConfigError
from bot.store.engine import Database


def lock_beside(database: Database) -> IO[bytes] | None:
    """Lock it until the file is closed; None for a database that several may serve. Raises `ConfigError`."""
    if not database.sqlite or not database.url.database:
        return None
    held = open(f"{database.url.database}.lock", "ab")  # noqa: SIM115 - open as long as the process serves
    try:
        _lock(held)
    except OSError:
        held.close()
        raise ConfigError(
            f"数据库 {database.url.database} 已有一个 kepu-bot serve 在使用；SQLite 只能由一个进程使用，"
            "请先停掉它，或改用 PostgreSQL。(another kepu-bot serves this database)"
        ) from None
    return held


if sys.platform == "win32":
    import msvcrt

    def _lock(held: IO[bytes]) -> None:
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(held: IO[bytes]) -> None:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
