"""Bodies that are too large or do not come, over a real socket: let go early, nothing stored."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn

from bot.web.serving import OPTIONS
from tests.logs import Logged
from tests.waiting import until
from tests.web.conftest import PATH, Platform, Sealed, Site

LARGE = b"<xml><Encrypt><![CDATA[" + b"A" * 2_000_000 + b"]]></Encrypt></xml>"


@contextlib.asynccontextmanager
async def _served(site: Site) -> AsyncIterator[int]:
    """The site on a free loopback port; gives the port."""
    config = uvicorn.Config(site.web, host="127.0.0.1", port=0, lifespan="off", **OPTIONS)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def _spoken(port: int, sealed: Sealed, length: int, *parts: bytes) -> bytes:
    """Announce a body of ``length``, send these parts of it, and wait for the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {PATH}?{urlencode(sealed.query)} HTTP/1.1\r\nHost: bot\r\nContent-Length: {length}\r\n\r\n"
    writer.write(head.encode())
    for part in parts:
        writer.write(part)
        await writer.drain()
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    return status


async def test_body_that_announces_two_megabytes_is_refused_before_it_comes(
    site: Site, platform: Platform, logged: Logged
) -> None:
    async with _served(site) as port:
        status = await _spoken(port, Sealed(LARGE, platform.now), len(LARGE), LARGE[:1000])
    assert b" 413 " in status
    assert [line["reason"] for line in logged.lines if line["event"] == "callback_refused"] == ["too large"]
    assert site.stored() == {}


async def test_body_that_announces_nothing_is_cut_off_at_the_limit(site: Site, platform: Platform) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for at in range(0, len(LARGE), 8192):
            taken += 8192
            yield LARGE[at : at + 8192]

    sealed = Sealed(LARGE, platform.now)
    transport = httpx.ASGITransport(site.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.post(PATH, params=sealed.query, content=endless())
    assert answer.status_code == 413
    assert taken < 100_000
    assert site.stored() == {}


@pytest.mark.parametrize("announced", ["²", "1e9", "-1", "9" * 5000, ""])
async def test_announcement_that_is_no_number_makes_no_fault(site: Site, platform: Platform, announced: str) -> None:
    sealed = platform.sealed(platform.text())
    transport = httpx.ASGITransport(site.web)
    headers = [(b"content-length", announced.encode("latin-1"))]
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.post(PATH, params=sealed.query, content=sealed.body, headers=headers)
    assert answer.status_code == (413 if announced == "9" * 5000 else 200)


async def test_body_that_does_not_come_is_not_waited_for(
    site: Site, platform: Platform, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = platform.sealed(platform.text())
    async with _served(site) as port:
        with monkeypatch.context() as impatient:
            impatient.setattr("bot.web.callbacks.BODY_WITHIN", 0.1)
            status = await _spoken(port, sealed, len(sealed.body), sealed.body[:20])
        whole = await _spoken(port, sealed, len(sealed.body), sealed.body)
    assert b" 408 " in status
    assert b" 200 " in whole
    assert [line["reason"] for line in logged.lines] == ["body did not come"]


async def test_caller_who_hangs_up_leaves_one_line_and_nothing_else(
    site: Site, platform: Platform, logged: Logged
) -> None:
    sealed = platform.sealed(platform.text())
    async with _served(site) as port:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST {PATH}?{urlencode(sealed.query)} HTTP/1.1\r\nHost: bot\r\nContent-Length: 999\r\n\r\n"
        writer.write(head.encode() + sealed.body[:100])
        await writer.drain()
        writer.transport.abort()
        await until(lambda: logged.lines)
    assert [line["reason"] for line in logged.lines] == ["body did not come"]
    assert site.stored() == {}


async def test_head_that_does_not_end_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the first nor one after an answer, and however many bytes of it still come."""
    monkeypatch.setattr("bot.web.serving.HEAD_WITHIN", 0.2)
    async with _served(site) as port:
        silent, _ = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = b"HEAD /nowhere HTTP/1.1\r\nHost: bot\r\n"
        writer.write(request + b"\r\n")
        assert b" 404 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(request)

        def dripped() -> bool:
            writer.write(b"X-Slow: 1\r\n")
            # A line that comes after the closing is answered with a reset instead of an orderly end.
            return reader.at_eof() or reader.exception() is not None

        await until(dripped, 4)
        assert await asyncio.wait_for(silent.read(), 4) == b""
