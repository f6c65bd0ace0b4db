"""The public notices as pages that a link leads to, and as a feed for the web sites."""

import html
import re
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from sqlalchemy import select

from bot.model import Notice, NoticeState
from bot.rules.ids import read_id
from bot.rules.wording import format_day, visible
from bot.settings import Settings
from bot.store.engine import Database

router = APIRouter()

SHOWN = 50
_LINK = re.compile(r"https?://[^\s<>\"'，。；、（）“”]+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def _rich(text: str) -> Markup:
    """Text as HTML: escaped first, then paragraphs, bold and web links."""
    escaped = html.escape(visible(text), quote=True)
    escaped = _LINK.sub(lambda found: f'<a href="{found[0]}" rel="noopener nofollow">{found[0]}</a>', escaped)
    escaped = _BOLD.sub(r"<strong>\1</strong>", escaped)
    parts = [part.strip().replace("\n", "<br>") for part in re.split(r"\n\s*\n", escaped) if part.strip()]
    return Markup("".join(f"<p>{part}</p>" for part in parts))  # noqa: S704 - escaped above


def _shown(value: Any) -> Any:
    """A value on its way into a page; what is HTML already was cleaned when it was made."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment() -> Environment:
    made = Environment(loader=PackageLoader("bot.web", "templates"), autoescape=True, finalize=_shown)
    made.filters.update(rich=_rich, day=lambda moment: format_day(moment, 0))
    return made


_PAGES = _environment()
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@router.get("/notices")
async def listing(request: Request) -> Response:
    """The newest public notices."""
    return await _page(request, "notices.html", None)


@router.get("/notices.atom")
async def feed(request: Request) -> Response:
    """The same as an Atom feed."""
    notices = await run_in_threadpool(_public, request.app.state.database, None)
    settings: Settings = request.app.state.settings
    newest = notices[0].sent_at if notices else None
    body = _PAGES.get_template("notices.atom").render(
        notices=notices, base=settings.server.public_url, programme=settings.programme, updated=_stamp(newest)
    )
    return Response(body, media_type="application/atom+xml")


@router.get("/notices/{number}")
async def one(request: Request, number: str) -> Response:
    """One public notice."""
    return await _page(request, "notice.html", read_id(number) or 0)


async def _page(request: Request, template: str, number: int | None) -> Response:
    notices = await run_in_threadpool(_public, request.app.state.database, number)
    programme = request.app.state.settings.programme
    if number is not None and not notices:
        body = _PAGES.get_template("missing.html").render(programme=programme)
        return Response(body, 404, _HEADERS, "text/html; charset=utf-8")
    body = _PAGES.get_template(template).render(programme=programme, notices=notices)
    return Response(body, 200, _HEADERS, "text/html; charset=utf-8")


def _public(database: Database, number: int | None) -> list[Notice]:
    wish = select(Notice).where(Notice.public, Notice.state == NoticeState.SENT)
    if number is not None:
        wish = wish.where(Notice.id == number)
    with database.read() as session:
        return list(session.scalars(wish.order_by(Notice.sent_at.desc(), Notice.id.desc()).limit(SHOWN)))


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "1970-01-01T00:00:00Z"
