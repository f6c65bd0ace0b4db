"""The calendar feeds behind secret links: what their holder may see now, asked for again and again by phones."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.documents.calendar import MIME, SHOWN, feed
from bot.messaging.texts import say
from bot.model import Filing, FilingState
from bot.settings import Settings
from bot.store import directory, links
from bot.store.engine import Database
from bot.web import private

PATH = links.PATHS["calendar"].rstrip("/")
ENDING = ".ics"
PAST = timedelta(days=180)
CANCELLED = timedelta(days=30)  # so long a phone that asks seldom may still learn of it
MOST = 2000


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as it goes out."""

    body: bytes
    etag: str


def calendar_routes(database: Database, clock: Clock, settings: Settings) -> list[BaseRoute]:
    """The route of the feeds; GET and HEAD."""
    host = urlsplit(settings.server.public_url).hostname or "kepu-bot"

    async def calendar(request: Request) -> Response:
        secret = request.path_params["secret"].removesuffix(ENDING)
        found = await asyncio.to_thread(_look_up, database, secret, clock.now(), settings.programme.name, host)
        if found is None:  # a program asks, not a person: no page
            return Response(status_code=404, headers=private.HEADERS)
        headers = {**private.HEADERS, "Cache-Control": "private, no-cache", "ETag": found.etag}
        if found.etag in [
            one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")
        ]:
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="kepu.ics"'
        return Response(found.body, 200, headers, f"{MIME}; charset=utf-8")

    return [Route(f"{PATH}/{{secret}}", calendar, methods=["GET"])]


def _look_up(database: Database, secret: str, now: datetime, programme: str, host: str) -> Feed | None:
    """The feed of a link's holder; None where the link opens nothing, or its holder has nothing to see any more."""
    with database.read() as session:
        link = links.find(session, "calendar", secret)
        if link is None or links.is_over(link, now) or link.person_id is None:
            return None
        staff = directory.role_of(session, link.person_id) is not None
        units = directory.units_of(session, link.person_id)
        if not staff and not units:
            return None
        filings = _filings(session, None if staff else [unit.id for unit in units], now)
        name = say("calendar.name", programme=programme, staff=staff, units=units)
        body = feed(filings, name, host)
    return Feed(body, f'"{sha256(body).hexdigest()[:32]}"')


def _filings(session: Session, units: list[int] | None, now: datetime) -> list[Filing]:
    """Those of these units (None: of all) that belong in a calendar, by their start."""
    cancelled = and_(
        Filing.state == FilingState.CANCELLED, Filing.submitted_at.is_not(None), Filing.updated_at > now - CANCELLED
    )
    wish = (
        select(Filing)
        .options(joinedload(Filing.unit), joinedload(Filing.project))
        .where(Filing.start > now - PAST, Filing.state.in_(SHOWN))
        .where(or_(Filing.state != FilingState.CANCELLED, cancelled))
        .order_by(Filing.start, Filing.id)
        .limit(MOST)
    )
    return list(session.scalars(wish if units is None else wish.where(Filing.unit_id.in_(units))))
