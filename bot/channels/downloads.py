"""Fetching what people sent from the address the platform named: whole, within a size and a time, from public hosts."""

import ipaddress
import re
from email.message import Message
from urllib.parse import unquote, urlsplit

import httpx

from bot.channels.base import LARGEST_FILE, Fetched
from bot.channels.http import Http
from bot.errors import PlatformError

LONGEST_NAME, LONGEST_HEADER = 120, 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_EXTENDED = re.compile(r"filename\*=utf-8'[\w-]*'([^;\s]+)", re.IGNORECASE)  # wins over a plain one beside it


class Downloads:
    """``home``: the configured address of the platform. Only where that is this very machine (the demo, the tests)
    may files come from private addresses too."""

    def __init__(self, platform: str, home: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._private_too = _is_this_machine(urlsplit(home).hostname or "")
        if transport is None and not self._private_too:
            from bot.channels.public_only import public_only  # aiohttp is imported on first use

            transport = public_only()
        self._http = Http(platform, transport)

    async def get(self, url: str) -> Fetched:
        """The file, at most `LARGEST_FILE` bytes; raises `PlatformError`, which never names the address."""
        self._check(url)
        headers, content = await self._http.download(url, LARGEST_FILE)
        return Fetched(content, file_name(headers.get("content-disposition", "")))

    async def close(self) -> None:
        await self._http.close()

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise _refused() from None
        if parts.scheme not in ("https", "http") or not host:
            raise _refused()
        if not self._private_too and _is_private(host):
            raise _refused()


def file_name(disposition: str) -> str:
    """The file name in a ``Content-Disposition``, without folders and what cannot be seen; empty where there is none."""
    written = _CONTROL.sub("", disposition)[:LONGEST_HEADER]
    extended = _EXTENDED.search(written)
    if extended:
        name = unquote(extended[1], errors="replace")
    else:
        held = Message()
        held["Content-Disposition"] = written
        name = held.get_filename() or ""
    return _CONTROL.sub("", name).replace("\\", "/").rpartition("/")[2].strip(' "')[:LONGEST_NAME]


def _is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public; names are judged when they are looked up."""
    from bot.channels.public_only import is_public

    try:
        return not is_public(host)
    except ValueError:
        return False


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused() -> PlatformError:
    return PlatformError("平台给出的文件地址不可用")
