"""One process that does everything: it wakes itself."""

import asyncio
import contextlib


class Embedded:
    """An event of this process."""

    def __init__(self) -> None:
        self._awake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._awake.set)

    def look_again(self) -> None:
        self._awake.set()

    async def sleep(self, seconds: float, *, busy: bool) -> None:
        del busy  # nobody else could help
        # Not wait_for(): in Python 3.11 it swallows a cancellation that comes together with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        self._awake.clear()

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.Event().wait()
