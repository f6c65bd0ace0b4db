"""The robot gateway: WebSocket connections, one per robot, and the frames in both directions."""

import asyncio
import contextlib
import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.bodies import parse_json
from bot.sandbox.faults import SILENCE, Fault
from bot.sandbox.refusals import Refusal
from bot.sandbox.robot_commands import Commands
from bot.sandbox.robot_session import Connection, Incoming
from bot.sandbox.state import Platform


class Gateway:
    """Accepts connections, lets robots in, hands their commands on and sends them what happens."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._commands = Commands(platform)
        self._connected: dict[str, Connection] = {}

    def connected(self, bot_id: str) -> bool:
        """Whether the robot is on line."""
        return bot_id in self._connected

    async def serve(self, socket: WebSocket) -> None:
        """One connection from its first frame to its last."""
        await socket.accept()
        connection = Connection(socket)
        try:
            while True:
                await self._frame(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass  # gone, by itself or by a script; a RuntimeError is Starlette's word for reading after the close
        finally:
            if connection.bot_id and self._connected.get(connection.bot_id) is connection:
                del self._connected[connection.bot_id]

    async def push(self, bot_id: str, cmd: str, body: dict[str, Any], incoming: Incoming) -> bool:
        """Send a callback frame to the robot; False when it is not on line (the platform keeps nothing)."""
        connection = self._connected.get(bot_id)
        if connection is None:
            return False
        fault = self._platform.faults.take(cmd)
        if fault and fault.outcome == "drop":
            return False
        if fault and fault.delay is not None:
            await asyncio.sleep(fault.delay)
        for _ in range(3 if fault and fault.outcome == "repeat" else 1):
            req_id = secrets.token_urlsafe(18)
            connection.expect(req_id, incoming)
            try:
                await connection.send({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})
            except (WebSocketDisconnect, RuntimeError):
                return False
        self._platform.calls.count(cmd, 0)
        return True

    async def disconnect_all(self) -> None:
        """Cut every robot's connection, as a failing network would."""
        for connection in list(self._connected.values()):
            await _close(connection, 1011)

    async def _frame(self, connection: Connection, text: str) -> None:
        try:
            frame = parse_json(text)
            cmd, req_id = str(frame["cmd"]), str(frame["headers"]["req_id"])
            body = frame.get("body") or {}
        except (ValueError, KeyError, TypeError):
            await connection.send({"headers": {"req_id": ""}, **Refusal(40058, "not a frame").body()})
            return
        fault = self._platform.faults.take(cmd) or self._platform.faults.take("gateway")
        if fault and fault.outcome in ("drop", "disconnect"):
            await _close(connection, 1011)
            return
        if fault and fault.outcome == "html":
            await connection.socket.send_text("<html><body>502 Bad Gateway</body></html>")
            return
        if fault and fault.delay is not None:
            await asyncio.sleep(fault.delay)
        answer = await self._answer(connection, cmd, req_id, body, fault)
        self._platform.calls.count(cmd, answer["errcode"])
        if fault and fault.outcome == "timeout_after_accept":
            self._platform.spawn(_late(connection, req_id, answer))
        else:
            await connection.send({"headers": {"req_id": req_id}, **answer})

    async def _answer(
        self, connection: Connection, cmd: str, req_id: str, body: Any, fault: Fault | None
    ) -> dict[str, Any]:
        try:
            if fault and (refusal := fault.refusal()):
                raise refusal
            if not isinstance(body, dict):
                raise Refusal(40058, "body is not an object")
            if cmd == "aibot_subscribe":
                await self._subscribe(connection, body)
                return {"errcode": 0, "errmsg": "ok"}
            if cmd == "ping":
                return {"errcode": 0, "errmsg": "ok"}
            if connection.bot_id is None or self._connected.get(connection.bot_id) is not connection:
                raise Refusal(846609)
            result = self._commands.run(cmd, connection, req_id, body)
            return {"errcode": 0, "errmsg": "ok", **({"body": result} if result else {})}
        except Refusal as refusal:
            return refusal.body()

    async def _subscribe(self, connection: Connection, body: dict[str, Any]) -> None:
        robot = self._platform.world.robots.get(str(body.get("bot_id")))
        if robot is None:
            raise Refusal(93019)
        if not secrets.compare_digest(str(body.get("secret")).encode(), robot.secret.encode()):
            raise Refusal(853000)
        former = self._connected.get(robot.bot_id)
        connection.bot_id = robot.bot_id
        self._connected[robot.bot_id] = connection
        if former is not None and former is not connection:
            await self._kick(former, robot.bot_id)

    async def _kick(self, former: Connection, bot_id: str) -> None:
        body = {
            "msgid": secrets.token_hex(16),
            "create_time": self._platform.timestamp(),
            "aibotid": bot_id,
            "msgtype": "event",
            "event": {"eventtype": "disconnected_event"},
        }
        headers = {"req_id": secrets.token_urlsafe(18)}
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await former.send({"cmd": "aibot_event_callback", "headers": headers, "body": body})
        await _close(former, 1000)


async def _late(connection: Connection, req_id: str, answer: dict[str, Any]) -> None:
    """The acknowledgement that comes long after anybody waits for it."""
    await asyncio.sleep(SILENCE)
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await connection.send({"headers": {"req_id": req_id}, **answer})


async def _close(connection: Connection, code: int) -> None:
    if connection.socket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await connection.socket.close(code)
