"""The access token: fetched once for everybody who waits, renewed early, forced as seldom as the platform allows.

`stable_token` gives every process the same token, so several need no common store. At most one fetch is under way in
a process, so an answer that comes late cannot overwrite a newer one.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

# Asked for again this long before its end; the platform has renewed it by then, and lets the old one live on.
EARLY = 240.0
FORCED_APART = 30.0
FORCED_A_DAY = 20
DAY = 86_400.0

# force_refresh → (token, seconds it lives)
Fetch = Callable[[bool], Awaitable[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    renew_at: float


class TokenStore:
    """Hands out the token of one official account within this process."""

    def __init__(self, fetch: Fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._now = monotonic
        self._token: _Token | None = None
        self._under_way: asyncio.Task[_Token] | None = None
        self._forced: deque[float] = deque(maxlen=FORCED_A_DAY)

    async def get(self) -> str:
        """A token that is good now; raises `PlatformError` where none can be had."""
        held = self._token
        if held is not None and self._now() < held.renew_at:
            return held.value
        return (await self._shared(force=False)).value

    async def renew(self, refused: str) -> str:
        """Another token than ``refused``, else that one again. Callers who fail together share one renewal.

        The platform is first asked plainly: after an expiry it has a new one. Only where it insists on the refused
        one is it forced, at most once in 30 s and 20 times a day, as it demands.
        """
        held = self._token
        if held is not None and held.value != refused:
            return held.value
        made = await self._shared(force=False)
        if made.value == refused and (self._is_under_way() or self._may_force()):
            made = await self._shared(force=True)
        return made.value

    async def _shared(self, *, force: bool) -> _Token:
        if self._under_way is None or self._under_way.done():
            if force:
                self._forced.append(self._now())
            self._under_way = asyncio.create_task(self._ask(force))
            # Whoever waits gets the fault; nobody may be waiting any more.
            self._under_way.add_done_callback(lambda task: task.cancelled() or task.exception())
        # A caller who gives up must not take the answer away from the others.
        return await asyncio.shield(self._under_way)

    def _is_under_way(self) -> bool:
        return self._under_way is not None and not self._under_way.done()

    async def _ask(self, force: bool) -> _Token:
        asked_at = self._now()
        value, seconds = await self._fetch(force)
        self._token = _Token(value, asked_at + max(1.0, seconds - EARLY))
        return self._token

    def _may_force(self) -> bool:
        now = self._now()
        if self._forced and now - self._forced[-1] < FORCED_APART:
            return False
        return len(self._forced) < FORCED_A_DAY or now - self._forced[0] > DAY
