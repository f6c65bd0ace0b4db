"""The one place where the parts are put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import IO, Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI

import handlers.batch.lists
import handlers.batch.sheet
import handlers.batch.strangers
import handlers.binding
import handlers.consents
import handlers.filing.asides
import handlers.filing.calendar
import handlers.filing.chat
import handlers.filing.export
import handlers.filing.history
import handlers.filing.location
import handlers.filing.lookup
import handlers.filing.own
import handlers.filing.report
import handlers.filing.review
import handlers.filing.review_all
import handlers.follower
import handlers.form.desk
import handlers.form.link
import handlers.help
import handlers.media
import handlers.media_settling
import handlers.notices.acknowledgement
import handlers.notices.attaching
import handlers.notices.board
import handlers.notices.broadcast
import handlers.notices.deliverable
import handlers.notices.objection
import handlers.notices.reading
import handlers.notices.record
import handlers.notices.sending
import handlers.notices.simulation
import handlers.notices.stray_files
import handlers.receipts
import handlers.staff
import schedules
from bot.channels.base import Channel
from bot.clock import Clock, FileClock, clock_from_environment
from bot.delivery import holding
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.engines.base import GATEWAY, WORKER, Engine
from bot.delivery.engines.embedded import Embedded
from bot.delivery.outgoing import answer_later
from bot.delivery.quota_keeper import QuotaKeeper
from bot.delivery.uploads import KeptUploads
from bot.errors import ConfigError
from bot.intake.fetcher import Fetcher
from bot.messaging.inbox import Inbox
from bot.messaging.router import Dispatch
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP
from bot.roles import ALL, Role
from bot.settings import Settings
from bot.store import migrate
from bot.store.engine import Database
from bot.store.only_one import lock_beside
from bot.store.tenure import Tenure
from bot.store.writer import Writer
from bot.web.app import create_web

log = structlog.get_logger()

# In this order: whoever stands first is asked first among routes of the same rank.
ROUTERS = [
    handlers.media.router,
    handlers.binding.router,
    handlers.notices.sending.router,
    handlers.notices.deliverable.router,  # before those of 退回
    handlers.notices.broadcast.router,
    handlers.notices.attaching.router,
    handlers.notices.record.router,
    handlers.notices.simulation.router,
    handlers.notices.reading.router,
    handlers.filing.own.router,  # before the look-up of the office
    handlers.filing.lookup.router,
    handlers.filing.review.router,
    handlers.filing.review_all.router,
    handlers.staff.router,
    handlers.notices.stray_files.router,
    handlers.notices.board.router,
    handlers.notices.objection.router,
    handlers.notices.acknowledgement.router,
    handlers.filing.export.router,
    handlers.batch.sheet.router,
    handlers.batch.strangers.router,
    handlers.batch.lists.router,  # before the router of one filing: a list is several
    handlers.filing.asides.router,
    handlers.filing.chat.router,
    handlers.filing.history.router,
    handlers.form.link.router,
    handlers.filing.calendar.router,
    handlers.filing.report.router,
    handlers.filing.location.router,
    handlers.receipts.router,
    handlers.consents.router,
    handlers.follower.router,
    handlers.help.router,
]

TICK_SECONDS = 20.0
# A moved clock is a demo or a test: somebody waits for what falls due.
MOVED_CLOCK_SECONDS = 1.0


class App:
    """The bot in one process: channels, inbox, dispatcher, clockwork and web; or what its ``roles`` need of them."""

    form_desk = handlers.form.desk

    def __init__(self, settings: Settings, clock: Clock | None = None, roles: frozenset[Role] = ALL) -> None:
        self.settings = settings
        self.roles = roles
        self.clock = clock or clock_from_environment()
        self.database = Database(settings.database.url)
        self.writer = Writer(self.database, settings, self.clock)
        self.inbox = Inbox(self.writer, Dispatch(ROUTERS), answer_later)
        self.channels = self._channels()
        moved = isinstance(self.clock, FileClock)
        self.tick_seconds = MOVED_CLOCK_SECONDS if moved else TICK_SECONDS
        sweep = 1.0 if moved else 60.0
        settle = partial(handlers.media_settling.settle, take_sheet=handlers.batch.sheet.take)
        self.fetcher = Fetcher(self.writer, self.channels, settle, sweep_seconds=sweep)
        account: Any = self.channels.get(OFFICIAL_ACCOUNT)
        self.keepers = [QuotaKeeper(self.writer, account, look_seconds=min(20.0, sweep))] if account else []
        self.scheduler = BackgroundScheduler()
        robot: Any = self.channels.get(WORK_GROUP) if Role.GATEWAY in roles else None
        self.tenure = None
        if robot is not None and not self.database.sqlite:
            self.tenure = Tenure(self.database.url, self._take_gateway, self._leave_gateway, lambda: str(robot.state))
        self.engine = self._engine()
        self.dispatcher = Dispatcher(
            self.writer, self.channels, engine=self.engine, elsewhere=self._elsewhere(False), sweep_seconds=sweep
        )
        self._lock: IO[bytes] | None = None
        self._running: list[asyncio.Task[None]] = []
        self._tenure: list[asyncio.Task[None]] = []

    @property
    def served(self) -> dict[str, Channel]:
        """The channels by which this process sends; a worker has the robot's only to fetch files."""
        return {name: one for name, one in self.channels.items() if name != WORK_GROUP or Role.GATEWAY in self.roles}

    def web(self) -> FastAPI:
        """The web application; starting it starts the bot."""
        return create_web(self, self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _web: Any) -> AsyncIterator[None]:
        await self.start()
        try:
            yield
        finally:
            await self.stop()

    def check(self) -> None:
        """Raise `ConfigError` where the database is missing, old, or another's."""
        self.database.check()
        if not migrate.is_current(self.database):
            raise ConfigError("数据库还没有建好或版本不符，请先运行 kepu-bot migrate。(run `kepu-bot migrate` first)")
        self._lock = self._lock or lock_beside(self.database)

    async def start(self) -> None:
        """Open everything, channels last."""
        self.check()
        self.writer.start()
        self.writer.on_commit(self.engine.wake)
        with self.database.one_at_a_time("start"):
            await holding.start(self.writer)
        for name, channel in self.served.items():
            if name == WORK_GROUP and self.tenure is not None:
                await self._leave_gateway()
            else:
                await channel.start()
        sends = {Role.WORKER, Role.GATEWAY} & self.roles
        workers = [self.dispatcher.run if sends else self.engine.run]
        if Role.WORKER in self.roles:
            self.writer.on_commit(self.fetcher.wake)
            workers += [self.fetcher.run, *(one.run for one in self.keepers)]
        self._running = [asyncio.create_task(run()) for run in workers]
        self._tenure = [asyncio.create_task(self.tenure.run())] if self.tenure is not None else []
        if Role.SCHEDULER in self.roles:
            work, every = [self.writer], self.tick_seconds
            self.scheduler.add_job(
                schedules.run_due, "interval", args=work, seconds=every, coalesce=True, max_instances=1
            )
            self.scheduler.start()
        log.info("started", roles=sorted(self.roles), channels=sorted(self.served))

    async def stop(self) -> None:
        """Stop taking, finish what is under way, close."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        # The gateway goes last: what is under way there still needs its connection.
        for tasks in (self._running, self._tenure):
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for channel in self.channels.values():
            await channel.close()
        await asyncio.to_thread(self.writer.close)
        self.database.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        log.info("stopped")

    def _engine(self) -> Engine:
        if self.database.sqlite:
            return Embedded()
        from bot.delivery.engines.procrastinate import Procrastinate

        return Procrastinate(self.database.url, self._places(False), also=self.fetcher.wake)

    def _places(self, holds_gateway: bool) -> set[str]:
        """Where this process answers a job that wakes it; without a robot nobody else has its place either."""
        gateway = {GATEWAY} if holds_gateway or (self.tenure is None and Role.GATEWAY in self.roles) else set()
        return gateway | ({WORKER} if Role.WORKER in self.roles else set())

    def _elsewhere(self, holds_gateway: bool) -> set[str]:
        """The channels whose lanes another process serves."""
        robot = set() if GATEWAY in self._places(holds_gateway) else {WORK_GROUP}
        return robot | (set() if Role.WORKER in self.roles else {OFFICIAL_ACCOUNT, GROUP_WEBHOOK, APPRISE})

    async def _take_gateway(self) -> None:
        self._hold_gateway(True)
        await self.channels[WORK_GROUP].start()

    async def _leave_gateway(self) -> None:
        self._hold_gateway(False)
        robot: Any = self.channels[WORK_GROUP]
        await robot.stand_down()

    def _hold_gateway(self, holds: bool) -> None:
        engine: Any = self.engine  # there is a tenure only where there is PostgreSQL
        engine.serve(self._places(holds))
        self.dispatcher.leave(self._elsewhere(holds))

    def _channels(self) -> dict[str, Channel]:
        """The configured channels. Imported here, so that what is not used costs neither start nor memory."""
        settings, made = self.settings, dict[str, Channel]()
        if settings.work_group is not None and {Role.GATEWAY, Role.WORKER} & self.roles:
            from bot.channels.work_group.gateway import WorkGroupChannel

            read = self.writer.files.get
            made[WORK_GROUP] = WorkGroupChannel(settings.work_group, self.inbox.receive, read, clock=self.clock)
        if Role.WORKER not in self.roles:
            return made
        if settings.official_account is not None:
            from bot.channels.official_account.channel import OfficialAccountChannel

            made[OFFICIAL_ACCOUNT] = OfficialAccountChannel(
                settings.official_account, self.writer.files.get, KeptUploads(self.writer), clock=self.clock
            )
        if settings.group_webhooks:
            from bot.channels.group_webhook.channel import GroupWebhookChannel

            made[GROUP_WEBHOOK] = GroupWebhookChannel(settings.group_webhooks, self.writer.files.get)
        if settings.apprise:
            from bot.channels.apprise.channel import AppriseChannel

            made[APPRISE] = AppriseChannel(settings.apprise)
        return made
