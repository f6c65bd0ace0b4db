"""The one place where the parts are put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

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
import handlers.notices.board
import handlers.notices.broadcast
import handlers.notices.deliverable
import handlers.notices.objection
import handlers.notices.reading
import handlers.notices.record
import handlers.notices.sending
import handlers.notices.stray_files
import handlers.receipts
import handlers.staff
import schedules
from bot.channels.base import Channel
from bot.clock import Clock, FileClock, clock_from_environment
from bot.delivery import holding
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.outgoing import answer_later
from bot.delivery.quota_keeper import QuotaKeeper
from bot.delivery.uploads import KeptUploads
from bot.errors import ConfigError
from bot.intake.fetcher import Fetcher
from bot.messaging.inbox import Inbox
from bot.messaging.router import Dispatch
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP
from bot.settings import Settings
from bot.store import migrate
from bot.store.engine import Database
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
    handlers.notices.record.router,
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
    """The bot in one process: channels, inbox, dispatcher, clockwork and web."""

    form_desk = handlers.form.desk

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or clock_from_environment()
        self.database = Database(settings.database.url)
        self.writer = Writer(self.database, settings, self.clock)
        self.inbox = Inbox(self.writer, Dispatch(ROUTERS), answer_later)
        self.channels = self._channels()
        moved = isinstance(self.clock, FileClock)
        self.tick_seconds = MOVED_CLOCK_SECONDS if moved else TICK_SECONDS
        sweep = 1.0 if moved else 60.0
        self.dispatcher = Dispatcher(self.writer, self.channels, sweep_seconds=sweep)
        settle = partial(handlers.media_settling.settle, take_sheet=handlers.batch.sheet.take)
        self.fetcher = Fetcher(self.writer, self.channels, settle, sweep_seconds=sweep)
        account: Any = self.channels.get(OFFICIAL_ACCOUNT)
        self.keepers = [QuotaKeeper(self.writer, account, look_seconds=min(20.0, sweep))] if account else []
        self.scheduler = BackgroundScheduler()
        self._running: list[asyncio.Task[None]] = []

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
        """Raise `ConfigError` where the database is missing or old."""
        self.database.check()
        if not migrate.is_current(self.database):
            raise ConfigError("数据库还没有建好或版本不符，请先运行 kepu-bot migrate。(run `kepu-bot migrate` first)")

    async def start(self) -> None:
        """Open everything, channels last."""
        self.check()
        self.writer.start()
        self.writer.on_commit(self.dispatcher.wake)
        self.writer.on_commit(self.fetcher.wake)
        await holding.start(self.writer)
        for channel in self.channels.values():
            await channel.start()
        workers = (self.dispatcher.run, self.fetcher.run, *(one.run for one in self.keepers))
        self._running = [asyncio.create_task(run()) for run in workers]
        self.scheduler.add_job(
            schedules.run_due, "interval", args=[self.writer], seconds=self.tick_seconds, coalesce=True, max_instances=1
        )
        self.scheduler.start()
        log.info("started", channels=sorted(self.channels))

    async def stop(self) -> None:
        """Stop taking, finish what is under way, close."""
        self.scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for channel in self.channels.values():
            await channel.close()
        await asyncio.to_thread(self.writer.close)
        self.database.close()
        log.info("stopped")

    def _channels(self) -> dict[str, Channel]:
        """The configured channels. Imported here, so that what is not used costs neither start nor memory."""
        settings, made = self.settings, dict[str, Channel]()
        if settings.official_account is not None:
            from bot.channels.official_account.channel import OfficialAccountChannel

            made[OFFICIAL_ACCOUNT] = OfficialAccountChannel(
                settings.official_account, self.writer.files.get, KeptUploads(self.writer), clock=self.clock
            )
        if settings.work_group is not None:
            from bot.channels.work_group.gateway import WorkGroupChannel

            read = self.writer.files.get
            made[WORK_GROUP] = WorkGroupChannel(settings.work_group, self.inbox.receive, read, clock=self.clock)
        if settings.group_webhooks:
            from bot.channels.group_webhook.channel import GroupWebhookChannel

            made[GROUP_WEBHOOK] = GroupWebhookChannel(settings.group_webhooks, self.writer.files.get)
        if settings.apprise:
            from bot.channels.apprise.channel import AppriseChannel

            made[APPRISE] = AppriseChannel(settings.apprise)
        return made
