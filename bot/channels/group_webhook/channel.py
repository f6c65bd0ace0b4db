"""Pushes into groups through the webhooks of group robots."""

import json
from typing import Any

import httpx

from bot.channels.base import Check, Fetched, OneWay, Outgoing, Pace
from bot.channels.http import Http
from bot.channels.rendering import choices, cut, plain_text
from bot.errors import PlatformError
from bot.messaging.types import GROUP_WEBHOOK, Content, Media
from bot.settings import GroupWebhook

TEXT_LIMIT = 2048  # bytes
MARKDOWN_LIMIT = 4096
PER_MINUTE = 20


class GroupWebhookChannel:
    """All configured webhooks; a recipient is a webhook's name."""

    name = GROUP_WEBHOOK
    state = "ready"

    def __init__(self, webhooks: list[GroupWebhook], transport: httpx.AsyncBaseTransport | None = None) -> None:
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
        answer = await self._http.request("POST", url.get_secret_value(), json=_body(outgoing.content))
        code = _code_of(answer)
        if code is None:
            raise self._http.lost()
        if code:
            raise _refused(code, outgoing.recipient)
        return None

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


def _body(content: Content) -> dict[str, Any]:
    text = _text(content)
    if "@all" in content.mentions:  # only plain text can mention everybody
        shown = cut(text, TEXT_LIMIT, content.link)
        return {"msgtype": "text", "text": {"content": shown, "mentioned_list": ["@all"]}}
    return {"msgtype": "markdown", "markdown": {"content": cut(text, MARKDOWN_LIMIT, content.link)}}


def _text(content: Content) -> str:
    """The words. This robot hears nothing, so an answer is asked for where it would be heard."""
    text = plain_text(content.text)
    if content.card is None or not content.card.buttons:
        return text
    words = choices([button.text for button in content.card.buttons])
    return f"{text}\n请在项目工作群或公众号里{words}本群的回复机器人收不到。"


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
