"""Pushes into groups through the webhooks of group robots."""

import asyncio
import base64
import hashlib
import json
from typing import Any

import httpx

from bot.channels.base import Check, Fetched, OneWay, Outgoing, Pace, ReadFile
from bot.channels.group_webhook import rendering
from bot.channels.http import Http
from bot.documents.drawing import fitted
from bot.errors import PlatformError
from bot.messaging.types import GROUP_WEBHOOK, File, Media
from bot.settings import GroupWebhook

PER_MINUTE = 20
LARGEST_PICTURE = 2 * 1024 * 1024


class GroupWebhookChannel:
    """All configured webhooks; a recipient is a webhook's name."""

    name = GROUP_WEBHOOK
    state = "ready"

    def __init__(
        self, webhooks: list[GroupWebhook], read_file: ReadFile, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._read_file = read_file
        self._urls = {one.name: one.url for one in webhooks}
        self._http = Http("企业微信", transport)

    async def start(self) -> None:
        """Nothing stays open but the pool, which opens with the first push."""

    async def close(self) -> None:
        await self._http.close()

    async def send(self, outgoing: Outgoing) -> str | None:
        url = self._urls.get(outgoing.recipient)
        if url is None:
            raise PlatformError(f"没有名为“{outgoing.recipient}”的群机器人")
        file = outgoing.content.file
        body = rendering.body(outgoing.content) if file is None else await self._file(url.get_secret_value(), file)
        answer = await self._http.request("POST", url.get_secret_value(), json=body)
        code = _code_of(answer)
        if code is None:
            raise self._http.lost()
        if code:
            raise _refused(code, outgoing.recipient)
        return None

    async def _file(self, url: str, file: File) -> dict[str, Any]:
        """The message that shows a picture or file; a file is handed to the platform first."""
        try:
            content = await asyncio.to_thread(self._read_file, file.sha256)
        except FileNotFoundError:
            raise PlatformError(f"文件“{file.name}”已不在服务器上") from None
        if file.kind == "image":
            picture = await asyncio.to_thread(fitted, content, LARGEST_PICTURE)
            md5 = hashlib.md5(picture, usedforsecurity=False).hexdigest()
            return {"msgtype": "image", "image": {"base64": base64.b64encode(picture).decode(), "md5": md5}}
        address = url.replace("/webhook/send?", "/webhook/upload_media?") + "&type=file"
        try:
            answer = await self._http.request("POST", address, files={"media": (file.name, content)})
        except PlatformError as fault:  # nobody has seen anything yet: it may be done again
            raise PlatformError(str(fault), retry=fault.retry or fault.ambiguous) from None
        code = _code_of(answer)
        if code is None:
            raise PlatformError("企业微信没有收下文件，稍后再试", retry=True)
        if code:
            raise _refused(code, file.name)
        return {"msgtype": "file", "file": {"media_id": json.loads(answer.content)["media_id"]}}

    async def fetch(self, media: Media) -> Fetched:
        raise OneWay

    def pace(self, outgoing: Outgoing) -> Pace | None:
        return Pace(f"{GROUP_WEBHOOK}:{outgoing.recipient}", PER_MINUTE)

    async def check(self) -> list[Check]:
        """A webhook can only be tried by sending, and members would see that: only its form is looked at."""
        found = []
        for name, url in self._urls.items():
            good = "/cgi-bin/webhook/send?key=" in url.get_secret_value()
            advice = "地址不像群机器人的 Webhook，应含 /cgi-bin/webhook/send?key="
            found.append(Check(f"群机器人 {name}", good, "已配置（只有真正发送才能验证）" if good else advice))
        return found


def _code_of(answer: httpx.Response) -> int | None:
    """The platform's code; None for what is no answer of its own, such as a proxy's page."""
    try:
        return int(json.loads(answer.content)["errcode"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _refused(code: int, name: str) -> PlatformError:
    if code == 45009:
        return PlatformError("超过每分钟 20 条的上限，已排队稍后再发", code=code, retry=True, after=60.0)
    if code == -1:
        return PlatformError("企业微信繁忙", code=code, retry=True)
    if code == 93000:
        return PlatformError(f"群机器人“{name}”的地址无效，可能已被移出群，请重新复制 Webhook 地址", code=code)
    return PlatformError(f"企业微信拒绝了消息（错误码 {code}）", code=code)
