"""A robot made of the SDK that others wrote, and a bare WebSocket for what the SDK would never send."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import websockets
from wecom_aibot_sdk import WSClient

from .conftest import Sandbox


class Silent:
    """A logger that keeps message bodies out of the output."""

    def __getattr__(self, level: str) -> Any:
        return lambda *args: None


class Robot:
    """The SDK's client, with what it heard in a queue."""

    def __init__(self, url: str, secret: str = "robot-secret", bot_id: str = "robot-1") -> None:
        self.client = WSClient(
            bot_id, secret, ws_url=url, logger=Silent(), reconnect_interval=50, max_auth_failure_attempts=1
        )
        self.frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.events: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.client.on("message", self.frames.put_nowait)
        self.client.on("event", self.frames.put_nowait)
        for event in ("authenticated", "disconnected", "error"):
            self.client.on(event, lambda *args, event=event: self.events.put_nowait((event, str(args))))

    async def heard(self, seconds: float = 3) -> dict[str, Any]:
        """The next message or event."""
        return await asyncio.wait_for(self.frames.get(), seconds)

    async def noticed(self, event: str, seconds: float = 3) -> str:
        """Wait until the SDK reports ``event``."""
        async with asyncio.timeout(seconds):
            while True:
                name, details = await self.events.get()
                if name == event:
                    return details

    async def send(self, chat: str, text: str) -> Any:
        """Push Markdown."""
        return await self.client.send_message(chat, {"msgtype": "markdown", "markdown": {"content": text}})


@contextlib.asynccontextmanager
async def robot(sandbox: Sandbox, **more: str) -> AsyncIterator[Robot]:
    """A robot that is on line."""
    robot = Robot(sandbox.ws_url, **more)
    await robot.client.connect()
    await robot.noticed("authenticated")
    try:
        yield robot
    finally:
        await robot.client.disconnect()


class Wire:
    """A bare WebSocket that speaks frames."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self._number = 0

    async def ask(self, cmd: str, body: Any, req_id: str | None = None) -> dict[str, Any]:
        """Send a frame; its acknowledgement, past whatever else comes."""
        self._number += 1
        req_id = req_id or f"{cmd}-{self._number}"
        await self.socket.send(json.dumps({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}))
        while True:
            frame = json.loads(await asyncio.wait_for(self.socket.recv(), 3))
            if "errcode" in frame and frame["headers"]["req_id"] == req_id:
                return frame

    async def code(self, cmd: str, body: Any, req_id: str | None = None) -> int:
        """The errcode of the acknowledgement."""
        return (await self.ask(cmd, body, req_id))["errcode"]

    async def next(self) -> dict[str, Any]:
        """The next frame."""
        return json.loads(await asyncio.wait_for(self.socket.recv(), 3))


@contextlib.asynccontextmanager
async def wire(sandbox: Sandbox, subscribe: bool = True) -> AsyncIterator[Wire]:
    """A bare connection, subscribed as the robot."""
    async with websockets.connect(sandbox.ws_url) as socket:
        opened = Wire(socket)
        if subscribe:
            assert await opened.code("aibot_subscribe", {"bot_id": "robot-1", "secret": "robot-secret"}) == 0
        yield opened


async def control(sandbox: Sandbox, path: str, row: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    """The control API without stopping this loop."""
    return await asyncio.to_thread(sandbox.control, path, row, status)
