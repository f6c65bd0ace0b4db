"""The long connection: lost, closed in good order, taken over by another, refused, or never there."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import websockets

from bot.channels.work_group.gateway import WorkGroupChannel
from bot.demo.stack import free_port
from bot.errors import PlatformError
from bot.messaging.types import Content, Incoming
from tests.channels.work_group.conftest import Inbox, Line, to
from tests.logs import Logged
from tests.sandbox.robots import robot
from tests.waiting import until

Make = Callable[..., WorkGroupChannel]


class Gateway:
    """A gateway that lets everybody in, and does to each connection what a test says."""

    def __init__(self) -> None:
        self.answers = True
        self.subscribed = 0
        self.sockets: list[Any] = []

    async def serve(self, socket: Any) -> None:
        self.sockets.append(socket)
        async for raw in socket:
            frame = json.loads(raw)
            if frame["cmd"] == "aibot_subscribe":
                self.subscribed += 1
            if self.answers:
                await socket.send(json.dumps({"headers": frame["headers"], "errcode": 0, "errmsg": "ok"}))


@contextlib.asynccontextmanager
async def _gateway() -> AsyncIterator[tuple[Gateway, str]]:
    gateway = Gateway()
    async with websockets.serve(gateway.serve, "127.0.0.1", 0) as server:
        yield gateway, f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


async def _online(channel: WorkGroupChannel) -> None:
    await until(lambda: channel.state == "connected")


async def test_lost_connection_comes_back_by_itself(line: Line) -> None:
    line.fault("disconnect", "gateway")
    await until(lambda: line.channel.state == "disconnected")
    await _online(line.channel)
    line.inbox.answer = lambda message: Content("在")
    await line.in_group("limin", "在吗")
    assert (await line.shown("group:G1"))["text"] == "在"


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012])
async def test_connection_that_the_server_closes_comes_back_by_itself(make_channel: Make, code: int) -> None:
    async with _gateway() as (gateway, url):
        channel = make_channel(gateway_url=url)
        await channel.start()
        await _online(channel)
        await gateway.sockets[-1].close(code)
        await until(lambda: gateway.subscribed == 2)
        await _online(channel)
        await channel.send(to("G1"))


async def test_push_right_after_an_orderly_close_never_left(make_channel: Make) -> None:
    async with _gateway() as (gateway, url):
        channel = make_channel(gateway_url=url)
        await channel.start()
        await _online(channel)
        await gateway.sockets[-1].close(1000)
        client = channel._client
        await until(lambda: client is not None and not client.is_connected)
        with pytest.raises(PlatformError) as caught:
            await channel.send(to("G1"))
        assert (caught.value.retry, caught.value.ambiguous) == (True, False)


async def test_login_that_is_never_answered_is_tried_anew(make_channel: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.work_group.gateway.LOGIN_WITHIN", 0.2)
    async with _gateway() as (gateway, url):
        gateway.answers = False
        channel = make_channel(gateway_url=url)
        await channel.start()
        await until(lambda: gateway.subscribed == 1)
        gateway.answers = True
        await _online(channel)
        assert gateway.subscribed == 2


async def test_robot_that_another_took_over_stays_away(line: Line, logged: Logged) -> None:
    async with robot(line.sandbox) as other:
        await until(lambda: line.channel.state == "kicked")
        with pytest.raises(PlatformError, match="还没有接通"):
            await line.channel.send(to("G1"))
        await until(lambda: [one for one in logged.lines if one["event"] == "gateway_kicked"])
        await asyncio.sleep(0.3)  # six looks after the connection: none may take it back
        assert other.client.is_connected
        assert line.channel.state == "kicked"
    assert [one["event"] for one in logged.lines if one["event"] == "gateway_frame_ignored"] == []


async def test_wrong_secret_is_told_to_the_doctor_at_once(make_channel: Make, logged: Logged) -> None:
    channel = make_channel(secret="mistyped-secret")
    await channel.start()
    began = time.monotonic()
    [check] = await channel.check()
    assert time.monotonic() - began < 5
    assert (check.name, check.ok) == ("企业微信机器人", False)
    assert check.detail.startswith("机器人的 Bot ID 或 Secret 不对，请核对「work_group.bot_id」「work_group.secret」")
    assert "mistyped-secret" not in logged.text


async def test_wrong_bot_id_is_told_to_the_doctor_at_once(make_channel: Make) -> None:
    channel = make_channel(bot_id="robot-of-nobody")
    await channel.start()
    [check] = await channel.check()
    assert "Bot ID" in check.detail


async def test_robot_gets_in_once_the_secret_is_right_without_a_restart(line: Line, make_channel: Make) -> None:
    """The platform may refuse for a moment; the channel keeps trying."""
    await line.channel.close()
    line.fault("error:853000", "aibot_subscribe", times=2)
    channel = make_channel()
    await channel.start()
    await _online(channel)
    assert channel.refusal == ""


async def test_gateway_that_is_not_there_is_told_to_the_doctor(
    make_channel: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.work_group.gateway.CONNECT_WITHIN", 0.3)
    channel = make_channel(gateway_url=f"ws://127.0.0.1:{free_port()}")
    await channel.start()
    [check] = await channel.check()
    assert (check.ok, check.detail) == (False, "长连接没有接通，请检查网络和「work_group.gateway_url」")


async def test_gateway_that_comes_late_is_found(make_channel: Make, inbox: Inbox) -> None:
    port = free_port()
    channel = make_channel(gateway_url=f"ws://127.0.0.1:{port}")
    await channel.start()
    await asyncio.sleep(0.1)
    assert channel.state != "connected"
    gateway = Gateway()
    async with websockets.serve(gateway.serve, "127.0.0.1", port):
        await _online(channel)


async def test_doctor_names_the_groups_or_says_how_to_find_them(line: Line, make_channel: Make) -> None:
    [connected, groups] = await line.channel.check()
    assert (connected.ok, connected.detail) == (True, "长连接已接通")
    assert (groups.ok, "chat_id" in groups.detail) == (False, True)
    channel = make_channel(groups=[{"name": "项目工作群", "chat_id": "G1"}])
    await channel.start()
    assert [one.detail for one in await channel.check()][1] == "项目工作群"


@pytest.mark.parametrize("nonsense", ["[]", "{", '{"cmd": "aibot_msg_callback"}', '{"headers": 3}'])
async def test_nonsense_from_the_gateway_is_survived(make_channel: Make, logged: Logged, nonsense: str) -> None:
    async with _gateway() as (gateway, url):
        channel = make_channel(gateway_url=url)
        await channel.start()
        await _online(channel)
        await gateway.sockets[-1].send(nonsense)
        await asyncio.sleep(0.05)
        await _online(channel)
        with contextlib.suppress(PlatformError):  # it may be connecting again just now
            await channel.send(to("G1"))
        await _online(channel)
        await channel.send(to("G1"))


async def test_five_megabytes_of_text_do_not_cost_the_others_their_connection(line: Line, logged: Logged) -> None:
    def answer(message: Incoming) -> Content | None:
        return Content("太长了" if len(message.text) > 100 else "在") if message.kind == "text" else None

    line.inbox.answer = answer
    await line.direct("limin", "活" * 1_700_000)
    assert (await line.shown("direct:limin"))["text"] == "太长了"
    await line.in_group("limin", "在吗")
    assert (await line.shown("group:G1"))["text"] == "在"
    assert [one for one in logged.lines if one["event"] == "gateway"] == []


async def test_orderly_stop_lets_the_answer_under_way_go_out(line: Line) -> None:
    go = asyncio.Event()

    async def answer(message: Any) -> Content:
        await go.wait()
        return Content("答")

    line.inbox.answer = answer
    await line.in_group("limin", "问")
    await line.heard()
    closing = asyncio.create_task(line.channel.close())
    await asyncio.sleep(0)
    go.set()
    await closing
    assert (await line.shown("group:G1"))["text"] == "答"
