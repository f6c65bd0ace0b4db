"""The dispatcher: takes due rows, hands each to its channel, records what came of it.

A delivery is marked ``sending`` and committed before its call leaves, so after a crash the only rows in doubt are those
that say so. A lane has one under way at a time; a large run on the official account has several, each to another
recipient (docs/decisions/0009). What came of the attempts and the claim of the next ones share a commit.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Collection, Mapping
from functools import partial

import structlog

from bot.channels.base import Channel
from bot.delivery import holding
from bot.delivery.claiming import Claim, Taken, channel_of, due_lanes, take
from bot.delivery.engines.base import Engine
from bot.delivery.engines.embedded import Embedded
from bot.delivery.leases import RENEW_SECONDS, is_alone, process_name, renew, settle_interrupted
from bot.delivery.results import Result, record
from bot.errors import PlatformError
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

SWEEP_SECONDS = 60.0
FINISH_SECONDS = 8.0
LONGEST_PAUSE = 5.0  # while the database is away
# A lane has something due that cannot be claimed just now: another process has one of it under way.
LOOK_AGAIN = 1.0
GATHER_SECONDS = 0.01
LANE_HELD = 0.03


class Dispatcher:
    """Runs in the event loop: `run` until cancelled. `wake` may be called from any thread.

    ``engine``: what wakes it. ``elsewhere``: names of channels whose lanes another process serves.
    """

    def __init__(
        self,
        writer: Writer,
        channels: Mapping[str, Channel],
        *,
        engine: Engine | None = None,
        elsewhere: Collection[str] = (),
        sweep_seconds: float = SWEEP_SECONDS,
        jitter: random.Random | None = None,
    ) -> None:
        self._writer = writer
        self._channels = channels
        self._engine = engine or Embedded()
        self._elsewhere = frozenset(elsewhere)
        self._sweep = sweep_seconds
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._name = process_name()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._under_way: set[int] = set()  # rows that this process has claimed and not yet recorded
        self._noted = float("-inf")  # when the installation's generation was last noted
        self._stopping = False

    def wake(self) -> None:
        """Something may be due: look now rather than at the next sweep."""
        self._engine.wake()

    def leave(self, channels: Collection[str]) -> None:
        """From now on the lanes of these channels, and of no others, are served elsewhere. From the loop."""
        self._elsewhere = frozenset(channels)
        self._engine.look_again()

    async def run(self) -> None:
        """Send what is due, forever."""
        beside = [asyncio.create_task(self._engine.run())]
        try:
            await self._writer.run(self._settle_at_start)
            beside.append(asyncio.create_task(self._live()))
            while True:
                try:
                    pause, busy = await self._start_lanes()
                except Exception as fault:  # the database is away for a moment; the rows wait
                    log.error("dispatcher_paused", fault=type(fault).__name__)
                    pause, busy = LONGEST_PAUSE, True
                await self._engine.sleep(pause, busy=busy)
        finally:
            await self._finish()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _start_lanes(self) -> tuple[float, bool]:
        """Set every lane going that has something due; gives the seconds after which to look again, and whether any has."""
        lanes, following = await self._writer.run(lambda work: due_lanes(work, self._elsewhere))
        if lanes:
            await self._note_generation(holding.WHILE_SENDING)
        for lane in lanes:
            if lane not in self._lanes or self._lanes[lane].done():
                self._lanes[lane] = asyncio.create_task(self._drain(lane))
        pause = self._sweep if following is None else min(self._sweep, max(0.05, following))
        return (min(pause, LOOK_AGAIN), True) if lanes else (pause, False)

    async def _live(self) -> None:
        """Keep this process's leases, and take up what processes that died have left."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._writer.run(self._renew)
                await self._note_generation(holding.HOURLY)
            except Exception as fault:
                log.error("leases_not_renewed", fault=type(fault).__name__)

    def _settle_at_start(self, work: UnitOfWork) -> None:
        if not holding.is_held(work.session):
            settle_interrupted(work, alone=is_alone(work))

    def _renew(self, work: UnitOfWork) -> None:
        mine = set(self._under_way)
        if mine:
            renew(work, mine)
        if not holding.is_held(work.session):
            settle_interrupted(work, mine)

    async def _note_generation(self, apart: float) -> None:
        if time.monotonic() - self._noted >= apart:
            self._noted = time.monotonic()
            await holding.renew(self._writer)

    async def _finish(self) -> None:
        """Let what is under way come to its end, so that an orderly stop leaves nothing in doubt; take nothing new."""
        self._stopping = True
        running = [task for task in self._lanes.values() if not task.done()]
        if running:
            _, late = await asyncio.wait(running, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _drain(self, lane: str) -> None:
        """Send everything of one lane that may go now."""
        run = _Run()
        try:
            while True:
                taken = await self._step(lane, run)
                for claim in taken.claims:
                    run.begin(claim)
                if taken.claims or taken.again:
                    self._engine.look_again()  # the lane's next row may fall due at another time than was thought
                if run.has_more:
                    await run.landed()
                    if run.wide:  # a few more share the commit, which costs more than the wait
                        await run.gathered(len(run.flying) // 2, GATHER_SECONDS)
                elif taken.elsewhere:
                    await asyncio.sleep(LANE_HELD * self._jitter.uniform(1.0, 2.0))
                elif not taken.again:
                    return
        except Exception as fault:  # the lane is set going again at the next look
            log.error("lane_stopped", lane=lane.partition(":")[0], fault=type(fault).__name__)
        finally:
            await run.abandon()
            self._under_way -= run.claimed

    async def _step(self, lane: str, run: "_Run") -> Taken:
        """Record what has landed and claim what goes next, in one commit."""
        results = run.take_results()
        # Counted here, not when the writer comes to it: what lands meanwhile is recorded with the next commit only, and
        # counts until then. So no more are ever in doubt after a crash than may be under way.
        act = partial(self._record_and_take, lane=lane, run=run, results=results, under_way=len(run.flying))
        if not results:
            taken = await self._writer.run(act)
            self._under_way.update(claim.delivery_id for claim in taken.claims)
            return taken
        try:
            taken = await self._writer.run(act)
            self._under_way.update(claim.delivery_id for claim in taken.claims)
        except Exception as fault:
            log.error("deliveries_not_recorded", fault=type(fault).__name__, results=len(results))
            await self._record_alone(results)
            taken = Taken([], run.wide)
        self._under_way.difference_update(one.delivery_id for one in results)
        return taken

    async def _record_alone(self, results: list[Result]) -> None:
        """A database that is away for a moment must not leave an attempt in doubt."""
        pause = 0.1
        while True:
            await asyncio.sleep(pause)
            try:
                return await self._writer.run(partial(record, results=results, by=self._name, jitter=self._jitter))
            except Exception as fault:
                log.error("deliveries_not_recorded", fault=type(fault).__name__, results=len(results))
                pause = min(LONGEST_PAUSE, pause * 2)

    def _record_and_take(
        self, work: UnitOfWork, lane: str, run: "_Run", results: list[Result], under_way: int
    ) -> Taken:
        if results:
            record(work, results, by=self._name, jitter=self._jitter)
            work.session.flush()
        if self._stopping or channel_of(lane) in self._elsewhere:
            return Taken([], run.wide)
        taken = take(work, lane, self._channels, by=self._name, under_way=under_way, wide=run.wide)
        run.wide = taken.wide
        return taken


class _Run:
    """What one lane has under way."""

    def __init__(self) -> None:
        self.wide = False
        self.flying: set[asyncio.Task[Result]] = set()
        self.claimed: set[int] = set()
        self._results: list[Result] = []
        self._landed = asyncio.Event()
        self._enough = asyncio.Event()
        self._wanted = 1

    def begin(self, claim: Claim) -> None:
        task = asyncio.create_task(_attempt(claim))
        self.claimed.add(claim.delivery_id)
        self.flying.add(task)
        task.add_done_callback(self._land)

    @property
    def has_more(self) -> bool:
        """Whether something is under way, or has landed and is not recorded yet."""
        return bool(self.flying or self._results)

    async def landed(self) -> None:
        """Until at least one has come to its end."""
        await self._landed.wait()

    async def gathered(self, count: int, seconds: float) -> None:
        """Until ``count`` have come to their end, or all, or the time is over."""
        self._wanted = count
        self._enough.clear()
        if len(self._results) < count and self.flying:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._enough.wait()

    def take_results(self) -> list[Result]:
        """What has landed since this was last asked."""
        found, self._results = self._results, []
        self._landed.clear()
        return found

    async def abandon(self) -> None:
        """The lane ends before its attempts have; nobody waits for them any more."""
        for task in self.flying:
            task.cancel()
        await asyncio.gather(*self.flying, return_exceptions=True)

    def _land(self, task: "asyncio.Task[Result]") -> None:
        self.flying.discard(task)
        if not task.cancelled():
            self._results.append(task.result())
            self._landed.set()
            if len(self._results) >= self._wanted or not self.flying:
                self._enough.set()


async def _attempt(claim: Claim) -> Result:
    """Send once."""
    try:
        return Result(claim.delivery_id, None, await claim.channel.send(claim.outgoing))
    except PlatformError as fault:
        return Result(claim.delivery_id, fault)
    except Exception as fault:
        log.exception("channel_broke", channel=claim.channel.name)
        broken = PlatformError(f"程序错误：{type(fault).__name__}", ambiguous=True)
        return Result(claim.delivery_id, broken)
