"""What is answered where there is no page: to a browser in words, to a program as it expects."""

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException

from bot.settings import Settings
from bot.web import plain_pages

WORDS = {
    404: ("没有这个页面", "地址可能不完整，或者已经失效。"),
    405: ("不能这样打开这个页面", "请从收到的链接重新打开。"),
}


def install(web: FastAPI, settings: Settings) -> None:
    """Answer missing pages and wrong methods of browsers with a page in Chinese."""

    async def answer(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        if fault.status_code not in WORDS or "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, fault)
        title, words = WORDS[fault.status_code]
        body = plain_pages.PAGES.get_template("nothing_here.html").render(
            title=title, words=words, programme=settings.programme
        )
        headers = {"Content-Security-Policy": plain_pages.STYLE, **(fault.headers or {})}
        return Response(body, fault.status_code, headers, "text/html; charset=utf-8")

    web.add_exception_handler(HTTPException, answer)
