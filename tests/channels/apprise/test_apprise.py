"""Pushes through Apprise, to a real server on loopback, and to addresses that are none."""

import json
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.channels.apprise.channel import AppriseChannel
from bot.channels.base import Outgoing
from bot.errors import PlatformError
from bot.messaging.types import Button, Card, Content
from bot.settings import Apprise
from tests.logs import Logged

SECRET = "pa55w0rd-of-the-mailbox"
PRIVATE = "负责人13800138000"


class Receiver:
    """A server that keeps what it is sent and answers with ``status``."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Nothing on the console."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"json://office:{SECRET}@127.0.0.1:{self.server.server_port}/?token={SECRET}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def _channel(url: str, name: str = "值班邮箱") -> AppriseChannel:
    return AppriseChannel([Apprise.model_validate({"name": name, "url": url})])


def _to(text: str = "通知", name: str = "值班邮箱", **more: Any) -> Outgoing:
    return Outgoing(name, Content(text, **more))


async def test_push_is_plain_words_under_their_title(receiver: Receiver) -> None:
    card = Card("通知 12 回执", "t", (Button("收到", "a"),))
    await _channel(receiver.url).send(_to("**请**报送，见[此处](https://a.example)", title="监督要求：报送", card=card))
    [body] = receiver.bodies
    assert body["title"] == "监督要求：报送"
    assert body["message"] == "请报送，见此处 https://a.example"


async def test_push_without_a_title_has_none(receiver: Receiver) -> None:
    await _channel(receiver.url).send(_to("正文"))
    assert [body["title"] for body in receiver.bodies] == [""]


async def test_push_that_was_refused_is_tried_again_later(receiver: Receiver) -> None:
    receiver.status = 500
    with pytest.raises(PlatformError, match="渠道“值班邮箱”没有发出去，请检查其地址") as caught:
        await _channel(receiver.url).send(_to())
    assert caught.value.retry
    assert len(receiver.bodies) == 1


async def test_name_that_is_not_configured_is_refused_in_words(receiver: Receiver) -> None:
    with pytest.raises(PlatformError, match="没有名为“早没了”的渠道"):
        await _channel(receiver.url).send(_to(name="早没了"))


UNUSABLE = [
    f"nosuchservice://{SECRET}@example.org",
    f"mailto://user:{SECRET}@",
    f"json://user:{SECRET}@:99999999/",
    f"dingtalk://{SECRET}!!",
    f"slack://{SECRET}/x/y",
]


@pytest.mark.parametrize("url", UNUSABLE)
async def test_address_that_is_none_is_told_by_the_doctor_and_shown_to_nobody(url: str, logged: Logged) -> None:
    channel = _channel(url)
    [check] = await channel.check()
    assert (check.name, check.ok, check.detail) == ("渠道 值班邮箱", False, "地址不是 Apprise 认得的格式")
    with pytest.raises(PlatformError) as caught:
        await channel.send(_to(PRIVATE))
    shown = "".join(traceback.format_exception(caught.value)) + repr(channel) + repr(vars(channel)) + logged.text
    assert SECRET not in shown
    assert PRIVATE not in shown


async def test_no_failed_push_shows_its_address_or_its_words(receiver: Receiver, logged: Logged) -> None:
    shown = ""
    for status in (302, 401, 500, None):
        if status is None:
            receiver.server.shutdown()
            receiver.server.server_close()
        else:
            receiver.status = status
        with pytest.raises(PlatformError) as caught:
            await _channel(receiver.url).send(_to(PRIVATE))
        shown += "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "没有发出去" in shown
    for secret in (SECRET, PRIVATE, "13800138000"):
        assert secret not in shown + logged.text


async def test_doctor_finds_a_good_address_well_and_sends_nothing(receiver: Receiver) -> None:
    [check] = await _channel(receiver.url).check()
    assert (check.ok, check.detail) == (True, "地址可用")
    assert receiver.bodies == []
