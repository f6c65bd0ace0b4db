"""The access token: fetched once for everybody who waits, renewed early, never overwritten by an older one.

`stable_token` gives every caller the same token, so several processes need no common store.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

# Renew this long before the end; the platform lets old and new overlap five minutes.
EARLY = 300.0
# The platform takes a forced refresh at most every 30 s; a token younger than that is as new as it gets.
FORCED_APART = 30.0

# force_refresh → (token, seconds it lives)
Fetch = Callable[[bool], Awaitable[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    until: float
    asked_at: float

    def __repr__(self) -> str:
        return "<token>"


class TokenStore:
    """Hands out the token of one official account within this process."""

    def __init__(self, fetch: Fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._now = monotonic
        self._token: _Token | None = None
        self._fetching: asyncio.Task[_Token] | None = None
        self._forced_at = float("-inf")

    async def get(self) -> str:
        """A token that is good now."""
        held = self._token
        if held is not None and self._now() < held.until:
            return held.value
        return (await self._once(force=False)).value

    async def renew(self, refused: str) -> str:
        """Another token than the one that was refused; the callers who failed together share one refresh."""
        held = self._token
        if held is not None and held.value != refused and self._now() < held.until:
            return held.value
        force = self._now() - self._forced_at > FORCED_APART
        if force:
            self._forced_at = self._now()
        return (await self._once(force=force)).value

    async def _once(self, *, force: bool) -> _Token:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._do_fetch(force))
        # A caller who gives up must not take the fetch away from the others.
        return await asyncio.shield(self._fetching)

    async def _do_fetch(self, force: bool) -> _Token:
        asked_at = self._now()
        value, seconds = await self._fetch(force)
        made = _Token(value, asked_at + max(1.0, seconds - EARLY), asked_at)
        if self._token is None or self._token.asked_at <= asked_at:
            self._token = made
        return self._token
