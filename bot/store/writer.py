"""The one writer: takes every change that waits, makes each in a savepoint of its own, commits them all at once.

Group commit is what makes a durable commit cheap: one flush to the disk serves every message that was waiting
(the figures are in the design notes and in benchmarks/). An answer is released only after its commit.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.settings import Settings
from bot.store.engine import Database
from bot.store.files import FileStore
from bot.store.unit_of_work import UnitOfWork

log = structlog.get_logger()
T = TypeVar("T")

# PostgreSQL's words for it: another process was first, at the same row or in the same order of locks.
BEATEN = ("23505", "40P01")
TRIES = 3

# Beyond this a batch only makes its first member wait.
LARGEST_BATCH = 200

Change = Callable[[UnitOfWork], Any]


class _Waiting:
    """A change, and whoever waits for it: a thread by a future, or a coroutine by its loop's future."""

    __slots__ = ("change", "future", "loop", "tries")

    def __init__(self, change: Change, future: Any, loop: asyncio.AbstractEventLoop | None) -> None:
        self.change = change
        self.future = future
        self.loop = loop
        self.tries = 0


_Outcome = tuple[_Waiting, Any, BaseException | None]


class Writer:
    """Runs changes one after the other in a thread of its own; `start` it before use, `close` it after."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self.files = FileStore(settings.storage.folder)
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._listeners: list[Callable[[], None]] = []
        self._wake = False
        self._unwanted: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called, in the writer's thread, after a commit that queued something to go out."""
        self._listeners.append(listener)

    def submit(self, change: Callable[[UnitOfWork], T]) -> "Future[T]":
        """Queue a change; the future gives its result once it is committed."""
        future: Future[T] = Future()
        self._queue.put(_Waiting(change, future, None))
        return future

    async def run(self, change: Callable[[UnitOfWork], T]) -> T:
        """Make a change and wait until it is committed; raises what the change raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Waiting(change, future, loop))
        return await future

    def _work(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, last = [first], False
            while len(batch) < LARGEST_BATCH:
                try:
                    waiting = self._queue.get_nowait()
                except queue.Empty:
                    break
                if waiting is None:
                    last = True
                    break
                batch.append(waiting)
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: list[_Waiting]) -> None:
        outcomes: list[_Outcome]
        try:
            with self._database.writer.begin() as connection:
                outcomes = [(one, *self._change(connection, one.change)) for one in batch]
        except BaseException as fault:
            log.error("commit_failed", fault=type(fault).__name__, changes=len(batch))
            outcomes = [(one, None, fault) for one in batch]
            self._unwanted.clear()
        self._remove_unwanted()
        beaten = [one for one, _, fault in outcomes if _is_beaten(one, fault)]
        _release([outcome for outcome in outcomes if outcome[0] not in beaten])
        if self._wake:
            self._wake = False
            for listener in self._listeners:
                listener()
        if beaten:  # now that nobody waits for locks of this commit
            self._commit(beaten)

    def _remove_unwanted(self) -> None:
        """What no row refers to any more; a file that stays for once is found by the housekeeping."""
        while self._unwanted:
            try:
                self.files.forget(self._unwanted.pop())
            except OSError as fault:
                log.error("file_not_removed", fault=type(fault).__name__)

    def _change(self, connection: Connection, change: Change) -> tuple[Any, BaseException | None]:
        savepoint = connection.begin_nested()
        work = UnitOfWork(connection, self._clock.now(), self._settings, self.files)
        try:
            result = change(work)
            work.end(keep=True)
            savepoint.commit()
        except Exception as fault:
            work.end(keep=False)
            if savepoint.is_active:
                savepoint.rollback()
            return None, fault
        else:
            self._wake = self._wake or work.wake
            self._unwanted += work.unwanted
            return result, None


def _is_beaten(one: _Waiting, fault: BaseException | None) -> bool:
    """Whether a change failed only because another process was at it, and is worth another try."""
    one.tries += 1
    return one.tries < TRIES and getattr(getattr(fault, "orig", fault), "sqlstate", None) in BEATEN


def _release(outcomes: list[_Outcome]) -> None:
    """Hand out the results; a loop is woken once for all that wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
    for outcome in outcomes:
        loop = outcome[0].loop
        if loop is None:
            _settle(outcome)
        else:
            by_loop.setdefault(loop, []).append(outcome)
    for loop, waiting in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, waiting)


def _settle_all(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        _settle(outcome)


def _settle(outcome: _Outcome) -> None:
    one, result, fault = outcome
    if one.future.done():  # whoever waited has gone
        return
    if fault is None:
        one.future.set_result(result)
    else:
        one.future.set_exception(fault)
