"""Pages behind secret links: how they are made, what their headers forbid, and what is shown where a link opens nothing."""

from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.messaging.form import ClosedLink
from bot.rules.wording import visible

# Nothing from elsewhere, nothing inside a frame, and the address (it is a secret) goes nowhere.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATUS = {"unknown": 404, "over": 410, "missing": 410, "taken": 403}
_TYPES = {"form.css": "text/css; charset=utf-8", "form.js": "text/javascript; charset=utf-8"}
_STATIC = {name: resources.files("bot.web").joinpath("static", name).read_bytes() for name in _TYPES}
STATIC_PATH = "/f/static"


def _shown(value: Any) -> Any:
    return visible(value) if type(value) is str else value


_PAGES = Environment(
    loader=PackageLoader("bot.web", "templates/form"),
    autoescape=True,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters.update(pair=lambda one: (one.value, one.label), twice=lambda one: (one, one))
_PAGES.globals.update(root="", version=sha256(b"".join(_STATIC.values())).hexdigest()[:10])


def page(template: str, status: int = 200, **values: Any) -> Response:
    """One of the pages in templates/form. ``root``: the way to /f/ from the page's address, where it is not there."""
    body = _PAGES.get_template(template).render(**values)
    return Response(body, status, HEADERS, "text/html; charset=utf-8")


def closed(fault: ClosedLink, programme: str, **values: Any) -> Response:
    """The polite page for a link that opens nothing."""
    return page("closed.html", _STATUS[fault.why], words=str(fault), programme=programme, **values)


def static_routes() -> list[BaseRoute]:
    """The style sheet and the script of these pages."""
    return [Route(f"{STATIC_PATH}/{{name}}", _static, methods=["GET"])]


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(_STATIC[name], headers=headers, media_type=_TYPES[name])
