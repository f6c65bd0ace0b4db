"""What the platform tells the bot: encrypted callbacks, five seconds to answer, three tries."""

import asyncio
import contextlib
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import httpx
from httpx_aiohttp import AiohttpTransport
from wechatpy.crypto import WeChatCrypto

from bot.sandbox.messages import OUTAGE, Message
from bot.sandbox.passive import InvalidReply, PassiveReply
from bot.sandbox.state import Platform

TRIES = 3


@dataclass
class Outcome:
    """How a callback ended: tries made, and the passive reply that the follower saw."""

    tries: int
    reply: Message | None


class Callbacks:
    """Delivers messages and events of followers to the bot."""

    def __init__(self, platform: Platform, transport: httpx.AsyncBaseTransport | None = None) -> None:
        account = platform.world.official_account
        self._platform = platform
        self._transport = transport
        self._crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)
        self._passive = PassiveReply(platform, self._crypto)
        self._url = platform.bot_url + account.callback_path
        self._client: httpx.AsyncClient | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold the connections to the bot."""
        transport = self._transport or AiohttpTransport(limits=httpx.Limits(max_connections=None))
        async with httpx.AsyncClient(transport=transport, timeout=2 * self._platform.callback_timeout) as self._client:
            yield

    async def message(self, openid: str, kind: str, **fields: Any) -> Outcome:
        """A message that a follower sent; it carries a MsgId, the same in every try."""
        return await self._deliver(openid, {"MsgType": kind, **fields, "MsgId": self._platform.number()})

    async def event(self, openid: str, event: str, **fields: Any) -> Outcome:
        """An event; duplicates are told by FromUserName and CreateTime."""
        return await self._deliver(openid, {"MsgType": "event", "Event": event, **fields})

    async def report(self, openid: str, event: str, **fields: Any) -> Outcome:
        """An event to which nobody waits for an answer: what the bot replies, or fails to, is not shown."""
        return await self._deliver(openid, {"MsgType": "event", "Event": event, **fields}, shown=False)

    async def check_address(self) -> bool:
        """The GET with echostr that saves a server address; True when the bot echoes it."""
        stamp, nonce, echo = self._stamp(), secrets.token_hex(5), secrets.token_hex(10)
        query = {"signature": self._signature(stamp, nonce), "timestamp": stamp, "nonce": nonce, "echostr": echo}
        try:
            async with asyncio.timeout(self._platform.callback_timeout):
                response = await self._http().get(self._url, params=query)
        except (TimeoutError, httpx.HTTPError):
            return False
        return response.status_code == 200 and response.text.strip() == echo

    async def _deliver(self, openid: str, fields: dict[str, Any], shown: bool = True) -> Outcome:
        envelope = {
            "ToUserName": self._platform.world.official_account.original_id,
            "FromUserName": openid,
            "CreateTime": self._platform.timestamp(),
        }
        xml = f"<xml>{_elements(envelope | fields)}</xml>"
        fault = self._platform.faults.take("callbacks")
        if fault and fault.outcome == "drop":
            return Outcome(0, None)
        if fault and fault.delay is not None:
            await asyncio.sleep(fault.delay)
        repeat = fault is not None and fault.outcome == "repeat"
        tries, body = await (self._thrice(openid, xml) if repeat else self._patiently(openid, xml))
        if not shown:
            return Outcome(tries, None)
        return Outcome(tries, self._outage(openid) if body is None else self._show(openid, body))

    async def _patiently(self, openid: str, xml: str) -> tuple[int, bytes | None]:
        """Up to three tries. A refused connection or a 5xx counts as no answer; other statuses are a bad one."""
        for number in range(1, TRIES + 1):
            body = await self._try(openid, xml)
            if body is not None:
                return number, body
        return TRIES, None

    async def _thrice(self, openid: str, xml: str) -> tuple[int, bytes | None]:
        """A script's ``repeat``: two at once and one more; the follower sees one reply, as in reality."""
        bodies = list(await asyncio.gather(self._try(openid, xml), self._try(openid, xml)))
        bodies.append(await self._try(openid, xml))
        answers = [body for body in bodies if body is not None]
        return TRIES, max(answers, key=len) if answers else None

    async def _try(self, openid: str, xml: str) -> bytes | None:
        """One POST; the answer's body, or None when there is none in time."""
        stamp, nonce = self._stamp(), str(secrets.randbelow(10**10))
        body, query = self._sealed(xml, stamp, nonce)
        query["openid"] = openid
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._platform.callback_timeout):
                response = await self._http().post(
                    self._url, params=query, content=body, headers={"Content-Type": "text/xml"}
                )
        except TimeoutError:
            self._platform.calls.count("callbacks", 504)
            return None
        except httpx.HTTPError:
            self._platform.calls.count("callbacks", 502)
            await self._rest(began)
            return None
        self._platform.calls.count("callbacks", response.status_code)
        if response.status_code >= 500:
            await self._rest(began)
            return None
        # A redirect or a 4xx is an answer, and not one that the platform understands.
        return response.content if response.status_code == 200 else b"HTTP " + str(response.status_code).encode()

    def _sealed(self, xml: str, stamp: str, nonce: str) -> tuple[bytes, dict[str, str]]:
        sealed = self._crypto.encrypt_message(xml, nonce, stamp)
        encrypted = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        signature = sealed.partition("<MsgSignature><![CDATA[")[2].partition("]]>")[0]
        to = self._platform.world.official_account.original_id
        body = f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        query = {
            "signature": self._signature(stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": signature,
        }
        return body.encode(), query

    def _show(self, openid: str, body: bytes) -> Message | None:
        try:
            return self._passive.show(openid, body)
        except InvalidReply:
            return self._outage(openid)

    def _outage(self, openid: str) -> Message:
        return self._platform.messages.system(f"official:{openid}", OUTAGE)

    def _signature(self, stamp: str, nonce: str) -> str:
        parts = sorted((self._platform.world.official_account.token, stamp, nonce))
        return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324 - the platform's own scheme

    def _stamp(self) -> str:
        return str(self._platform.timestamp())

    async def _rest(self, began: float) -> None:
        """A server that fails at once is not asked again at once."""
        pause = self._platform.callback_timeout / 5
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            raise RuntimeError("the sandbox is not running: start its lifespan first")
        return self._client


def _elements(fields: dict[str, Any]) -> str:
    """XML elements; texts as CDATA, numbers bare, dicts nested, lists as repeated elements."""
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, dict):
        return f"<{name}>{_elements(value)}</{name}>"
    if isinstance(value, str):
        # "]]>" would end the section; XML forbids most control characters altogether.
        clean = "".join(char for char in value if char in "\t\n\r" or (char >= " " and not _never_in_xml(char)))
        text = escape(clean) if "]]>" in clean else f"<![CDATA[{clean}]]>"
        return f"<{name}>{text}</{name}>"
    return f"<{name}>{value}</{name}>"


def _never_in_xml(char: str) -> bool:
    return "\ud800" <= char <= "\udfff" or char in "\ufffe\uffff"
