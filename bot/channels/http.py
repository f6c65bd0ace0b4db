"""HTTP to the platforms: one pooled client with time-outs, and its faults sorted by whether the request may have arrived."""

import logging
from typing import Any

import httpx

from bot.errors import PlatformError

TIMEOUT = httpx.Timeout(10.0, connect=5.0)

# httpx names the whole address in a line for every request, and addresses carry tokens and keys.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Http:
    """The connections to one platform. ``platform`` is its Chinese name, for the errors."""

    def __init__(self, platform: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._platform = platform
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        """One request. Raises `PlatformError`: ``retry`` where it never left, ``ambiguous`` where it may have arrived."""
        # `from None` everywhere: httpx's errors carry the address.
        try:
            return await self._open().request(method, url, **kwargs)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise PlatformError(f"{self._platform}的地址写法不对，请检查配置") from None
        except (httpx.HTTPError, OSError) as fault:
            unreached = _never_left(fault)
        raise self.unreached() if unreached else self.lost()

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
            self._client = httpx.AsyncClient(transport=self._transport or _fast_transport(), timeout=TIMEOUT)
        return self._client


def _fast_transport() -> httpx.AsyncBaseTransport:
    from httpx_aiohttp import AiohttpTransport  # several times the speed of httpx's own; imported on first use

    return AiohttpTransport()


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
