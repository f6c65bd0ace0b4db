"""Waiting for what happens by itself."""

import asyncio
import time
from collections.abc import Callable

PAUSE = 0.01


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Until ``condition`` holds; fails where it does not within the time."""
    for _ in range(int(seconds / PAUSE)):
        if condition():
            return
        await asyncio.sleep(PAUSE)
    raise AssertionError("what was waited for did not happen")


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """The same for what other processes do, in a test that is no coroutine."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(10 * PAUSE)
