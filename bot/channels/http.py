"""HTTP to the platforms: one pooled client with time-outs, and its faults sorted by whether the request may have arrived."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx

from bot.channels.base import TooLarge
from bot.errors import PlatformError

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
DOWNLOAD_SECONDS = 60.0
# The platform is in trouble or wants less; anything else that is not 200 means that the file is not to be had.
PASSING = (408, 425, 429)
MOST_DIGITS = 18  # of a length; far more would be no number to Python

# httpx names the whole address in a line for every request, and addresses carry tokens and keys.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Http:
    """The connections to one platform. ``platform`` is its Chinese name, for the errors."""

    def __init__(self, platform: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._platform = platform
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def request(self, method: str, url: str | httpx.URL, **kwargs: Any) -> httpx.Response:
        """One request. Raises `PlatformError`: ``retry`` where it never left, ``ambiguous`` where it may have arrived."""
        # `from None` everywhere: httpx's errors carry the address.
        try:
            return await self._open().request(method, url, **kwargs)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise PlatformError(f"{self._platform}的地址写法不对，请检查配置") from None
        except (httpx.HTTPError, OSError) as fault:
            unreached = _never_left(fault)
        raise self.unreached() if unreached else self.lost()

    async def download(self, url: str, limit: int, **kwargs: Any) -> tuple[httpx.Headers, bytes]:
        """A file of at most ``limit`` bytes with its headers; raises `TooLarge`, or `PlatformError`.

        Asking twice does no harm, so nothing is ever in doubt. More than the limit is never held.
        """
        headers = {"Accept-Encoding": "identity"}  # what is packed could grow without an end
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                async with self._open().stream("GET", url, headers=headers, **kwargs) as answer:
                    return answer.headers, await self._body(answer, limit)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise PlatformError(f"{self._platform}给出的文件地址不可用") from None
        except (httpx.HTTPError, OSError):  # OSError: also when the time is over
            raise PlatformError(f"从{self._platform}取文件没有成功，稍后再试", retry=True) from None

    async def _body(self, answer: httpx.Response, limit: int) -> bytes:
        if answer.status_code != 200:
            passing = answer.status_code >= 500 or answer.status_code in PASSING
            raise PlatformError(f"{self._platform}上的文件已取不到（HTTP {answer.status_code}）", retry=passing)
        declared = answer.headers.get("content-length", "")
        if declared.isdecimal() and (len(declared) > MOST_DIGITS or int(declared) > limit):
            raise TooLarge(f"文件超过 {limit // 1024 // 1024} MB")
        held = bytearray()
        async for piece in answer.aiter_raw():
            held += piece
            if len(held) > limit:
                raise TooLarge(f"文件超过 {limit // 1024 // 1024} MB")
        return bytes(held)

    def lost(self) -> PlatformError:
        """The request left, and no good answer came: nobody can know what the platform did."""
        return PlatformError(f"发出后没有得到{self._platform}的答复，不知是否送达", ambiguous=True)

    def unreached(self) -> PlatformError:
        """The request never left."""
        return PlatformError(f"连不上{self._platform}，请检查网络", retry=True)

    async def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(transport=self._transport or fast_transport(), timeout=TIMEOUT)
        return self._client


def fast_transport(client: Callable[[], Any] | None = None) -> httpx.AsyncBaseTransport:
    """aiohttp under httpx; ``client`` makes its session where the usual one will not do."""
    import aiohttp
    from httpx_aiohttp import AiohttpTransport  # several times the speed of httpx's own; imported on first use

    class Transport(AiohttpTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            try:
                return await super().handle_async_request(request)
            except aiohttp.ClientError as fault:  # some of aiohttp's own pass unchanged, such as for a bad status line
                raise httpx.RemoteProtocolError(type(fault).__name__, request=request) from fault

    return Transport(verify=tls(), client=client)


@cache
def tls() -> ssl.SSLContext:
    """One for all connections: reading the certificates takes as long as many requests."""
    return httpx.create_ssl_context()


def _never_left(fault: Exception) -> bool:
    """Whether no connection was made.

    The aiohttp transport calls every lost connection a ``ConnectTimeout``, also one that broke after the request had
    gone out, so what it wraps is looked at.
    """
    cause = fault.__cause__
    if cause is None:
        return isinstance(fault, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    import aiohttp

    return isinstance(cause, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
