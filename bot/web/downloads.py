"""A file behind a secret link, for those whose chat cannot be sent one."""

import asyncio
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.clock import Clock
from bot.documents.inspecting import fit_name
from bot.documents.signatures import Form, identify
from bot.messaging.form import ClosedLink
from bot.messaging.texts import say
from bot.settings import Settings
from bot.store import links
from bot.store.engine import Database
from bot.store.files import FileStore
from bot.web import private

PATH = links.PATHS["file"].rstrip("/")
UNKNOWN_FORM = "application/octet-stream"


def download_routes(database: Database, files: FileStore, clock: Clock, settings: Settings) -> list[BaseRoute]:
    """The route of the downloads; GET and HEAD."""

    async def download(request: Request) -> Response:
        secret = request.path_params["secret"]
        try:
            content, name = await asyncio.to_thread(_look_up, database, files, secret, clock.now())
        except ClosedLink as fault:
            return private.closed(fault, settings.programme.name, root="../f/")
        form = identify(content)
        headers = {**private.HEADERS, "Content-Disposition": disposition(fit_name(name) or "文件")}
        return Response(content, 200, headers, form.mime if isinstance(form, Form) else UNKNOWN_FORM)

    return [Route(f"{PATH}/{{secret}}", download, methods=["GET"])]


def disposition(name: str) -> str:
    """To be saved, never shown, under this name; with a plain name beside it for browsers that know no other."""
    ending = name.rpartition(".")[2] if "." in name else ""
    plain = f"file.{ending}" if ending.isascii() and ending.isalnum() else "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _look_up(database: Database, files: FileStore, secret: str, now: datetime) -> tuple[bytes, str]:
    with database.read() as session:
        link = links.find(session, "file", secret)
        if link is None:
            raise ClosedLink("unknown", say("file.closed_unknown"))
        if links.is_over(link, now):
            raise ClosedLink("over", say("file.closed_over", name=link.name))
        digest, name = link.sha256, link.name
    try:
        return files.get(digest), name
    except FileNotFoundError:
        raise ClosedLink("missing", say("file.closed_missing", name=name)) from None
