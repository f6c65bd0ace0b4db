"""Puts the simulated platform together."""

import contextlib
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from bot.clock import Clock
from bot.sandbox import pages
from bot.sandbox.control import Control
from bot.sandbox.customer_service import Openings
from bot.sandbox.faults import FaultyEdge
from bot.sandbox.gateway import Gateway
from bot.sandbox.official_api import OfficialApi
from bot.sandbox.official_callbacks import Callbacks
from bot.sandbox.official_chats import OfficialChats
from bot.sandbox.state import Platform
from bot.sandbox.webhook import WebhookApi
from bot.sandbox.work_chats import WorkChats
from bot.sandbox.world import World


def create_app(
    world: World,
    bot_url: str,
    clock: Clock,
    *,
    callback_timeout: float = 5.0,
    bot_transport: httpx.AsyncBaseTransport | None = None,
) -> ASGIApp:
    """The ASGI app. ``callback_timeout`` shortens the five-second rule for tests; ``bot_transport`` replaces HTTP
    to the bot, so that both can live in one process. Needs its lifespan to run."""
    platform = Platform(world, bot_url, clock, callback_timeout)
    openings = Openings(clock)
    callbacks = Callbacks(platform, bot_transport)
    gateway = Gateway(platform)
    official = OfficialApi(platform, callbacks, openings)
    webhook = WebhookApi(platform)
    control = Control(
        platform,
        callbacks,
        gateway,
        openings,
        OfficialChats(platform, callbacks, openings),
        WorkChats(platform, gateway),
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        async with callbacks.running():
            yield
            await platform.stop()

    methods = ["GET", "POST", "PUT", "DELETE"]
    routes = [
        WebSocketRoute("/ws", gateway.serve),
        Route("/cgi-bin/webhook/{call}", webhook.handle, methods=methods),
        Route("/cgi-bin/{endpoint:path}", official.handle, methods=methods),
        Route("/wxaapi/{endpoint:path}", official.handle, methods=methods),
        *control.routes(),
        *pages.routes(platform),
    ]
    return FaultyEdge(Starlette(routes=routes, lifespan=lifespan), platform.faults)
