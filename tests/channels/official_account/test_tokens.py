"""The access token: one fetch for however many callers, forced seldom, and never an older one over a newer."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.official_account.tokens import TokenStore
from bot.errors import PlatformError


class Platform:
    """Gives tokens as `stable_token` does: the same one until it ends or is forced."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.current = 1
        self.asked: list[bool] = []
        self.hold: asyncio.Event | None = None
        self.faults: list[Exception] = []
        self.lives = 7200.0

    async def fetch(self, force: bool) -> tuple[str, float]:
        self.asked.append(force)
        if force:
            self.current += 1
        token = f"token-{self.current}"
        if self.hold is not None:
            await self.hold.wait()
        if self.faults:
            raise self.faults.pop(0)
        return token, self.lives

    def store(self) -> TokenStore:
        return TokenStore(self.fetch, lambda: self.now)


async def test_many_callers_share_one_fetch() -> None:
    platform = Platform()
    platform.hold = asyncio.Event()
    store = platform.store()
    callers = [asyncio.create_task(store.get()) for _ in range(200)]
    await asyncio.sleep(0)
    platform.hold.set()
    assert set(await asyncio.gather(*callers)) == {"token-1"}
    assert platform.asked == [False]


async def test_many_callers_whose_token_died_share_one_renewal() -> None:
    platform = Platform()
    store = platform.store()
    assert await store.get() == "token-1"
    renewed = await asyncio.gather(*(store.renew("token-1") for _ in range(200)))
    assert set(renewed) == {"token-2"}
    assert platform.asked.count(True) == 1
    assert len(platform.asked) == 3


async def test_caller_who_comes_late_with_an_old_token_takes_the_new_one_and_asks_nobody() -> None:
    platform = Platform()
    store = platform.store()
    await store.renew(await store.get())
    asked = len(platform.asked)
    assert await store.renew("token-1") == "token-2"
    assert len(platform.asked) == asked


async def test_answer_that_comes_late_does_not_overwrite_a_newer_token() -> None:
    platform = Platform()
    store = platform.store()
    await store.get()
    platform.now += 7200
    platform.hold = asyncio.Event()
    slow = asyncio.create_task(store.get())  # asks, and will be answered with token-1
    await asyncio.sleep(0)
    renewing = asyncio.create_task(store.renew("token-1"))
    await asyncio.sleep(0)
    platform.hold.set()
    assert await slow == "token-1"
    assert await renewing == "token-2"
    assert await store.get() == "token-2"


async def test_token_is_renewed_before_its_end() -> None:
    platform = Platform()
    store = platform.store()
    await store.get()
    platform.now += 7200 - 241
    await store.get()
    assert len(platform.asked) == 1
    platform.now += 2
    await store.get()
    assert len(platform.asked) == 2


async def test_token_that_lives_no_longer_than_the_margin_is_not_asked_for_with_every_call() -> None:
    platform = Platform()
    platform.lives = 10
    store = platform.store()
    for _ in range(5):
        await store.get()
    assert len(platform.asked) == 1


async def test_force_is_used_at_most_once_in_half_a_minute_and_twenty_times_a_day() -> None:
    platform = Platform()
    store = platform.store()
    for _ in range(3):
        await store.renew(await store.get())
    assert platform.asked.count(True) == 1
    for _ in range(40):
        platform.now += 31
        await store.renew(await store.get())
    assert platform.asked.count(True) == 20
    platform.now += 86_401
    await store.renew(await store.get())
    assert platform.asked.count(True) == 21


async def test_fault_reaches_every_caller_and_the_next_one_asks_again() -> None:
    platform = Platform()
    platform.faults = [PlatformError("连不上", retry=True)]
    store = platform.store()
    found = await asyncio.gather(*(store.get() for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [PlatformError] * 3
    assert await store.get() == "token-1"
    assert len(platform.asked) == 2


async def test_caller_who_gives_up_takes_the_answer_from_nobody() -> None:
    platform = Platform()
    platform.hold = asyncio.Event()
    store = platform.store()
    impatient, patient = asyncio.create_task(store.get()), asyncio.create_task(store.get())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    platform.hold.set()
    assert await patient == "token-1"
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert len(platform.asked) == 1


async def test_store_shows_its_token_to_nobody() -> None:
    platform = Platform()
    store = platform.store()
    await store.get()
    assert "token-1" not in repr(store) + repr(vars(store))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["get", "renew", "stale", "wait", "day"]), max_size=40))
def test_whatever_the_order_no_caller_gets_an_older_token_and_force_stays_in_its_limits(steps: list[str]) -> None:
    async def play() -> None:
        platform = Platform()
        store = platform.store()
        newest, forced_at = 0, [-1e9]
        for step in steps:
            before = platform.asked.count(True)
            if step == "wait":
                platform.now += 20
            elif step == "day":
                platform.now += 90_000
            else:
                token = await (store.get() if step == "get" else store.renew(f"token-{newest - (step == 'stale')}"))
                assert int(token.removeprefix("token-")) >= newest
                newest = int(token.removeprefix("token-"))
            if platform.asked.count(True) > before:
                assert platform.now - forced_at[-1] >= 30
                forced_at.append(platform.now)

    asyncio.run(play())
