"""The fetcher: takes what messages promised, brings it from the platform, has it looked at, keeps it.

The rows are the truth: after a crash whatever is still pending is fetched again. The bytes are on the disk before a row
says so; a file that no row came to name is found by the housekeeping.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from bot.channels.base import Channel, Fetched, TooLarge
from bot.documents.inspecting import Inspected, inspect
from bot.documents.signatures import Refusal
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Media
from bot.model import Attachment, AttachmentState
from bot.store import attachments, keeping
from bot.store.keeping import Kept
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

AT_ONCE = 3  # downloads; each may be held in memory whole
SWEEP_SECONDS = 60.0
MOST_TAKEN = 100  # rows looked at in one go; the rest waits its turn
FIRST_WAIT, LONGEST_WAIT = 2.0, 600.0  # seconds between tries, doubled each time
# So long the platforms keep what was sent.
KEPT_FOR = {WORK_GROUP: timedelta(minutes=5), OFFICIAL_ACCOUNT: timedelta(days=3)}

# What becomes of a row that was fetched, or lost (None): told to the sender, flagged, filed.
Settle = Callable[[UnitOfWork, Attachment, Inspected | None], None]


@dataclass(frozen=True, slots=True)
class _Wanted:
    id: int
    channel: str
    media: Media
    until: datetime  # the platform has it no longer than that


class _Later(Exception):
    """Not to be had just now, at the ``attempts``-th try."""

    def __init__(self, attempts: int) -> None:
        super().__init__(attempts)
        self.attempts = attempts


class Fetcher:
    """Runs in the event loop: `run` until cancelled. `wake` may be called from any thread."""

    def __init__(
        self,
        writer: Writer,
        channels: Mapping[str, Channel],
        settle: Settle,
        *,
        sweep_seconds: float = SWEEP_SECONDS,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        self._writer = writer
        self._channels = channels
        self._settle = settle
        self._sweep = sweep_seconds
        self._first_wait = first_wait
        self._awake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._not_before: dict[int, float] = {}  # of rows that did not come at the first try
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._looking = asyncio.Lock()  # one at a time: unpacked, a picture is many times its size

    def wake(self) -> None:
        """Something may have come: look now rather than at the next sweep."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._awake.set)

    async def run(self) -> None:
        """Fetch what is pending, forever."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._awake.clear()
                try:
                    pause = await self._start()
                except Exception as fault:  # the database is away for a moment; the rows wait
                    log.error("fetcher_paused", fault=type(fault).__name__)
                    pause = self._first_wait
                # Not wait_for: before Python 3.12 it loses a cancellation that comes together with what it waits for.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._awake.wait()
        finally:
            for task in self._tasks.values():  # fetched again after the start: nothing is lost by stopping here
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _start(self) -> float:
        """Set going what is due; gives the seconds until the next try of something is due."""
        now = time.monotonic()
        self._not_before = {row: at for row, at in self._not_before.items() if at > now}
        not_now = [*self._tasks, *self._not_before]
        for one in await self._writer.run(lambda work: _pending(work, not_now)):
            self._tasks[one.id] = asyncio.create_task(self._bring(one))
        return max(0.05, min([self._sweep, *(at - now for at in self._not_before.values())]))

    async def _bring(self, one: _Wanted) -> None:
        try:
            async with self._slots:
                await self._keep(one, await self._fetch(one))
        except _Later as later:
            wait = min(LONGEST_WAIT, self._first_wait * 2 ** (min(later.attempts, 20) - 1))
            self._not_before[one.id] = time.monotonic() + wait
        except Exception as fault:  # of ours, or the database's: tried again
            log.error("attachment_not_kept", attachment=one.id, fault=type(fault).__name__)
            self._not_before[one.id] = time.monotonic() + self._sweep
        finally:
            del self._tasks[one.id]
            self._awake.set()

    async def _fetch(self, one: _Wanted) -> Fetched | Inspected | None:
        """The file, or why it is refused already; None where it is lost. Raises `_Later`."""
        channel = self._channels.get(one.channel)
        if channel is None:
            return None
        try:
            return await channel.fetch(one.media)
        except TooLarge:
            return Inspected(b"", one.media.name, refusal=Refusal.TOO_LARGE)
        except Exception as broken:  # one that is none of the platform's is tried again, and as long
            odd = PlatformError(f"程序错误：{type(broken).__name__}", retry=True)
            fault = broken if isinstance(broken, PlatformError) else odd
        attempts, now = await self._writer.run(lambda work: _count(work, one.id))
        log.warning("attachment_not_fetched", attachment=one.id, attempts=attempts, code=fault.code, fault=str(fault))
        if fault.retry and now < one.until:
            raise _Later(attempts)
        return None

    async def _keep(self, one: _Wanted, fetched: Fetched | Inspected | None) -> None:
        """Look at it, put it on the disk, then into its row."""
        if isinstance(fetched, Fetched):
            name = one.media.name or fetched.name
            async with self._looking:
                fetched = await asyncio.to_thread(inspect, fetched.content, name)
        found = fetched
        kept = await asyncio.to_thread(keeping.put, self._writer.files, found) if found else Kept()
        recorded = await self._writer.run(lambda work: self._record(work, one.id, found, kept))
        if recorded and found:
            await asyncio.to_thread(keeping.put_back, self._writer.files, found, kept)

    def _record(self, work: UnitOfWork, row: int, found: Inspected | None, kept: Kept) -> bool:
        """Gives whether there was still a row to write into."""
        attachment = work.session.get(Attachment, row)
        if attachment is None or attachment.state != AttachmentState.PENDING:
            # Taken back, or brought in by another process, while it was under way.
            work.unwanted += attachments.unused(work.session, filter(None, (kept.original, kept.shown, kept.thumb)))
            return False
        attachment.source = None
        if found is None:
            attachment.state = AttachmentState.LOST
        else:
            keeping.describe(attachment, found, kept)
        self._settle(work, attachment, found)
        work.session.flush()
        log.info("attachment_settled", attachment=row, state=str(attachment.state), mime=attachment.mime)
        return True


def _pending(work: UnitOfWork, not_now: Sequence[int]) -> list[_Wanted]:
    wish = select(Attachment).where(Attachment.state == AttachmentState.PENDING, Attachment.id.not_in(not_now))
    return [
        _Wanted(
            row.id,
            row.channel,
            Media(row.kind, row.source or {}, row.name),
            row.created_at + KEPT_FOR.get(row.channel, timedelta()),
        )
        for row in work.session.scalars(wish.order_by(Attachment.created_at).limit(MOST_TAKEN))
    ]


def _count(work: UnitOfWork, row: int) -> tuple[int, datetime]:
    """Note one more try in vain; gives how many there were, and the time."""
    attachment = work.session.get(Attachment, row)
    if attachment is None:
        return 1, work.now
    attachment.attempts += 1
    return attachment.attempts, work.now
