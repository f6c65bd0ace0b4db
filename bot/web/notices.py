"""The public notices as pages that a link leads to, and as feeds for the web sites."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from sqlalchemy import select

from bot.model import Notice, NoticeState
from bot.rules import variables
from bot.rules.ids import read_id
from bot.rules.wording import format_day, visible
from bot.settings import Settings
from bot.store.engine import Database
from bot.web import notice_feeds
from bot.web.attached import attached
from bot.web.rich_text import rich

router = APIRouter()

PATH = "/notices"
READING = ["GET", "HEAD"]  # HEAD: link checkers and some readers of feeds ask so
SHOWN = 50


def _shown(value: Any) -> Any:
    """A value on its way into a page; what is HTML already was cleaned when it was made."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    made = Environment(loader=PackageLoader("bot.web", "templates"), autoescape=True, finalize=_shown)
    made.filters.update(rich=rich, day=lambda moment: format_day(moment, 0), rfc_822=notice_feeds.rfc_822)
    made.filters["moment"] = lambda moment: f"{format_day(moment)} {moment:%H:%M}"
    return made


PAGES = _environment()
STYLE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'"
_HEADERS = {
    "Content-Security-Policy": STYLE,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@router.api_route("/notices", methods=READING)
async def listing(request: Request) -> Response:
    """The newest public notices."""
    return await _feed(request, "notices.html", "text/html; charset=utf-8")


@router.api_route("/", methods=READING)
async def front() -> Response:
    """Whoever types the bare address wants what everybody may see."""
    return Response(status_code=307, headers={"Location": "notices"})


@router.api_route("/favicon.ico", methods=READING)
async def no_icon() -> Response:
    """Browsers ask by themselves; an error for each page would stand in their consoles and in our log."""
    return Response(status_code=204, headers={"Cache-Control": "max-age=86400"})


@router.api_route("/notices/{number}/", methods=READING)
async def one_elsewhere(number: str) -> Response:
    """The same with a slash too many."""
    return Response(status_code=308, headers={"Location": f"../{read_id(number) or 0}"})


@router.api_route("/notices/", methods=READING)
async def listing_elsewhere() -> Response:
    """As people type it. Relative: the request's own word for this host is anybody's to choose."""
    return Response(status_code=308, headers={"Location": "../notices"})


@router.api_route("/notices.atom", methods=READING)
async def atom(request: Request) -> Response:
    """The same as an Atom feed."""
    return await _feed(request, "notices.atom", "application/atom+xml")


@router.api_route("/notices.rss", methods=READING)
async def rss(request: Request) -> Response:
    """The same as RSS 2.0."""
    return await _feed(request, "notices.rss", "application/rss+xml")


@router.api_route("/notices.json", methods=READING)
async def json_feed(request: Request) -> Response:
    """The same as JSON Feed 1.1."""
    settings: Settings = request.app.state.settings
    items = await run_in_threadpool(public, request.app.state.database, None, request.app.state.clock.now())
    title = f"{settings.programme.name} 通知公告"
    body = notice_feeds.json_feed(items, settings.server.public_url, title)
    return notice_feeds.answer(request, body, "application/feed+json", _HEADERS, _newest(items))


@router.api_route("/notices/{number}", methods=READING)
async def one(request: Request, number: str) -> Response:
    """One public notice; one that was withdrawn says so."""
    items = await run_in_threadpool(
        public, request.app.state.database, read_id(number) or 0, request.app.state.clock.now()
    )
    programme = request.app.state.settings.programme
    if not items:
        body = PAGES.get_template("missing.html").render(programme=programme)
        return Response(body, 404, _HEADERS, "text/html; charset=utf-8")
    page = PAGES.get_template("notice.html")
    body = await run_in_threadpool(page.render, programme=programme, **items[0])
    return notice_feeds.answer(request, body.encode(), "text/html; charset=utf-8", _HEADERS, None)


async def _feed(request: Request, template: str, media_type: str) -> Response:
    settings: Settings = request.app.state.settings
    items = await run_in_threadpool(public, request.app.state.database, None, request.app.state.clock.now())
    newest = _newest(items)
    body = PAGES.get_template(template).render(
        items=items, base=settings.server.public_url, programme=settings.programme, updated=_stamp(newest)
    )
    return notice_feeds.answer(request, body.encode(), media_type, _HEADERS, newest)


def public(database: Database, number: int | None, now: datetime) -> list[dict[str, Any]]:
    """Public notices with what corrects them; withdrawn ones only where their number is asked for.

    So is one whose sending is paused: those whom it has reached hold its link.
    """
    states = (NoticeState.SENT,) if number is None else (NoticeState.SENT, NoticeState.PAUSED, NoticeState.WITHDRAWN)
    wish = select(Notice).where(Notice.public, Notice.state.in_(states), Notice.sent_at <= now)
    if number is not None:
        wish = wish.where(Notice.id == number)
    with database.read() as session:
        found = list(session.scalars(wish.order_by(Notice.sent_at.desc(), Notice.id.desc()).limit(SHOWN)))
        by = select(Notice.corrects_id, Notice.id).where(
            Notice.corrects_id.in_([one.id for one in found]), Notice.public, Notice.state == NoticeState.SENT
        )
        corrected = dict(session.execute(by.order_by(Notice.id)).all())
    return [_item(notice, corrected.get(notice.id)) for notice in found]


def _item(notice: Notice, corrected_by: int | None) -> dict[str, Any]:
    """What a page or feed shows; variables are general words here."""
    withdrawn = notice.state == NoticeState.WITHDRAWN
    mark = "【已撤回】" if withdrawn else "【已更正】" if corrected_by else ""
    return {
        "notice": notice,
        "title": f"{mark}{notice.title}",
        "text": variables.fill(notice.body, variables.GENERAL),
        "files": [] if withdrawn else attached(notice, f"{PATH}/{notice.id}"),
        "corrected_by": corrected_by,
        "withdrawn": withdrawn,
    }


def _newest(items: list[dict[str, Any]]) -> datetime | None:
    """When the newest of them came out."""
    found: datetime | None = items[0]["notice"].sent_at if items else None
    return found


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "1970-01-01T00:00:00Z"
