"""The pictures and files of the public notices, for whoever reads them; those of withdrawn ones are no longer given."""

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.model import Notice, NoticeState
from bot.rules.ids import read_id
from bot.settings import Settings
from bot.store.engine import Database
from bot.store.files import FileStore
from bot.web.attached import BELOW, answer, attached, named
from bot.web.notices import PAGES, PATH, STYLE, public

# Asked for again each time, because a notice may be withdrawn.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def notice_download_routes(database: Database, files: FileStore, settings: Settings) -> list[BaseRoute]:
    """The route of these; GET and HEAD."""

    async def download(request: Request) -> Response:
        number = read_id(request.path_params["number"]) or 0
        items = await run_in_threadpool(public, database, number, request.app.state.clock.now())
        notice = items[0]["notice"] if items else None
        return await give(request, files, settings, notice, f"{PATH}/{number}", _HEADERS)

    return [Route(f"{PATH}/{{number}}{BELOW}", download, methods=["GET"])]


async def give(
    request: Request, files: FileStore, settings: Settings, notice: Notice | None, page: str, headers: dict[str, str]
) -> Response:
    """The file that is asked for of a notice which the reader may see; else a page that says why there is none."""
    withdrawn = notice is not None and notice.state == NoticeState.WITHDRAWN
    one = None
    if notice is not None and not withdrawn:
        one = named(attached(notice, page), request.path_params["at"], request.path_params["name"])
    found = await answer(request, files, one, headers) if one is not None else None
    if found is not None:
        return found
    why = "withdrawn" if withdrawn else "gone" if one is not None else "unknown"
    body = PAGES.get_template("missing_file.html").render(why=why, notice=notice, programme=settings.programme)
    return Response(body, 404, {**headers, "Content-Security-Policy": STYLE}, "text/html; charset=utf-8")
