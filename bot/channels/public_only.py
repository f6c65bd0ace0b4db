"""A transport that connects to public addresses only, so that an address from outside cannot reach the office's network.

The name is looked up and judged where the connection is made: what it says a moment earlier proves nothing.
"""

import ipaddress
import socket

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.http import fast_transport, tls


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not parsed.is_multicast


def public_only() -> httpx.AsyncBaseTransport:
    """The transport; a name that leads nowhere public counts as a host that cannot be reached."""
    return fast_transport(_session)


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(resolver=_PublicResolver(), ssl=tls(), limit=10)
    return aiohttp.ClientSession(connector=connector)


class _PublicResolver(AbstractResolver):
    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = [one for one in await self._inner.resolve(host, port, family) if is_public(one["host"])]
        if not found:
            raise OSError("no public address")
        return found

    async def close(self) -> None:
        await self._inner.close()
