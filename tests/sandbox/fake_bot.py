"""A small bot for the platform to call back; wechatpy checks and opens what arrives."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import create_reply
from wechatpy.utils import check_signature


class FakeBot:
    """Answers each callback with what ``answer`` makes of it; remembers them all."""

    def __init__(self, account: dict[str, Any]) -> None:
        self.token = account["token"]
        self.crypto = WeChatCrypto(account["token"], account["encoding_aes_key"], account["app_id"])
        self.received: list[Any] = []
        self.queries: list[dict[str, str]] = []
        self.answer: Callable[[Any], Any] = lambda message: "success"
        self.delays: list[float] = []
        self.path = account["callback_path"]
        self._came = threading.Condition()

    async def __call__(self, scope, receive, send):
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        query = dict(request.query_params)
        assert request.url.path == self.path
        check_signature(self.token, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return PlainTextResponse(query["echostr"])
        xml = self.crypto.decrypt_message(
            await request.body(), query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message = parse_message(xml)
        with self._came:
            self.received.append(message)
            self.queries.append(query)
            self._came.notify_all()
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        answer = self.answer(message)
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, str) and answer in ("", "success"):
            return PlainTextResponse(answer)
        return PlainTextResponse(self.sealed(create_reply(answer, message)))

    def sealed(self, reply: Any) -> str:
        """A reply as the platform wants it."""
        return self.crypto.encrypt_message(reply.render(), "nonce", "1600000000")

    def wait_for(self, event: str, number: int | None = None, seconds: float = 3) -> Any:
        """The first callback of this type or event (about this job, where given), when it has come."""
        with self._came:
            assert self._came.wait_for(lambda: self._find(event, number) is not None, seconds), f"no {event} came"
            return self._find(event, number)

    def _find(self, event: str, number: int | None) -> Any:
        for message in self.received:
            named = event in (message.type, message._data.get("Event", "").lower())
            if named and number in (None, int(message._data.get("MsgID", 0))):
                return message
        return None
