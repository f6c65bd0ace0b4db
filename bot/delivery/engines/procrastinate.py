"""Several processes on PostgreSQL: whoever queues something sends for those that serve its lane, by a Procrastinate job.

A job says only that there is something to do at a place. It is held as long as the process that took it has something
due: so a second job, sent where one process is not done soon, finds another; and the job of a process that died is
found, and another sent for. A job that is lost all the same is made up for by everybody's look once a minute.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Iterator
from typing import Any

import structlog
from procrastinate import App, JobContext, PsycopgConnector, exceptions
from procrastinate.jobs import Status
from sqlalchemy import URL

from bot.delivery.engines.base import PLACES
from bot.store.wake_tables import SCHEMA

log = structlog.get_logger()

# A process that still has something due after so long may use help.
NOT_SOON = 2.0
# Of a process that does not say for so long that it lives, another takes the jobs.
HEARTBEAT, SILENT = 4.0, 12.0
PAUSE = 3.0  # while the database is away
CONNECTIONS = 3
CONNECTED_WITHIN = 4.0


class _Connector(PsycopgConnector):
    """Says when the database failed it. A worker goes on after that, without its LISTEN and without its heartbeat."""

    def __init__(self, failed: asyncio.Event, **options: Any) -> None:
        super().__init__(**options)
        self._failed = failed

    async def listen_notify(self, on_notification: Any, channels: Any) -> None:
        with self._watched():
            await super().listen_notify(on_notification, channels)

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        with self._watched():
            await super().execute_query_async(query, **arguments)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except exceptions.ConnectorException:
            self._failed.set()
            raise


class Procrastinate:
    """The engine of one process. ``serves``: its places; ``also``: called in the loop with every wake of theirs."""

    def __init__(self, url: URL, serves: Collection[str], *, also: Callable[[], None] | None = None) -> None:
        logging.getLogger("procrastinate").setLevel(logging.ERROR)  # it tells of every job, twice
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        options = {"options": f"-c search_path={SCHEMA}"}
        self._failed = asyncio.Event()
        pool = {"min_size": 1, "max_size": CONNECTIONS, "timeout": CONNECTED_WITHIN, "kwargs": options}
        self._app = App(connector=_Connector(self._failed, conninfo=address, **pool))
        self._job = self._app.task(name="wake", pass_context=True)(self._woken)
        self._places = frozenset(serves)
        self._also = also
        self._awake, self._wanted, self._changed, self._quiet = (asyncio.Event() for _ in range(4))
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queued)

    def look_again(self) -> None:
        self._quiet.clear()
        self._awake.set()

    def serve(self, places: Collection[str]) -> None:
        """Serve these places from now on. From the loop."""
        self._places = frozenset(places)
        self._changed.set()
        self.look_again()

    async def sleep(self, seconds: float, *, busy: bool) -> None:
        if not busy and not self._awake.is_set():
            self._quiet.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        self._awake.clear()

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        while True:
            self._failed.clear()
            try:
                async with self._app.open_async(), asyncio.TaskGroup() as group:
                    for part in (self._answer, self._send, self._look_after_the_dead, self._fail):
                        group.create_task(part())
            except* Exception as faults:
                log.error("engine_paused", fault=type(faults.exceptions[0]).__name__)
            await asyncio.sleep(PAUSE)

    def _queued(self) -> None:
        if self._places:
            self.look_again()
        if self._places != PLACES:
            self._wanted.set()

    async def _send(self) -> None:
        """Send for the others whenever something was queued here."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            for place in PLACES - self._places:
                await self._send_for(place)

    async def _send_for(self, place: str) -> None:
        # Asked first: a job that is there already would be refused, and PostgreSQL logs every refusal as an error.
        if not await self._app.job_manager.list_jobs_async(queueing_lock=place, status=Status.TODO.value):
            with contextlib.suppress(exceptions.AlreadyEnqueued):
                await self._job.configure(queue=place, queueing_lock=place).defer_async()

    async def _answer(self) -> None:
        """Take jobs of the places that this process serves, which may change."""
        while True:
            self._changed.clear()
            places = sorted(self._places)
            tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._changed.wait())]
            if places:
                tasks.append(asyncio.create_task(self._take_jobs(places)))
            try:
                ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                if places and not self._quiet.is_set():  # what this process had begun, another may go on with
                    for place in places:
                        await self._send_for(place)
            if tasks[0] not in ended:
                raise exceptions.ConnectorException  # it ends by itself only where the database is away

    async def _fail(self) -> None:
        await self._failed.wait()
        raise exceptions.ConnectorException

    async def _take_jobs(self, places: list[str]) -> None:
        await self._app.run_worker_async(
            queues=places,
            concurrency=1,
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=0.0,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=SILENT,
        )

    async def _woken(self, context: JobContext) -> None:
        """The job: look, and hold it until nothing is due here any more."""
        self.look_again()
        if self._also is not None:
            self._also()
        try:
            async with asyncio.timeout(NOT_SOON):
                await self._quiet.wait()
        except TimeoutError:
            await self._send_for(context.job.queue)
            await self._quiet.wait()

    async def _look_after_the_dead(self) -> None:
        while True:
            await asyncio.sleep(SILENT)
            jobs: Any = self._app.job_manager
            for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT):
                with contextlib.suppress(exceptions.ConnectorException):  # another was first
                    await jobs.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=True)
                await self._send_for(job.queue)
