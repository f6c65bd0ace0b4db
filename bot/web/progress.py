"""How far a notice is, for whoever holds its link: a page for people, server-sent events for programs."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.delivery.progress import Progress, progress
from bot.messaging.form import ClosedLink
from bot.messaging.texts import say
from bot.model import Notice
from bot.rules.ids import read_id
from bot.settings import Settings
from bot.store import directory, links
from bot.store.engine import Database
from bot.web import plain_pages, private

EVERY = 1.0  # seconds between two looks
REFRESH, REFRESH_HELD = "2", "30"  # seconds until the page asks anew
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Referrer-Policy": "no-referrer"}


def progress_routes(database: Database, clock: Clock, settings: Settings) -> list[BaseRoute]:
    """``/api/notices/{id}/progress?key=…``; the key is that of a link of purpose "progress"."""

    async def stream(request: Request) -> Response:
        number, key = read_id(request.path_params["number"]), request.query_params.get("key", "")
        by_people = "text/html" in request.headers.get("accept", "")
        seen = None if number is None else await run_in_threadpool(_look, database, clock, number, key)
        if number is None or seen is None:
            if by_people:
                return private.closed(ClosedLink("unknown", say("delivery.closed_link")), settings.programme.name,
                                      root="../../../f/")  # fmt: skip
            return Response(status_code=404)
        if by_people:
            return await run_in_threadpool(_page, database, clock, settings, number, seen)
        events = _events(database, clock, number, key)
        return StreamingResponse(events, headers=HEADERS, media_type="text/event-stream")

    return [Route("/api/notices/{number}/progress", stream, methods=["GET"])]


def _page(database: Database, clock: Clock, settings: Settings, number: int, seen: Progress) -> Response:
    """The look as a page, which asks for itself anew until everything has come to its end."""
    with database.read() as session:
        notice = session.get_one(Notice, number)
        headers = {**private.HEADERS, "Content-Security-Policy": plain_pages.STYLE}
        if not seen.over:
            headers["Refresh"] = REFRESH_HELD if seen.begins_at or seen.paused else REFRESH
        body = plain_pages.PAGES.get_template("progress.html").render(
            notice=notice, seen=seen, programme=settings.programme, now=clock.now()
        )
    return Response(body, 200, headers, "text/html; charset=utf-8")


async def _events(database: Database, clock: Clock, number: int, key: str) -> AsyncIterator[str]:
    """An event whenever something has changed, until everything has come to its end, or the link to its own."""
    before = ""
    while True:
        seen = await run_in_threadpool(_look, database, clock, number, key)
        if seen is None:
            return
        said = json.dumps(seen.to_json())
        yield f"data: {said}\n\n" if said != before else ": still here\n\n"
        if seen.over:
            return
        before = said
        await asyncio.sleep(EVERY)


def _look(database: Database, clock: Clock, number: int, key: str) -> Progress | None:
    """How far it is; None where the link is not, or no longer, for this notice, or its holder has left the office."""
    with database.read() as session:
        link = links.find(session, "progress", key)
        if link is None or link.notice_id != number or links.is_over(link, clock.now()):
            return None
        if directory.role_of(session, link.person_id) is None:
            return None
        return progress(session, session.get_one(Notice, number), clock.now())
