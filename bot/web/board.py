"""The board of a notice behind a secret link of a member of staff: which unit has answered and handed in, and which is late."""

import asyncio
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.delivery.standing import ORDER, Standing, standings
from bot.messaging.form import ClosedLink
from bot.messaging.texts import say
from bot.model import Notice
from bot.settings import Settings
from bot.store import directory, links
from bot.store.engine import Database
from bot.web import plain_pages, private

PATH = links.PATHS["board"].rstrip("/")
REFRESH = "30"  # seconds


def board_routes(database: Database, clock: Clock, settings: Settings) -> list[BaseRoute]:
    """The route of the boards; GET and HEAD. The page asks for itself anew."""

    async def board(request: Request) -> Response:
        try:
            notice, units = await asyncio.to_thread(_look_up, database, request.path_params["secret"], clock.now())
        except ClosedLink as fault:
            return private.closed(fault, settings.programme.name, root="../f/")
        body = plain_pages.PAGES.get_template("board.html").render(
            notice=notice, units=units, stages=ORDER, programme=settings.programme, now=clock.now()
        )
        headers = {**private.HEADERS, "Content-Security-Policy": plain_pages.STYLE, "Refresh": REFRESH}
        return Response(body, 200, headers, "text/html; charset=utf-8")

    return [Route(f"{PATH}/{{secret}}", board, methods=["GET"])]


def _look_up(database: Database, secret: str, now: datetime) -> tuple[Notice, list[Standing]]:
    with database.read() as session:
        link = links.find(session, "board", secret)
        if link is None or link.notice_id is None or directory.role_of(session, link.person_id) is None:
            raise ClosedLink("unknown", say("board.closed"))
        if links.is_over(link, now):
            raise ClosedLink("over", say("board.closed"))
        notice = session.get_one(Notice, link.notice_id)
        return notice, standings(session, notice, now)
