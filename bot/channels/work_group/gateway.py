"""The long connection: what members write comes in, answers and pushes go out. One connection a robot."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from wecom_aibot_sdk import WSClient
from wecom_aibot_sdk.crypto import decrypt_file

from bot.channels.base import Check, Fetched, Outgoing, Pace, ReadFile
from bot.channels.downloads import Downloads
from bot.channels.work_group import faults, rendering
from bot.channels.work_group.parsing import parse_event, parse_message
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messaging.types import WORK_GROUP, Content, File, Incoming, Media
from bot.settings import WorkGroup

log = structlog.get_logger()

PER_MINUTE = 30  # pushes into one chat
RECEIVE_ATTEMPTS = 3
RECEIVE_PAUSE = 0.5
ANSWER_LATE = 30.0  # how long an answer waits for the connection to come back
WATCH_SECONDS = 3.0
CONNECT_WITHIN = 10.0
LOGIN_WITHIN = 20.0  # from an open socket to the platform's yes
UNLIMITED = -1
# A longer frame closes the connection, for everybody. The platform's own limit is far lower; megabytes of text that
# come all the same get the answer that they are too long.
LONGEST_FRAME = 16 * 1024 * 1024
MISSHAPEN = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    OSError,
)  # what parsing makes of no message

Receive = Callable[[Incoming], Awaitable[Content | None]]


class _QuietLogger:
    """The SDK logs whole messages; only its warnings pass, and those without what was said."""

    def debug(self, message: str, *args: Any) -> None:
        """Bodies of messages: never logged."""

    def info(self, message: str, *args: Any) -> None:
        """Of no use to an operator."""

    def warn(self, message: str, *args: Any) -> None:
        log.warning("gateway", about=message.split(":")[0][:60])

    def error(self, message: str, *args: Any) -> None:
        log.error("gateway", about=message.split(":")[0][:60])


class WorkGroupChannel:
    """The robot. ``state``: starting · connected · disconnected · kicked (another connection took its place) · standby."""

    name = WORK_GROUP

    def __init__(self, settings: WorkGroup, receive: Receive, read_file: ReadFile, *, clock: Clock) -> None:
        self._settings = settings
        self._receive = receive
        self._read_file = read_file
        self._clock = clock
        self.state = "starting"
        self.refusal = ""  # why the platform did not let us in, for the doctor
        self.seen_chats: set[str] = set()
        self._client: WSClient | None = None
        self._watching: asyncio.Task[None] | None = None
        self._last: dict[str, asyncio.Task[None]] = {}  # the newest message of each account, so that order is kept
        self._judged = asyncio.Event()  # the platform has let us in, or said why not
        self._downloads = Downloads("企业微信", settings.gateway_url)

    async def start(self) -> None:
        """Connect in the background: the rest of the bot does not wait for an outside line."""
        self.state = "starting"
        self._watching = asyncio.create_task(self._keep_connected())

    async def stand_down(self) -> None:
        """Leave the connection to another process, until the next `start`."""
        await self._end()
        self.state = "standby"

    async def close(self) -> None:
        await self._end()
        await self._downloads.close()

    async def _end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await asyncio.gather(*self._last.values(), return_exceptions=True)
        await self._drop()

    async def send(self, outgoing: Outgoing) -> str | None:
        client = self._client
        if client is None or self.state != "connected" or not client.is_connected:
            raise faults.not_connected()
        file = outgoing.content.file
        body = rendering.push(outgoing.content) if file is None else await self._uploaded(client, file)
        try:
            await client.send_message(outgoing.recipient, body)
        except Exception as fault:
            raise faults.classify(fault) from None
        return None

    async def _uploaded(self, client: WSClient, file: File) -> dict[str, Any]:
        """Hand a file to the platform; gives the body of the message that shows it."""
        try:
            content = await asyncio.to_thread(self._read_file, file.sha256)
        except FileNotFoundError:
            raise PlatformError(f"文件“{file.name}”已不在服务器上") from None
        try:
            held = await client.upload_media(content, type=file.kind, filename=file.name)
        except Exception as fault:
            told = faults.classify(fault)
            # Nobody has seen anything yet: it may be done again.
            raise PlatformError(str(told), code=told.code, retry=told.retry or told.ambiguous) from None
        return {"msgtype": file.kind, file.kind: {"media_id": held["media_id"]}}

    async def fetch(self, media: Media) -> Fetched:
        locked = await self._downloads.get(media.source["url"])
        try:
            opened: bytes = await asyncio.to_thread(decrypt_file, locked.content, media.source["aeskey"])
        except ValueError:
            raise PlatformError("文件解密失败") from None
        return Fetched(opened, locked.name)

    def pace(self, outgoing: Outgoing) -> Pace | None:
        return Pace(f"{WORK_GROUP}:{outgoing.recipient}", PER_MINUTE)

    async def check(self) -> list[Check]:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_WITHIN):
                await self._judged.wait()
        if self.state != "connected":
            advice = self.refusal or "长连接没有接通，请检查网络和「work_group.gateway_url」"
            return [Check("企业微信机器人", False, advice)]
        names = "、".join(group.name for group in self._settings.groups)
        advice = "还没有配置群：在群里 @机器人 说一句话，日志里会出现该群的 chat_id，填到 [[work_group.groups]]"
        return [
            Check("企业微信机器人", True, "长连接已接通"),
            Check("项目工作群", bool(names), names or advice),
        ]

    async def _keep_connected(self) -> None:
        """Connect, and connect again whenever the SDK has given up; but never after we were kicked out.

        The SDK reconnects by itself after most losses. It does not when the server closes in an orderly way, of which
        it does not even tell, and it waits for the answer to a login as long as the socket stays open.
        """
        waited = 0.0
        while self.state != "kicked":
            if self._client is None:
                self._client = self._make_client()
                try:
                    await self._client.connect()
                except Exception as fault:
                    log.warning("gateway_connect_failed", fault=type(fault).__name__)
            await asyncio.sleep(WATCH_SECONDS)
            logging_in = self.state != "connected" and self._client.is_connected
            waited = waited + WATCH_SECONDS if logging_in else 0.0
            if self.state != "kicked" and (waited > LOGIN_WITHIN or not _at_it(self._client)):
                self._disconnected("")
                await self._drop()
        log.error("gateway_kicked", advice="another connection of this robot took over; stop it and restart")

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.disconnect()

    def _make_client(self) -> WSClient:
        client = WSClient(
            self._settings.bot_id,
            self._settings.secret.get_secret_value(),
            ws_url=self._settings.gateway_url,
            logger=_QuietLogger(),
            max_reconnect_attempts=UNLIMITED,
            max_auth_failure_attempts=UNLIMITED,
            ws_options={"max_size": LONGEST_FRAME},
        )
        client.on("authenticated", self._connected)
        client.on("disconnected", self._disconnected)
        client.on("error", self._failed)
        client.on("event.disconnected_event", lambda _frame: self._kicked())
        client.on("message", self._message)
        client.on("event", self._event)
        return client

    def _connected(self) -> None:
        self.state, self.refusal = "connected", ""
        self._judged.set()
        log.info("gateway_connected")

    def _disconnected(self, _reason: str) -> None:
        self._judged.clear()
        if self.state != "kicked":
            self.state = "disconnected"

    def _failed(self, fault: Exception) -> None:
        if "Authentication failed" in str(fault):
            self.refusal = "机器人的 Bot ID 或 Secret 不对，请核对「work_group.bot_id」「work_group.secret」"
            self._judged.set()

    def _kicked(self) -> None:
        self.state = "kicked"
        self._judged.clear()

    def _message(self, frame: dict[str, Any]) -> None:
        try:
            message = parse_message(frame, self._clock)
        except MISSHAPEN:
            log.warning("gateway_frame_ignored")
            return
        if message.chat and message.chat not in self.seen_chats:
            self.seen_chats.add(message.chat)
            log.info("group_seen", chat_id=message.chat)
        self._queue(frame, message)

    def _event(self, frame: dict[str, Any]) -> None:
        try:
            message = parse_event(frame, self._clock)
        except MISSHAPEN:
            log.warning("gateway_frame_ignored")
            return
        if message is not None:
            self._queue(frame, message)

    def _queue(self, frame: dict[str, Any], message: Incoming) -> None:
        """Handle it in a task of its own, after the account's message before it."""
        before = self._last.get(message.account)
        task = asyncio.create_task(self._handle(frame, message, before))
        self._last[message.account] = task
        task.add_done_callback(lambda done: self._forget(message.account, done))

    def _forget(self, account: str, done: "asyncio.Task[None]") -> None:
        if self._last.get(account) is done:
            del self._last[account]

    async def _handle(self, frame: dict[str, Any], message: Incoming, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait({before})
        content = await self._take(message)
        if content is None:
            return
        try:
            await self._answer(frame, message, content)
        except Exception as fault:
            told = faults.classify(fault)
            log.warning("answer_not_sent", kind=message.kind, fault=str(told))
            if not told.ambiguous:  # nobody has seen it: the connection it belonged to is gone, or its time is over
                await self._push_answer(message, content)

    async def _push_answer(self, message: Incoming, content: Content) -> None:
        """Say it all the same, once there is a connection; the person waits for it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_LATE):
                await self._judged.wait()
        try:
            await self.send(Outgoing(message.chat or message.account, content))
        except PlatformError as fault:
            log.warning("answer_not_pushed", kind=message.kind, fault=str(fault))

    async def _take(self, message: Incoming) -> Content | None:
        """Hand the message to the inbox; the platform does not repeat it, so a passing fault is tried again here."""
        for attempt in range(1, RECEIVE_ATTEMPTS + 1):
            try:
                return await self._receive(message)
            except Exception as fault:
                log.error("receive_failed", attempt=attempt, fault=type(fault).__name__)
                await asyncio.sleep(RECEIVE_PAUSE * attempt)
        return Content("抱歉，系统暂时无法保存您的消息，请过几分钟再发一次。")

    async def _answer(self, frame: dict[str, Any], message: Incoming, content: Content) -> None:
        client = self._client
        if client is None:
            return
        if message.kind == "click" and content.update_card and content.card is not None:
            card = rendering.template_card(content.card)
            await client.update_template_card(frame, card, list(content.update_for) or None)
        elif message.kind == "click":
            await client.send_message(message.chat or message.account, rendering.push(content))
        elif message.event == "enter_chat":
            await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": content.text}})
        else:
            await client.reply(frame, rendering.answer(content, f"answer-{message.message_id}"))


def _at_it(client: WSClient) -> bool:
    """Whether the SDK has a connection or is making one."""
    task = client._ws_manager._reconnect_task
    return client.is_connected or (task is not None and not task.done())
