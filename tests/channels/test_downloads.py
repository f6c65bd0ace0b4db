"""Fetching from an address that came from outside: bounded in size and time, and never out of the office's own network."""

import asyncio
import contextlib
import socket
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.channels.base import LARGEST_FILE, TooLarge
from bot.channels.downloads import Downloads, file_name
from bot.channels.public_only import is_public
from bot.errors import PlatformError

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HERE = "http://127.0.0.1:1"
SECRET = "s3cret"


@contextlib.asynccontextmanager
async def serving(peer: Peer) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            await peer(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/file?sign={SECRET}"


@contextlib.asynccontextmanager
async def downloads(home: str = HERE) -> AsyncIterator[Downloads]:
    made = Downloads("企业微信", home)
    try:
        yield made
    finally:
        await made.close()


def answering(head: str, *pieces: bytes) -> Peer:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {head}\r\n\r\n".encode())
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return peer


async def fault(url: str, home: str = HERE) -> PlatformError:
    async with downloads(home) as made:
        with pytest.raises(PlatformError) as caught:
            await made.get(url)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


async def test_file_comes_whole_with_its_name() -> None:
    head = "200 OK\r\nContent-Disposition: attachment; filename*=UTF-8''%E6%96%B9%E6%A1%88.pdf\r\nContent-Length: 4"
    async with serving(answering(head, b"%P", b"DF")) as url, downloads() as made:
        got = await made.get(url)
    assert (got.content, got.name) == (b"%PDF", "方案.pdf")


async def test_more_than_the_limit_is_refused_by_what_is_declared() -> None:
    async with serving(answering(f"200 OK\r\nContent-Length: {LARGEST_FILE + 1}", b"x")) as url:
        assert isinstance(await fault(url), TooLarge)


async def test_more_than_the_limit_is_cut_off_where_nothing_is_declared() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(bytes(64 * 1024))
            sent += 64 * 1024
            await writer.drain()

    async with serving(flood) as url:
        assert isinstance(await fault(url), TooLarge)
    assert sent < LARGEST_FILE + 8 * 1024 * 1024  # what the sockets' own buffers hold


async def test_what_is_packed_is_not_unpacked() -> None:
    """A packed answer could grow without an end; it is not asked for, and not opened when it comes."""
    import gzip

    body = gzip.compress(bytes(1024 * 1024))
    head = f"200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}"
    async with serving(answering(head, body)) as url, downloads() as made:
        assert (await made.get(url)).content == body


async def test_file_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.http.DOWNLOAD_SECONDS", 0.3)

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    began = time.monotonic()
    async with serving(trickle) as url:
        assert (await fault(url)).retry
    assert time.monotonic() - began < 3


async def test_file_that_breaks_off_may_be_asked_for_again() -> None:
    async with serving(answering("200 OK\r\nContent-Length: 100", b"half")) as url:
        assert (await fault(url)).retry


@pytest.mark.parametrize(
    ("status", "retry"),
    [("404 Not Found", False), ("403 Forbidden", False), ("410 Gone", False), ("302 Found\r\nLocation: http://10.0.0.1/", False),
     ("429 Too Many", True), ("500 Broken", True), ("503 Busy", True)],
)  # fmt: skip
async def test_status_says_whether_to_ask_again(status: str, retry: bool) -> None:
    async with serving(answering(f"{status}\r\nContent-Length: 0")) as url:
        found = await fault(url)
    assert found.retry == retry
    assert not found.ambiguous


@pytest.mark.parametrize(
    "answer", ["200 OK\r\nContent-Length: " + "9" * 5000, "200 OK\r\nContent-Length: ²", "200 OK\r\nContent-Length: -1"]
)
async def test_length_that_is_none_is_no_fault_of_ours(answer: str) -> None:
    async with serving(answering(answer, b"x")) as url:
        await fault(url)


@pytest.mark.parametrize("home", [HERE, "wss://openws.work.weixin.qq.com"])
async def test_answer_that_is_no_http_may_be_asked_for_again(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-s3cret\r\n\r\n")
        await writer.drain()

    monkeypatch.setattr("bot.channels.public_only.is_public", lambda address: True)
    async with serving(peer) as url:
        assert (await fault(url, home)).retry


async def test_nobody_there_may_be_asked_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert (await fault(f"http://127.0.0.1:{taken.getsockname()[1]}/")).retry


OUTSIDE = "wss://openws.work.weixin.qq.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.1.2.3/",
        "http://192.168.1.1/admin",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00::1]/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://user@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://example.org/",
        "http:///nohost",
        "http://example.org:99999/",
        "http://[broken/",
        "//example.org/x",
        "",
    ],
)
async def test_address_inside_is_never_connected_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a real gateway outside. Whatever way the address is written, no socket is opened."""
    connected: list[object] = []

    async def connect(*args: object, **kwargs: object) -> None:
        connected.append(args)
        raise OSError("must not happen")

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", connect)
    await fault(url, OUTSIDE)
    assert connected == []


async def test_name_that_leads_inside_is_never_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is one public address and one private, and where it changes between two look-ups."""
    async with serving(answering("200 OK\r\nContent-Length: 2", b"ok")) as url:
        port = int(url.split(":")[2].split("/")[0])

        def looked_up(*args: object, **kwargs: object) -> list[tuple[object, ...]]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", looked_up)
        assert (await fault(f"http://rebound.example.org:{port}/", OUTSIDE)).retry


async def test_private_addresses_are_for_a_gateway_on_this_machine_alone() -> None:
    async with serving(answering("200 OK\r\nContent-Length: 2", b"ok")) as url:
        for home in ("ws://127.0.0.1:9000/ws", "http://localhost:1", "http://[::1]:1"):
            async with downloads(home) as made:
                assert (await made.get(url)).content == b"ok"
        assert not (await fault(url, "ws://192.168.1.5/ws")).retry


@pytest.mark.parametrize(
    ("address", "public"),
    [("1.1.1.1", True), ("240e::1", True), ("192.0.2.1", False), ("::ffff:10.0.0.1", False), ("::ffff:1.1.1.1", True),
     ("fe80::1%eth0", False), ("ff02::1", False), ("255.255.255.255", False)],
)  # fmt: skip
def test_public_addresses_are_told_from_the_rest(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a.pdf"', "a.pdf"),
        ("inline; filename=a.pdf", "a.pdf"),
        ("attachment; filename*=UTF-8''%E7%85%A7%E7%89%87.jpg; filename=x", "照片.jpg"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\x\\\\a.exe"', "a.exe"),
        ('attachment; filename="a\r\nX: y.pdf"', "aX: y.pdf"),
        ("attachment", ""),
        ("", ""),
        ("attachment; filename*=UTF-8''%00%0a..%2f..%2fa%FF.pdf", "a\ufffd.pdf"),
        ("=?utf-8?q?attachment?=", ""),
        ('attachment; filename="' + "x" * 5000 + '"', "x" * 120),
    ],
)
def test_name_of_a_file_is_only_a_name(disposition: str, name: str) -> None:
    assert file_name(disposition) == name


async def test_odd_answers_through_the_client_are_faults_of_the_platform() -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(SECRET, request=request)

    made, url = Downloads("企业微信", OUTSIDE, httpx.MockTransport(answer)), f"https://files.example.org/{SECRET}"
    with pytest.raises(PlatformError) as caught:
        await made.get(url)
    assert caught.value.retry
    assert SECRET not in "".join(traceback.format_exception(caught.value))
