"""The official account as a channel: customer-service, mass and template messages, menu, and its check."""

from typing import Any

import httpx

from bot.channels.base import Check, Fetched, Outgoing, Pace
from bot.channels.official_account.client import ApiClient
from bot.channels.rendering import cut, plain_text, with_choices
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, Content, Media
from bot.settings import OfficialAccount

TEXT_LIMIT = 2048  # bytes of a customer-service or mass text
TEMPLATE_LIMIT = 60  # characters a field; longer ones are shown cut anyway
MENU = {
    "button": [
        {
            "name": "活动报备",
            "sub_button": [
                {"type": "click", "name": "开始报备", "key": "menu:file"},
                {"type": "click", "name": "网页填报", "key": "menu:form"},
                {"type": "click", "name": "我的报备", "key": "menu:mine"},
                {"type": "click", "name": "绑定单位", "key": "menu:bind"},
            ],
        },
        {
            "name": "通知公告",
            "sub_button": [
                {"type": "click", "name": "申报指南", "key": "menu:guide"},
                {"type": "click", "name": "最新通知", "key": "menu:notices"},
            ],
        },
        {"type": "click", "name": "帮助", "key": "menu:help"},
    ]
}


class OfficialAccountChannel:
    """Sends on behalf of one official account."""

    name = OFFICIAL_ACCOUNT
    state = "ready"

    def __init__(
        self, settings: OfficialAccount, *, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self.client = ApiClient(settings, transport, clock=clock)

    async def start(self) -> None:
        """Nothing stays open but the pool, which opens with the first call."""

    async def close(self) -> None:
        await self.client.close()

    async def send(self, outgoing: Outgoing) -> str | None:
        if outgoing.method == "mass":
            return await self._mass(outgoing)
        if outgoing.method == "template":
            return await self._template(outgoing)
        text = cut(with_choices(outgoing.content), TEXT_LIMIT, outgoing.content.link)
        await self.client.message.send_text(outgoing.recipient, text)
        return None

    async def fetch(self, media: Media) -> Fetched:
        return await self.client.download(media.source["media_id"])

    def pace(self, outgoing: Outgoing) -> Pace | None:
        return Pace("official_account:mass", 60) if outgoing.method == "mass" else None

    async def publish_menu(self) -> None:
        """Put the bot's menu under the account's chat."""
        await self.client.menu.create(MENU)

    async def check(self) -> list[Check]:
        try:
            await self.client.tokens.get()
        except PlatformError as fault:
            return [Check("公众号", False, str(fault))]
        found = [Check("公众号", True, "已取得访问令牌")]
        found.append(await self._check_menu())
        if self._settings.template_id:
            found.append(await self._check_template())
        found.append(
            Check(
                "公众号回调",
                True,
                "请确认公众平台「服务器配置」的地址是 <public_url>/callbacks/official-account，并选「安全模式」",
            )
        )
        return found

    async def _mass(self, outgoing: Outgoing) -> str:
        text = cut(plain_text(outgoing.content.text), TEXT_LIMIT, outgoing.content.link)
        whom: dict[str, Any] = (
            {"tag_or_users": list(outgoing.recipients)} if outgoing.recipients else {"is_to_all": True}
        )
        held = await self.client.message.send_mass_text(text, client_msg_id=outgoing.key, **whom)
        return str(held.get("msg_id", ""))

    async def _template(self, outgoing: Outgoing) -> str:
        held = await self.client.message.send_template(
            outgoing.recipient,
            self._settings.template_id,
            _fields(outgoing.content, self._clock),
            outgoing.content.link,
        )
        return str(held.get("msgid", ""))

    async def _check_menu(self) -> Check:
        try:
            await self.client.menu.get()
        except PlatformError as fault:
            if fault.code == 46003:
                return Check("公众号菜单", False, "还没有菜单，请运行 kepu-bot doctor --publish-menu")
            return Check("公众号菜单", False, str(fault))
        return Check("公众号菜单", True, "已发布")

    async def _check_template(self) -> Check:
        try:
            held: dict[str, Any] = await self.client.template.get_all_private_template()
        except PlatformError as fault:
            return Check("模板消息", False, str(fault))
        known = any(one["template_id"] == self._settings.template_id for one in held.get("template_list", []))
        advice = "「official_account.template_id」不在公众号的模板库里，请到公众平台「模板消息」核对"
        return Check("模板消息", known, "模板可用" if known else advice)


def _fields(content: Content, clock: Clock) -> dict[str, dict[str, str]]:
    """The usual four fields of a notice template."""
    lines = [line for line in plain_text(content.text).splitlines() if line.strip()]
    values = {
        "first": content.title or lines[0],
        "keyword1": " ".join(lines[1:] or lines)[:TEMPLATE_LIMIT],
        "keyword2": f"{clock.now():%Y-%m-%d %H:%M}",
        "remark": "请在公众号里回复任意内容，查看详情并继续办理。",
    }
    return {name: {"value": value} for name, value in values.items()}
