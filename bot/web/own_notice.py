"""A notice as one contact reads it, behind their own link: the text of their unit, and what is still wanted of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.delivery import targets, values
from bot.messaging.form import ClosedLink
from bot.messaging.texts import say
from bot.model import OUT, Acknowledgement, Link, Notice, NoticeState, Unit
from bot.rules import variables
from bot.settings import Settings
from bot.store import directory, links
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer
from bot.web import private
from bot.web.attached import BELOW, attached
from bot.web.notice_downloads import give
from bot.web.notices import PAGES, STYLE

PATH = links.PATHS["notice"].rstrip("/")
READABLE = (*OUT, NoticeState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Part:
    """What one of the contact's units reads, and what it has done so far."""

    unit: str
    text: str
    answered: bool
    delivered: bool


def own_notice_routes(writer: Writer, database: Database, clock: Clock, settings: Settings) -> list[BaseRoute]:
    """The routes of these pages and of their files. Only a GET of a page counts as looking: HEAD is a program's question."""

    async def own(request: Request) -> Response:
        secret, looks = request.path_params["secret"], request.method == "GET"
        try:
            notice, parts = await writer.run(lambda work: _open(work, secret, looks=looks))
        except ClosedLink as fault:
            return private.closed(fault, settings.programme.name, root="../f/")
        same = len({part.text for part in parts}) == 1
        withdrawn = notice.state == NoticeState.WITHDRAWN
        files = [] if withdrawn else attached(notice, f"{PATH}/{secret}")
        body = PAGES.get_template("own_notice.html").render(
            notice=notice, parts=parts, same=same, withdrawn=withdrawn, files=files, programme=settings.programme
        )
        headers = {**private.HEADERS, "Content-Security-Policy": STYLE}
        return Response(body, 200, headers, "text/html; charset=utf-8")

    async def download(request: Request) -> Response:
        secret = request.path_params["secret"]
        try:
            notice = await asyncio.to_thread(_look_up, database, secret, clock.now())
        except ClosedLink as fault:
            return private.closed(fault, settings.programme.name, root="/f/")
        return await give(request, writer.files, settings, notice, f"{PATH}/{secret}", private.HEADERS)

    return [
        Route(f"{PATH}/{{secret}}", own, methods=["GET"]),
        Route(f"{PATH}/{{secret}}{BELOW}", download, methods=["GET"]),
    ]


def _open(work: UnitOfWork, secret: str, *, looks: bool) -> tuple[Notice, Sequence[Part]]:
    """The notice and the parts of this contact's units, noted as seen; raises `ClosedLink`."""
    link, notice, units, rows = _find(work.session, secret, work.now)
    if looks:
        _note(work, link, list(rows.values()))
    if not notice.acknowledge:
        chosen = targets.evaluate(work, notice).units
        units = [one for one in units if one.id in chosen]
    if not units:  # it was for others of their units, which is not to be known any more
        return notice, [Part("", variables.fill(notice.body, variables.GENERAL), answered=False, delivered=False)]
    held = values.of_units(work, notice, frozenset(unit.id for unit in units))
    return notice, [_part(unit, variables.fill(notice.body, held[unit.id]), rows.get(unit.id)) for unit in units]


def _part(unit: Unit, text: str, row: Acknowledgement | None) -> Part:
    given, delivered = (row.given_at, row.delivered_at) if row is not None else (None, None)
    return Part(unit.name, text, answered=given is not None, delivered=delivered is not None)


def _look_up(database: Database, secret: str, now: datetime) -> Notice:
    with database.read() as session:
        return _find(session, secret, now)[1]


def _find(session: Session, secret: str, now: datetime) -> tuple[Link, Notice, list[Unit], dict[int, Acknowledgement]]:
    """What the link opens now: for which units, and what of them is owed; raises `ClosedLink`."""
    link = links.find(session, "notice", secret)
    if link is None or link.notice_id is None:
        raise ClosedLink("unknown", say("notice.page_closed"))
    if links.is_over(link, now):
        raise ClosedLink("over", say("notice.page_closed"))
    notice = session.get_one(Notice, link.notice_id)
    units = directory.units_of(session, link.person_id)
    wish = select(Acknowledgement).where(Acknowledgement.notice_id == link.notice_id)
    rows = {
        row.unit_id: row for row in session.scalars(wish.where(Acknowledgement.unit_id.in_([one.id for one in units])))
    }
    if notice.acknowledge:  # else they were told of it, whichever of their units it is for
        units = [one for one in units if one.id in rows]
    if not units or notice.state not in READABLE:
        raise ClosedLink("missing", say("notice.page_closed"))
    return link, notice, sorted(units, key=lambda one: one.name), rows


def _note(work: UnitOfWork, link: Link, rows: Sequence[Acknowledgement]) -> None:
    fresh = [row for row in rows if row.seen_at is None]
    for row in fresh:
        row.seen_at = work.now
    if fresh:
        units = [row.unit_id for row in fresh]
        work.audit(f"person:{link.person_id}", "notice.see", f"notice:{link.notice_id}", units=units)
