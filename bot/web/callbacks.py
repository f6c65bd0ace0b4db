"""The official account's callbacks: the address check, and messages in safe mode.

They stand before the web application, not among its routes: this is the hottest path of the bot, and the layers of
the framework took longer than the decryption.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.official_account.envelope import Envelope
from bot.channels.official_account.parsing import Callback, parse
from bot.channels.official_account.replying import reply_xml
from bot.clock import Clock
from bot.errors import RejectedCallback
from bot.messaging.types import Content, Incoming
from bot.settings import OfficialAccount

log = structlog.get_logger()

PATH = "/callbacks/official-account"
LARGEST_BODY = 64 * 1024
BODY_WITHIN = 3.0  # seconds for the whole body; the platform sends it in one piece
# The platform gives up after 5 s. The inbox answers within 4; this is for a database that hangs.
ANSWER_WITHIN = 4.6
NO_ANSWER = b"success"
# Phones report these by themselves, as often as every five seconds: nothing was said to the bot.
NOT_FOR_THE_INBOX = ("view", "location_report")

Take = Callable[[Incoming], Awaitable[Content | None]]


class Callbacks:
    """Middleware that answers the callbacks of one official account itself; ``take`` is the inbox."""

    def __init__(self, app: ASGIApp, settings: OfficialAccount, take: Take, clock: Clock) -> None:
        self._app = app
        token, key = settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value()
        self._envelope = Envelope(settings.app_id, token, key, clock)
        self._take = take
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if request.method == "POST":
            response = await self.take(request)
        elif request.method in ("GET", "HEAD"):
            response = await self.check_address(request)
        else:
            response = Response(status_code=405, headers={"Allow": "GET, HEAD, POST"})
        await response(scope, receive, send)

    async def check_address(self, request: Request) -> Response:
        """Echo what the platform sent, where it is the platform."""
        try:
            return Response(self._envelope.check_address(request.query_params), media_type="text/plain")
        except RejectedCallback as reason:
            return _refused(str(reason))

    async def take(self, request: Request) -> Response:
        """Take one message; the answer goes back in the response. A 503 makes the platform send it again."""
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(BODY_WITHIN):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _refused("body did not come", 408)
        if body is None:
            return _refused("too large", 413)
        try:
            callback = parse(self._envelope.open(request.query_params, body))
        except RejectedCallback as reason:
            return _refused(str(reason))
        if callback.message.kind == "unknown" or callback.message.event in NOT_FOR_THE_INBOX:
            log.info("callback_ignored", what=callback.message.event or callback.message.kind)
            return Response(NO_ANSWER)
        try:
            # Late, the message is not given up: it may be about to commit, and the platform's next try finds its answer.
            async with asyncio.timeout_at(began + ANSWER_WITHIN):
                answer = await self._take(callback.message)
        except Exception as fault:
            log.error("callback_not_answered", fault=type(fault).__name__)
            return Response(status_code=503)
        return self._reply(callback, answer, request.query_params["nonce"])

    def _reply(self, callback: Callback, answer: Content | None, nonce: str) -> Response:
        if answer is None:
            return Response(NO_ANSWER)
        xml = reply_xml(callback.message, callback.own_id, answer, self._clock.now())
        return Response(self._envelope.seal(xml, nonce), media_type="application/xml")


async def _body(request: Request) -> bytes | None:
    """The body, or None once it is over the limit: the rest is not read."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > LARGEST_BODY:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


def _refused(reason: str, status: int = 403) -> Response:
    """One line in the log without content; nothing for the sender to learn from."""
    log.warning("callback_refused", reason=reason)
    return Response(status_code=status)
