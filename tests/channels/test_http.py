"""The transport that really goes out, against sockets that misbehave: did the request leave or not?"""

import asyncio
import contextlib
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.channels.http import Http
from bot.errors import PlatformError
from tests.logs import Logged

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextlib.asynccontextmanager
async def _listening(peer: Peer) -> AsyncIterator[str]:
    """A server that treats each connection as ``peer`` does; gives its address with a secret in it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await peer(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/send?key=s3cret"


@pytest.fixture
async def http(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Http]:
    monkeypatch.setattr("bot.channels.http.TIMEOUT", httpx.Timeout(0.3, connect=0.3))
    made = Http("企业微信")
    yield made
    await made.close()


async def _fault(http: Http, url: str) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await http.request("POST", url, json={"a": 1})
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
    return caught.value


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def _close_without_a_word(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def _stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _stop_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    await writer.drain()


async def _talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"220 mail.example.org ESMTP\r\n")
    await writer.drain()


@pytest.mark.parametrize("peer", [_hang_up, _close_without_a_word, _stay_silent, _stop_in_the_middle, _talk_nonsense])
async def test_request_that_left_and_got_no_answer_is_in_doubt(http: Http, logged: Logged, peer: Peer) -> None:
    async with _listening(peer) as url:
        fault = await _fault(http, url)
    assert (fault.ambiguous, fault.retry) == (True, False)
    assert "s3cret" not in logged.text


async def test_request_to_nobody_never_left(http: Http) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound, but nobody listens
        fault = await _fault(http, f"http://127.0.0.1:{reserved.getsockname()[1]}/send?key=s3cret")
    assert (fault.ambiguous, fault.retry) == (False, True)


async def test_request_to_a_name_that_is_none_never_left(http: Http) -> None:
    fault = await _fault(http, "http://nowhere.invalid/send?key=s3cret")
    assert (fault.ambiguous, fault.retry) == (False, True)


@pytest.mark.parametrize("url", ["gopher://127.0.0.1/?key=s3cret", "//x/?key=s3cret"])
async def test_address_that_is_none_is_told_from_a_bad_network(http: Http, url: str) -> None:
    fault = await _fault(http, url)
    assert "地址写法不对" in str(fault)
    assert (fault.ambiguous, fault.retry) == (False, False)


async def test_connection_that_died_while_it_waited_is_in_doubt_or_opened_anew(http: Http) -> None:
    """A kept connection that the other side has closed meanwhile must not lose a request silently."""
    served = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        await reader.readuntil(b"\r\n\r\n")
        served += 1
        writer.write(GOOD)
        await writer.drain()

    async with _listening(once) as url:
        for number in range(1, 4):
            answer = await http.request("GET", url)
            assert answer.content == b"ok"
            assert served == number


async def test_closed_pool_opens_again_with_the_next_request(http: Http) -> None:
    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(GOOD)
        await writer.drain()

    async with _listening(twice) as url:
        assert (await http.request("GET", url)).status_code == 200
        await http.close()
        assert (await http.request("GET", url)).status_code == 200
