"""The dispatcher: takes due rows, hands each to its channel, records what came of it.

One delivery of a lane is under way at a time. It is marked ``sending`` and committed before the call leaves, so after
a crash the only row in doubt is the one that says so.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Select, func, select, update

from bot.channels.base import Channel, Outgoing
from bot.delivery.doubt import tell_staff
from bot.delivery.outgoing import allowed_from
from bot.errors import PlatformError
from bot.messaging.types import Content
from bot.model import Delivery, DeliveryState
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

MOST_ATTEMPTS = 6
FIRST_WAIT = 5.0  # seconds; doubles with every attempt, with jitter
LONGEST_WAIT = 900.0
SWEEP_SECONDS = 60.0
FINISH_SECONDS = 8.0
RECORD_ATTEMPTS = 5
# Sent again under the same key, the platform itself tells whether it had come through.
REPEATABLE = ("mass",)


class _PutOff:
    """The row at the head of the lane was put off or given up; look again."""


PUT_OFF = _PutOff()


class Dispatcher:
    """Runs in the event loop: `run` until cancelled. `wake` may be called from any thread."""

    def __init__(
        self,
        writer: Writer,
        channels: Mapping[str, Channel],
        *,
        sweep_seconds: float = SWEEP_SECONDS,
        jitter: random.Random | None = None,
    ) -> None:
        self._writer = writer
        self._channels = channels
        self._sweep = sweep_seconds
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._awake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def wake(self) -> None:
        """Something may be due: look now rather than at the next sweep."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._awake.set)

    async def run(self) -> None:
        """Send what is due, forever."""
        self._loop = asyncio.get_running_loop()
        await self._writer.run(settle_interrupted)
        try:
            while True:
                self._awake.clear()
                try:
                    pause = await self._start_lanes()
                except Exception as fault:  # the database is away for a moment; the rows wait
                    log.error("dispatcher_paused", fault=type(fault).__name__)
                    pause = RECORD_ATTEMPTS
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), pause)
        finally:
            await self._finish()

    async def _start_lanes(self) -> float:
        """Set every lane going that has something due; gives the seconds until the next row falls due."""
        for lane in await self._writer.run(_due_lanes):
            if lane not in self._lanes or self._lanes[lane].done():
                self._lanes[lane] = asyncio.create_task(self._drain(lane))
        return await self._writer.run(lambda work: _seconds_to_next(work, self._sweep))

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
        """Send everything of one lane that is due, one after the other."""
        while not self._stopping:
            taken = await self._writer.run(lambda work: self._take(work, lane))
            if taken is None:
                return
            if isinstance(taken, _PutOff):
                continue
            delivery_id, channel, outgoing = taken
            fault, platform_id = await _attempt(channel, outgoing)
            await self._record(partial(self._done, delivery_id=delivery_id, fault=fault, platform_id=platform_id))

    async def _record(self, change: Callable[[UnitOfWork], None]) -> None:
        """Write down what came of an attempt; a database that is away for a moment must not leave it in doubt."""
        for attempt in range(1, RECORD_ATTEMPTS + 1):
            try:
                return await self._writer.run(change)
            except Exception as fault:
                log.error("delivery_not_recorded", fault=type(fault).__name__, attempt=attempt)
                await asyncio.sleep(attempt)

    def _done(self, work: UnitOfWork, delivery_id: int, fault: PlatformError | None, platform_id: str | None) -> None:
        if fault is None:
            _sent(work, delivery_id, platform_id)
        else:
            self._failed(work, delivery_id, fault)

    def _take(self, work: UnitOfWork, lane: str) -> "tuple[int, Channel, Outgoing] | _PutOff | None":
        """Claim the next due row of a lane; None where there is none, `PUT_OFF` where it may not go yet."""
        row = work.session.scalars(_due(work.now).where(Delivery.lane == lane).limit(1)).first()
        if row is None:
            return None
        channel = self._channels.get(row.channel)
        if channel is None:
            row.state, row.error = DeliveryState.FAILED, "该渠道未配置"
            return PUT_OFF
        if row.not_after and work.now > row.not_after:
            row.state, row.error = DeliveryState.FAILED, "已过有效时间，未发送"
            return PUT_OFF
        quiet_until = row.not_before if row.urgent else allowed_from(work)
        if quiet_until > work.now:
            row.not_before = quiet_until
            return PUT_OFF
        outgoing = Outgoing(
            recipient=row.recipient,
            content=_with_own_task(row),
            method=row.method,
            recipients=tuple(row.recipients or ()),
            key=f"kepu-{row.id}",
        )
        pace = channel.pace(outgoing)
        if pace is not None:
            wait = _wait_for_pace(work, pace.key, pace.limit, pace.seconds)
            if wait > 0:  # it waits for the platform's limit; others of this lane need not
                row.not_before = work.now + timedelta(seconds=wait)
                return PUT_OFF
            row.pace_key = pace.key
        row.state = DeliveryState.SENDING
        row.claimed_at = work.now
        row.attempts += 1
        return row.id, channel, outgoing

    def _failed(self, work: UnitOfWork, delivery_id: int, fault: PlatformError) -> None:
        row = work.session.get_one(Delivery, delivery_id)
        row.error = str(fault)
        harmless = fault.ambiguous and row.method in REPEATABLE
        if fault.unreachable:
            row.state = DeliveryState.UNREACHABLE
        elif fault.ambiguous and not harmless:
            row.state = DeliveryState.AMBIGUOUS
            tell_staff(work, row)
        elif (fault.retry or harmless) and row.attempts < MOST_ATTEMPTS:
            row.state = DeliveryState.QUEUED
            row.not_before = work.now + timedelta(seconds=self._backoff(row.attempts, fault.after))
        else:
            row.state = DeliveryState.AMBIGUOUS if harmless else DeliveryState.FAILED
            tell_staff(work, row)
        log.warning("delivery_not_sent", delivery=row.id, state=str(row.state), code=fault.code, attempts=row.attempts)

    def _backoff(self, attempts: int, after: float | None) -> float:
        grown: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
        spread: float = self._jitter.uniform(1.0, 1.3)
        return max(after or 0.0, grown) * spread


def _with_own_task(row: Delivery) -> Content:
    """The content of a row; its card under a task id of its own, because the platform takes each id only once."""
    content = Content.from_json(row.content)
    if content.card is None:
        return content
    task_id = f"{content.card.task_id}-{row.id}-{row.attempts}"
    return replace(content, card=replace(content.card, task_id=task_id))


async def _attempt(channel: Channel, outgoing: Outgoing) -> tuple[PlatformError | None, str | None]:
    """Send once; gives the fault, or the platform's id of the message."""
    try:
        return None, await channel.send(outgoing)
    except PlatformError as fault:
        return fault, None
    except Exception as fault:
        log.exception("channel_broke", channel=channel.name)
        return PlatformError(f"程序错误：{type(fault).__name__}", ambiguous=True), None


def settle_interrupted(work: UnitOfWork) -> None:
    """At start: what was under way when the process died is in doubt, except where a repeat is harmless."""
    for row in work.session.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENDING)):
        if row.method in REPEATABLE:
            row.state = DeliveryState.QUEUED
        else:
            row.state, row.error = DeliveryState.AMBIGUOUS, "发送途中程序停止，不知是否送达"
            tell_staff(work, row)


def _sent(work: UnitOfWork, delivery_id: int, platform_id: str | None) -> None:
    """Done. Whom a mass send went to is not kept: of a follower who leaves, nothing stays."""
    change = update(Delivery).where(Delivery.id == delivery_id)
    work.session.execute(
        change.values(
            state=DeliveryState.SENT, sent_at=work.now, platform_id=platform_id or "", error="", recipients=None
        )
    )


def _due(now: datetime) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.state == DeliveryState.QUEUED, Delivery.not_before <= now)
        .order_by(Delivery.urgent.desc(), Delivery.not_before, Delivery.id)
    )


def _due_lanes(work: UnitOfWork) -> list[str]:
    wish = select(Delivery.lane).where(Delivery.state == DeliveryState.QUEUED, Delivery.not_before <= work.now)
    return list(work.session.scalars(wish.distinct()))


def _seconds_to_next(work: UnitOfWork, most: float) -> float:
    """How long until the next queued row falls due, at most ``most``."""
    wish = select(func.min(Delivery.not_before)).where(Delivery.state == DeliveryState.QUEUED)
    following = work.session.scalar(wish)
    if following is None:
        return most
    return min(most, max(0.2, (following - work.now).total_seconds()))


def _wait_for_pace(work: UnitOfWork, key: str, limit: int, seconds: float) -> float:
    """Seconds until one more may go under this limit. Counted from the rows, so a restart forgets nothing."""
    since = work.now - timedelta(seconds=seconds)
    wish = select(func.count(), func.min(Delivery.claimed_at)).where(
        Delivery.pace_key == key, Delivery.claimed_at > since
    )
    count, oldest = work.session.execute(wish).one()
    if count < limit:
        return 0.0
    return 1.0 if oldest is None else max(1.0, (oldest - since).total_seconds())
