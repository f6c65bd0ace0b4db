"""An office that one of several processes holds at a time: a PostgreSQL advisory lock, as long as its connection lives.

A process that is killed loses its connection at once. One that hangs, or whose machine is gone, is sent away by the
server once it has said nothing for `SILENT` seconds. What the holder says of itself stands in the name of its
connection, so that everybody can read it and nobody need clean it up.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

log = structlog.get_logger()

EVERY = 2.0  # seconds between two tries for the office, and between two signs of life
SILENT = 8
ANSWERED_WITHIN = 4.0
GATEWAY = (0x6B657075, 1)  # two numbers that no other program is likely to lock
NAME = "kepu-bot gateway "  # with the holder's state behind it

_TAKE = "SELECT pg_try_advisory_lock(%s, %s)"
_SAY = "SELECT set_config('application_name', %s, false)"
_HOLDER = text(
    "SELECT coalesce(application_name, '') FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = :first AND objid = :second"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Tenure:
    """Waits for the office, holds it, and lays it down again; ``state``: what the holder says of itself, in one word."""

    def __init__(
        self,
        url: URL,
        begin: Callable[[], Awaitable[None]],
        end: Callable[[], Awaitable[None]],
        state: Callable[[], str],
    ) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._begin = begin
        self._end = end
        self._state = state
        self._holds = False

    async def run(self) -> None:
        """Until cancelled; the office is laid down before the lock is."""
        import psycopg  # only where there is PostgreSQL

        # Nothing is waited for without an end: a standby whose connection dies in silence must try again, too.
        how: dict[str, Any] = {"autocommit": True, "connect_timeout": int(ANSWERED_WITHIN)}
        try:
            while True:
                try:
                    async with await psycopg.AsyncConnection.connect(self._address, **how) as connection:
                        await self._stand(connection)
                except Exception as fault:
                    # The office is kept: while the database is away nobody else can have it, and once it is back, the
                    # lock tells whether somebody was quicker.
                    log.warning("tenure_not_sure", fault=type(fault).__name__)
                await asyncio.sleep(EVERY)
        finally:
            await self._lay_down()

    async def _stand(self, connection: Any) -> None:
        """Get the lock and keep it, until the connection fails or this is cancelled."""
        async with asyncio.timeout(ANSWERED_WITHIN):
            await connection.execute(f"SET idle_session_timeout = '{SILENT}s'")
        while not await _is_yes(connection, _TAKE, GATEWAY):
            await self._lay_down()
            await asyncio.sleep(EVERY)
        if not self._holds:
            self._holds = True
            log.info("gateway_held")
            try:
                await self._begin()
            except Exception:
                await self._lay_down()
                raise
        try:
            while True:
                async with asyncio.timeout(ANSWERED_WITHIN):
                    await connection.execute(_SAY, (NAME + self._state(),))
                await asyncio.sleep(EVERY)
        except asyncio.CancelledError:
            await self._lay_down()
            raise

    async def _lay_down(self) -> None:
        if self._holds:
            self._holds = False
            await self._end()
            log.info("gateway_laid_down")


def holder(session: Session) -> str | None:
    """What the holder of the gateway says of itself, wherever it runs; None where nobody holds it."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    first, second = GATEWAY
    found: str | None = session.scalar(_HOLDER, {"first": first, "second": second})
    return None if found is None else found.removeprefix(NAME)


async def _is_yes(connection: Any, statement: str, values: tuple[Any, ...]) -> bool:
    cursor = await connection.execute(statement, values)
    [found] = await cursor.fetchone()
    return bool(found)
