"""The filing page inside WeChat: opened by a secret link, saved as it is typed, usable without scripts too.

A link is claimed by the first browser that posts its opening page, not by the first that fetches the address: the
platforms fetch addresses themselves, to look at them.
"""

import asyncio
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import LARGEST_FILE
from bot.documents.inspecting import Inspected
from bot.messaging.form import ClosedLink, FormPage
from bot.messaging.texts import say
from bot.rules.ids import read_id
from bot.settings import Settings
from bot.store.keeping import Kept
from bot.store.links import PATHS, hash_of
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer
from bot.web import private
from bot.web.pictures import Pictures
from bot.web.posted import LARGEST_BODY, LARGEST_TEXT, MEGABYTE, BadPost, Sent, read_posted

log = structlog.get_logger()
T = TypeVar("T")
Posted = Mapping[str, str]

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,64}")
PATH = PATHS["form"].rstrip("/")
COOKIE, COOKIE_SECONDS = "kepu_form", 24 * 3600


class FormDesk(Protocol):
    """Who knows the rules. Each call is one transaction's work, and raises `ClosedLink` where the link opens nothing."""

    def enter(self, work: UnitOfWork, secret: str, mark: str) -> object: ...
    def opened(self, work: UnitOfWork, secret: str) -> bool: ...
    def claim(self, work: UnitOfWork, secret: str) -> str: ...
    def page(self, work: UnitOfWork, secret: str, mark: str) -> FormPage: ...
    def save(self, work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage: ...
    def submit(self, work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage: ...
    def choose(self, work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage: ...
    def take_own(self, work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage: ...
    def add_photo(self, work: UnitOfWork, secret: str, mark: str, found: Inspected, kept: Kept) -> str: ...
    def drop_photo(self, work: UnitOfWork, secret: str, mark: str, number: int) -> None: ...
    def photo(self, work: UnitOfWork, secret: str, mark: str, number: int) -> str: ...


def form_routes(desk: FormDesk, writer: Writer, settings: Settings) -> list[BaseRoute]:
    """The routes of the filing page."""
    forms = _Forms(desk, writer, settings)
    return [
        Route(f"{PATH}/{{secret}}", forms.show, methods=["GET"]),
        Route(f"{PATH}/{{secret}}", forms.take, methods=["POST"]),
        Route(f"{PATH}/{{secret}}/photo/{{number}}", forms.photo, methods=["GET"]),
    ]


class _Forms:
    def __init__(self, desk: FormDesk, writer: Writer, settings: Settings) -> None:
        self._desk = desk
        self._writer = writer
        self._pictures = Pictures(writer.files)
        address = urlsplit(settings.server.public_url)
        self._secure = address.scheme == "https"
        self._root = address.path.rstrip("/")
        self._programme = settings.programme.name

    async def show(self, request: Request) -> Response:
        """The page for the browser that has the link; for the first one to come, the way in."""
        secret, mark = _secret(request), request.cookies.get(COOKIE, "")
        try:
            if not mark and not await self._run(lambda work: self._desk.opened(work, secret)):
                return self._page("opening.html", secret)
            page = await self._run(lambda work: self._desk.page(work, secret, mark))
        except ClosedLink as fault:
            return private.closed(fault, self._programme)
        except SQLAlchemyError as fault:
            log.error("form_not_shown", fault=type(fault).__name__)
            return self._page("busy.html", secret, status=503)
        return self._form(secret, mark, page)

    async def take(self, request: Request) -> Response:
        """Whatever was pressed on the page. What was typed comes back in every answer, or is still in the browser."""
        secret, mark = _secret(request), request.cookies.get(COOKIE, "")
        posted: dict[str, str] = {}
        try:
            reachable = not mark or await self._may_post(secret, mark)
            posted, files = await read_posted(request, LARGEST_BODY if mark else LARGEST_TEXT)
            if not reachable:
                return self._page("busy.html", secret, status=503, posted=posted)
            if posted.get("act") == "open":
                return await self._open(secret, mark)
            if not mark:
                await self._may_post(secret, mark)
            if not hmac.compare_digest(posted.get("token", "").encode(), _token(mark).encode()):
                return self._page("stale.html", secret, status=403)
            return await self._act(secret, mark, posted, files)
        except ClosedLink as fault:
            return private.closed(fault, self._programme)
        except BadPost as fault:
            return self._page("unread.html", secret, status=fault.status)
        except Exception as fault:
            log.error("form_not_taken", fault=type(fault).__name__)
            return self._page("busy.html", secret, status=503, posted=posted)

    async def photo(self, request: Request) -> Response:
        """A small picture for the page that it belongs to."""
        secret, mark = _secret(request), request.cookies.get(COOKIE, "")
        number = read_id(request.path_params["number"]) or 0  # no row has it
        try:
            digest = await self._run(lambda work: self._desk.photo(work, secret, mark, number))
            content = await asyncio.to_thread(self._writer.files.get, digest)
        except (ClosedLink, FileNotFoundError):
            return Response(status_code=404, headers=private.HEADERS)
        return Response(content, headers=private.HEADERS, media_type="image/jpeg")

    async def _may_post(self, secret: str, mark: str) -> bool:
        """Nobody else is worth reading a body for: raises `ClosedLink`. False while the database is away."""
        try:
            await self._run(lambda work: self._desk.enter(work, secret, mark))
        except SQLAlchemyError as fault:
            log.error("form_not_reached", fault=type(fault).__name__)
            return False
        return True

    async def _open(self, secret: str, mark: str) -> Response:
        """Give the mark to the first browser; the one that has it already is simply let in."""
        answer = RedirectResponse(secret, 303, private.HEADERS)
        if not mark:
            mark = await self._run(lambda work: self._desk.claim(work, secret))
        path = f"{self._root}{PATH}/{secret}"
        answer.set_cookie(COOKIE, mark, COOKIE_SECONDS, path=path, secure=self._secure, httponly=True, samesite="lax")
        return answer

    async def _act(self, secret: str, mark: str, posted: dict[str, str], files: list[Sent]) -> Response:
        act, _, argument = posted.get("act", "save").partition(":")
        refused = [sentence for one in files if (sentence := await self._add(secret, mark, one))]
        if act == "drop" and argument.isdecimal() and len(argument) < 10:
            await self._run(lambda work: self._desk.drop_photo(work, secret, mark, int(argument)))
        before = _before(posted)
        acts = {"submit": self._desk.submit, "choose": self._desk.choose, "own": self._desk.take_own}
        if refused:
            acts.pop("submit")  # not without the picture that was meant to go with it
        do = acts.get(act, self._desk.save)
        page = await self._run(lambda work: do(work, secret, mark, posted, before))
        if not page.open:
            return RedirectResponse(secret, 303, private.HEADERS)
        if refused:
            page = replace(page, faults={**page.faults, "photos": "；".join(refused[:3])})
        return self._form(secret, mark, page, asked="1" if act == "submit" or posted.get("asked") else "")

    async def _add(self, secret: str, mark: str, file: Sent) -> str:
        """Keep one picture; gives why not."""
        if file.content is None:
            return say("form.fault_photo_large", text=file.name, most=LARGEST_FILE // MEGABYTE)
        found, kept = await self._pictures.keep(file.content, file.name)
        why = await self._run(lambda work: self._desk.add_photo(work, secret, mark, found, kept))
        await self._pictures.settle(found, kept)
        return why

    def _form(self, secret: str, mark: str, page: FormPage, *, asked: str = "") -> Response:
        template = "form.html" if page.open else "filed.html"
        before = json.dumps(dict(page.before), ensure_ascii=False)
        return self._page(template, secret, page=page, before=before, token=_token(mark), asked=asked)

    def _page(self, template: str, secret: str, status: int = 200, **values: object) -> Response:
        return private.page(template, status, secret=secret, programme=self._programme, **values)

    async def _run(self, change: Callable[[UnitOfWork], T]) -> T:
        return await self._writer.run(change)


def _secret(request: Request) -> str:
    """The link's secret, as it may stand in a page; what cannot be one is a link that nobody has."""
    secret: str = request.path_params["secret"]
    return secret if _SECRET.fullmatch(secret) else "unknown"


def _token(mark: str) -> str:
    """What every form of a page carries; only whoever holds the mark can know it."""
    return hash_of(f"form:{mark}")


def _before(posted: Posted) -> dict[str, str]:
    """The inputs as the page first showed them. A page that does not say so is taken to have changed them all."""
    try:
        held = json.loads(posted.get("before", ""))
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(one) for name, one in held.items()} if isinstance(held, dict) else {}
