"""Waiting for what happens by itself."""

import asyncio
from collections.abc import Callable

PAUSE = 0.01


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Until ``condition`` holds; fails where it does not within the time."""
    for _ in range(int(seconds / PAUSE)):
        if condition():
            return
        await asyncio.sleep(PAUSE)
    raise AssertionError("what was waited for did not happen")
