"""The platform's memory, shared by its parts."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from typing import Any

from bot.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.media import Media
from bot.sandbox.messages import MessageLog
from bot.sandbox.tokens import Tokens
from bot.sandbox.world import World


class Calls:
    """How often each call came in, and how it ended."""

    def __init__(self) -> None:
        self.by_endpoint: dict[str, Counter[int]] = defaultdict(Counter)

    def count(self, endpoint: str, code: int) -> None:
        """One more call that ended with ``code``."""
        self.by_endpoint[endpoint][code] += 1

    def shown(self) -> dict[str, Any]:
        """Counts per endpoint, and per code within it."""
        return {
            endpoint: {"count": codes.total(), "codes": {str(code): n for code, n in codes.items()}}
            for endpoint, codes in self.by_endpoint.items()
        }


class Platform:
    """The world, the clock and what has happened so far."""

    def __init__(self, world: World, bot_url: str, clock: Clock, callback_timeout: float) -> None:
        self.world = world
        self.bot_url = bot_url.rstrip("/")
        self.clock = clock
        self.callback_timeout = callback_timeout
        self.messages = MessageLog(clock)
        self.faults = Faults()
        self.media = Media(clock)
        self.tokens = Tokens(clock)
        self.calls = Calls()
        self.menu: dict[str, Any] | None = None
        self.consents: Counter[tuple[str, str]] = Counter()
        """(openid, template id) → subscription notices that the follower has agreed to"""
        self.articles: dict[str, dict[str, Any]] = {}
        """Published articles, by the id in their address"""
        self.daily_limits: dict[str, int] = {}
        """Calls that are granted less often a day than usual"""
        self.gauges: dict[str, Callable[[], Any]] = {}
        """What each part counts, for whoever looks at the state"""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._last_number = 0

    def timestamp(self) -> int:
        """The platform's time in whole seconds."""
        return int(self.clock.now().timestamp())

    def quotas(self) -> dict[str, Any]:
        """Every part's counts."""
        return {name: gauge() for name, gauge in self.gauges.items()}

    def number(self) -> int:
        """A 64-bit number given out once, also over restarts (the bot remembers those it has seen)."""
        self._last_number = max(self._last_number + 1, time.time_ns())
        return self._last_number

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run ``work`` beside the call that asks for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self) -> None:
        """End what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
