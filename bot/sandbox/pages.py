"""The sandbox's own pages and files: the chat windows, uploaded media, published articles."""

from html import escape
from pathlib import Path
from typing import Any
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
        return HTMLResponse(_article_page(page), headers={"Content-Security-Policy": ARTICLE_POLICY})

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


def _article_page(page: dict[str, Any]) -> str:
    """An article as the phone shows it, with 阅读原文 below where it leads somewhere."""
    title, source = escape(str(page.get("title", ""))), str(page.get("content_source_url") or "")
    original = f'<p><a href="{escape(source)}" rel="noopener noreferrer">阅读原文</a></p>' if source else ""
    return (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        '<body style="max-width:677px;margin:0 auto;padding:16px;font-family:sans-serif">'
        f'<h1 style="font-size:22px;line-height:1.4">{title}</h1>{page.get("content", "")}{original}'
    )


async def _no_pages(request: Request) -> Response:
    del request
    return PlainTextResponse("The sandbox is running; its pages are not installed. See /_sandbox/world.\n")
