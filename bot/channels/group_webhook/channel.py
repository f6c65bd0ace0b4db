"""Pushes into groups through the webhooks of group robots."""

from typing import Any

import httpx

from bot.channels.base import Check, Fetched, OneWay, Outgoing, Pace
from bot.channels.rendering import cut, with_choices
from bot.errors import PlatformError
from bot.messaging.types import GROUP_WEBHOOK, Content, Media
from bot.settings import GroupWebhook

TEXT_LIMIT = 2048  # bytes
MARKDOWN_LIMIT = 4096
PER_MINUTE = 20
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class GroupWebhookChannel:
    """All configured webhooks; a recipient is a webhook's name."""

    name = GROUP_WEBHOOK
    state = "ready"

    def __init__(self, webhooks: list[GroupWebhook], transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._urls = {one.name: one.url for one in webhooks}
        self._transport = transport
        self._http: httpx.AsyncClient | None = None

    async def start(self) -> None:
        self._http = httpx.AsyncClient(timeout=TIMEOUT, transport=self._transport)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def send(self, outgoing: Outgoing) -> str | None:
        url = self._urls.get(outgoing.recipient)
        if url is None or self._http is None:
            raise PlatformError(f"没有名为“{outgoing.recipient}”的群机器人")
        # `from None`: httpx's errors carry the URL, and the URL carries the key.
        try:
            answer = await self._http.post(url.get_secret_value(), json=_body(outgoing.content))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise PlatformError("连不上企业微信，请检查网络", retry=True) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise PlatformError("发出后没有得到企业微信的答复", ambiguous=True) from None
        _judge(answer, outgoing.recipient)
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
    text = with_choices(content)
    if "@all" in content.mentions:  # only plain text can mention everybody
        shown = cut(text, TEXT_LIMIT, content.link)
        return {"msgtype": "text", "text": {"content": shown, "mentioned_list": ["@all"]}}
    return {"msgtype": "markdown", "markdown": {"content": cut(text, MARKDOWN_LIMIT, content.link)}}


def _judge(answer: httpx.Response, name: str) -> None:
    try:
        code = int(answer.json().get("errcode", -2))
    except (ValueError, AttributeError):
        raise PlatformError("发出后没有得到企业微信的答复", ambiguous=True) from None
    if code == 0:
        return
    if code == 45009:
        raise PlatformError("超过每分钟 20 条的上限，已排队稍后再发", code=code, retry=True, after=60.0)
    if code == -1:
        raise PlatformError("企业微信繁忙", code=code, retry=True)
    if code == 93000:
        raise PlatformError(f"群机器人“{name}”的地址无效，可能已被移出群，请重新复制 Webhook 地址", code=code)
    raise PlatformError(f"企业微信拒绝了消息（错误码 {code}）", code=code)
