"""What all control calls share: JSON bodies, and errors as JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.bodies import parse_json
from bot.sandbox.work_chats import Unknown

Handler = Callable[[Request], Awaitable[Response]]


def control_routes(table: list[tuple[str, str, Handler]]) -> list[BaseRoute]:
    """Routes under ``/_sandbox`` from rows of method, path and handler."""
    return [Route(f"/_sandbox{path}", _guarded(handler), methods=[method]) for method, path, handler in table]


async def json_body(request: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object."""
    raw = await request.body()
    row = parse_json(raw) if raw.strip() else {}
    if not isinstance(row, dict):
        raise ValueError("the body is not a JSON object")
    return row


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except Unknown as error:
            return JSONResponse({"error": str(error)}, 404)
        except KeyError as error:
            return JSONResponse({"error": f"missing or unknown: {error}"}, 400)
        except (ValueError, TypeError, AttributeError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return guarded
