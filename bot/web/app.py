"""The web application: the parts that are reached over HTTP, on one port."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from bot.roles import Role
from bot.web import faults, health, notices, private
from bot.web.board import board_routes
from bot.web.calendar import calendar_routes
from bot.web.callbacks import Callbacks
from bot.web.downloads import download_routes
from bot.web.forms import form_routes
from bot.web.notice_downloads import notice_download_routes
from bot.web.own_notice import own_notice_routes
from bot.web.progress import progress_routes

if TYPE_CHECKING:
    from bot.app import App


def create_web(app: "App", lifespan: Callable[[Any], Any]) -> FastAPI:
    """Routes for what is configured; the application's life is the bot's."""
    # No interactive documentation: a page that nobody needs is a page that somebody attacks.
    # No redirects of its own either: they lead to whatever host the request names.
    web = FastAPI(
        title="kepu-bot", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    web.state.database = app.database
    web.state.clock = app.clock
    web.state.settings = app.settings
    web.state.channels = app.served
    web.state.roles = sorted(app.roles)
    web.include_router(health.router)
    if Role.WEB not in app.roles:  # a supervisor and Prometheus look at every process
        return web
    faults.install(web, app.settings)
    web.include_router(notices.router)
    web.router.routes.extend(notice_download_routes(app.database, app.writer.files, app.settings))
    web.router.routes.extend(private.static_routes())
    web.router.routes.extend(form_routes(app.form_desk, app.writer, app.settings))
    web.router.routes.extend(download_routes(app.database, app.writer.files, app.clock, app.settings))
    web.router.routes.extend(board_routes(app.database, app.clock, app.settings))
    web.router.routes.extend(calendar_routes(app.database, app.clock, app.settings))
    web.router.routes.extend(own_notice_routes(app.writer, app.database, app.clock, app.settings))
    web.router.routes.extend(progress_routes(app.database, app.clock, app.settings))
    if app.settings.official_account is not None:
        web.add_middleware(Callbacks, settings=app.settings.official_account, take=app.inbox.receive, clock=app.clock)
    return web
