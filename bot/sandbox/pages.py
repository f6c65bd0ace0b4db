"""The sandbox's own pages and files: the chat windows, uploaded media, published articles."""

from html import escape
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform

PAGES = Path(__file__).parent / "pages"
# What the bot published is shown, but nothing in it may run.
ARTICLE_POLICY = "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; sandbox"


def routes(platform: Platform) -> list[BaseRoute]:
    """Media, articles, and the pages where they are installed."""

    async def media(request: Request) -> Response:
        try:
            file = platform.media.get(request.path_params["media_id"])
        except Refusal as refusal:
            raise HTTPException(404, refusal.phrase) from refusal
        headers = {"X-Content-Type-Options": "nosniff"}
        if file.name:
            headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(file.name)}"
        return Response(file.content, media_type=file.content_type, headers=headers)

    async def article(request: Request) -> Response:
        page = platform.articles.get(request.path_params["article_id"])
        if page is None:
            raise HTTPException(404, "no such article")
        title = escape(str(page.get("title", "")))
        body = f"<!DOCTYPE html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{page.get('content', '')}"
        return HTMLResponse(body, headers={"Content-Security-Policy": ARTICLE_POLICY})

    found: list[BaseRoute] = [
        Route("/_media/{media_id}", media),
        Route("/s/{article_id}", article),
    ]
    if not (PAGES / "index.html").exists():
        return [*found, Route("/", _no_pages)]
    return [
        *found,
        Mount("/pages", StaticFiles(directory=PAGES, html=True)),
        Mount("/", StaticFiles(directory=PAGES, html=True)),
    ]


async def _no_pages(request: Request) -> Response:
    del request
    return PlainTextResponse("The sandbox is running; its pages are not installed. See /_sandbox/world.\n")
