"""The official account's callbacks: the address check, and messages in safe mode.

Plain Starlette routes, not FastAPI's: this is the hottest path of the bot.
"""

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.official_account.envelope import Envelope
from bot.channels.official_account.parsing import parse
from bot.channels.official_account.replying import reply_xml
from bot.clock import Clock
from bot.errors import RejectedCallback
from bot.messaging.types import Content, Incoming
from bot.settings import OfficialAccount

log = structlog.get_logger()

PATH = "/callbacks/official-account"
LARGEST_BODY = 64 * 1024
NO_ANSWER = b"success"

Receive = Callable[[Incoming], Awaitable[Content | None]]


def callback_routes(settings: OfficialAccount, receive: Receive, clock: Clock) -> list[BaseRoute]:
    """The routes of one official account; ``receive`` is the inbox."""
    token, key = settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value()
    envelope = Envelope(settings.app_id, token, key, clock)

    async def check_address(request: Request) -> Response:
        try:
            return Response(envelope.check_address(request.query_params), media_type="text/plain")
        except RejectedCallback as reason:
            return _refused(str(reason))

    async def take(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            log.warning("callback_refused", reason="too large")
            return Response(status_code=413)
        try:
            xml = envelope.open(request.query_params, body)
            message = parse(xml)
        except RejectedCallback as reason:
            return _refused(str(reason))
        if message is None:
            log.info("callback_ignored")
            return Response(NO_ANSWER)
        answer = await receive(message)
        if answer is None:
            return Response(NO_ANSWER)
        own_id = _addressee(xml)
        sealed = envelope.seal(reply_xml(message, own_id, answer, clock.now()), request.query_params["nonce"])
        return Response(sealed, media_type="application/xml")

    return [Route(PATH, check_address, methods=["GET"]), Route(PATH, take, methods=["POST"])]


async def _body(request: Request) -> bytes | None:
    """The body, or None once it is over the limit: the rest is not read."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


def _addressee(xml: bytes) -> str:
    """The account's own id, which the reply is sent from."""
    _head, _, rest = xml.partition(b"<ToUserName>")
    inner = rest.partition(b"</ToUserName>")[0].strip()
    return inner.removeprefix(b"<![CDATA[").removesuffix(b"]]>").decode("utf-8", "replace")


def _refused(reason: str) -> Response:
    """One line in the log without content; nothing for the sender to learn from."""
    log.warning("callback_refused", reason=reason)
    return Response(status_code=403)
