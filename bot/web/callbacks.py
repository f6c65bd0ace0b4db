"""The official account's callbacks: the address check, and messages in safe mode.

Plain Starlette routes, not FastAPI's: this is the hottest path of the bot.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

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

Receive = Callable[[Incoming], Awaitable[Content | None]]


def callback_routes(settings: OfficialAccount, receive: Receive, clock: Clock) -> list[BaseRoute]:
    """The routes of one official account; ``receive`` is the inbox."""
    callbacks = _Callbacks(settings, receive, clock)
    return [
        Route(PATH, callbacks.check_address, methods=["GET"]),
        Route(PATH, callbacks.take, methods=["POST"]),
    ]


class _Callbacks:
    def __init__(self, settings: OfficialAccount, receive: Receive, clock: Clock) -> None:
        token, key = settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value()
        self._envelope = Envelope(settings.app_id, token, key, clock)
        self._receive = receive
        self._clock = clock

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
        # Not cancelled when it is late: it may be about to commit, and the platform's next try finds its answer.
        taking = asyncio.ensure_future(self._receive(callback.message))
        taking.add_done_callback(_log_fault)
        await asyncio.wait({taking}, timeout=began + ANSWER_WITHIN - asyncio.get_running_loop().time())
        if not taking.done() or taking.exception() is not None:
            log.error("callback_not_answered", late=not taking.done())
            return Response(status_code=503)
        return self._reply(callback, taking.result(), request.query_params["nonce"])

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


def _log_fault(taking: "asyncio.Future[Content | None]") -> None:
    if not taking.cancelled() and (fault := taking.exception()) is not None:
        log.error("inbox_failed", fault=type(fault).__name__)


def _refused(reason: str, status: int = 403) -> Response:
    """One line in the log without content; nothing for the sender to learn from."""
    log.warning("callback_refused", reason=reason)
    return Response(status_code=status)
