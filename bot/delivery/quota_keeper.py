"""Asks the platform, in the background, how much of each call is left; what is planned looks at its last word."""

import asyncio
from functools import partial
from typing import Protocol

import structlog

from bot.delivery import quotas
from bot.errors import PlatformError
from bot.store.writer import Writer

log = structlog.get_logger()

LOOK_SECONDS = 20.0


class TellsQuota(Protocol):
    """A channel that can be asked."""

    async def quota(self, path: str) -> tuple[int, int]:
        """What one call is granted today, and how much of it is used; raises `PlatformError`."""
        ...


class QuotaKeeper:
    """Runs in the event loop: `run` until cancelled."""

    def __init__(self, writer: Writer, channel: TellsQuota, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._writer = writer
        self._channel = channel
        self._pause = look_seconds

    async def run(self) -> None:
        """Look every few seconds whether something is to be asked for, forever."""
        while True:
            try:
                await self.ask()
            except Exception as fault:  # the database is away for a moment; the next look comes
                log.error("quotas_not_asked", fault=type(fault).__name__)
            await asyncio.sleep(self._pause)

    async def ask(self) -> None:
        """Ask for what is due, once. A platform that does not say is asked again in an hour."""
        for path in await self._writer.run(quotas.to_ask):
            try:
                limit, used = await self._channel.quota(path)
                change = partial(quotas.keep, path=path, daily_limit=limit, used=used)
            except PlatformError as fault:
                change = partial(quotas.keep, path=path, refused=str(fault))
            await self._writer.run(change)
