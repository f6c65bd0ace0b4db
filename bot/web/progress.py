"""How far a notice is, as server-sent events, for whoever holds its link."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.delivery.progress import Progress, progress
from bot.model import Notice
from bot.rules.ids import read_id
from bot.store import links
from bot.store.engine import Database

EVERY = 1.0  # seconds between two looks
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Referrer-Policy": "no-referrer"}


def progress_routes(database: Database, clock: Clock) -> list[BaseRoute]:
    """``/api/notices/{id}/progress?key=…``; the key is that of a link of purpose "progress"."""

    async def stream(request: Request) -> Response:
        number, key = read_id(request.path_params["number"]), request.query_params.get("key", "")
        if number is None or not await run_in_threadpool(_may_look, database, clock, number, key):
            return Response(status_code=404)
        return StreamingResponse(_events(database, clock, number), headers=HEADERS, media_type="text/event-stream")

    return [Route("/api/notices/{number}/progress", stream, methods=["GET"])]


async def _events(database: Database, clock: Clock, number: int) -> AsyncIterator[str]:
    """An event whenever something has changed, until everything has come to its end."""
    before = ""
    while True:
        seen = await run_in_threadpool(_look, database, clock, number)
        said = json.dumps(seen.to_json())
        yield f"data: {said}\n\n" if said != before else ": still here\n\n"
        if seen.over:
            return
        before = said
        await asyncio.sleep(EVERY)


def _may_look(database: Database, clock: Clock, number: int, key: str) -> bool:
    with database.read() as session:
        link = links.find(session, "progress", key)
        return link is not None and link.notice_id == number and not links.is_over(link, clock.now())


def _look(database: Database, clock: Clock, number: int) -> Progress:
    with database.read() as session:
        return progress(session, session.get_one(Notice, number), clock.now())
