"""The official account as a channel: customer-service, mass and template messages, menu, and its check."""

from typing import Any

import httpx

from bot.channels.base import EVERY_FOLLOWER, Check, Fetched, Outgoing, Pace, ReadFile, Uploads
from bot.channels.official_account import rendering, templates
from bot.channels.official_account.articles import Articles
from bot.channels.official_account.client import ApiClient
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, Media
from bot.settings import OfficialAccount

FEWEST_OF_A_MASS = 2
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
        self,
        settings: OfficialAccount,
        read_file: ReadFile,
        uploads: Uploads,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self.client = ApiClient(settings, transport, clock=clock)
        self._articles = Articles(self.client, read_file, uploads)

    async def start(self) -> None:
        """Nothing stays open but the pool, which opens with the first call."""

    async def close(self) -> None:
        await self.client.close()

    async def send(self, outgoing: Outgoing) -> str | None:
        if outgoing.method == "mass":
            return await self._mass(outgoing)
        if outgoing.method == "template":
            return await self._template(outgoing)
        if outgoing.method == "subscription":
            await self._subscription(outgoing)
            return None
        if outgoing.method in ("preview", "publish", "delete", "unpublish"):
            return await self._article(outgoing)
        await self.client.message.send_text(outgoing.recipient, rendering.shown(outgoing.content, "custom"))
        return None

    async def fetch(self, media: Media) -> Fetched:
        return await self.client.download(media.source["media_id"])

    def pace(self, outgoing: Outgoing) -> Pace | None:
        return Pace("official_account:mass", 60) if outgoing.method == "mass" else None

    async def quota(self, path: str) -> tuple[int, int]:
        """What one call is granted today, and how much of it is used; raises `PlatformError` where it is not told."""
        try:
            held = await self.client.quota(path)
            return held["daily_limit"], held["used"]
        except (KeyError, TypeError, ValueError):
            raise PlatformError("公众平台没有给出接口额度") from None

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
        found += await templates.check(self.client, self._settings)
        found.append(await self._check_quota())
        found.append(
            Check(
                "公众号回调",
                True,
                "请确认公众平台「服务器配置」的地址是 <public_url>/callbacks/official-account，并选「安全模式」",
            )
        )
        return found

    async def _mass(self, outgoing: Outgoing) -> str:
        whom: dict[str, Any] = {"is_to_all": True}
        if outgoing.recipient != EVERY_FOLLOWER:
            if len(outgoing.recipients) < FEWEST_OF_A_MASS:  # nobody named would be everybody
                raise PlatformError("群发至少要有两个人，名单里其余的人已取消关注", unreachable=True)
            whom = {"tag_or_users": list(outgoing.recipients)}
        whom["client_msg_id"] = outgoing.key
        message, article = self.client.message, outgoing.content.article
        if article is None:
            held = await message.send_mass_text(rendering.shown(outgoing.content, "mass"), **whom)
        else:
            held = await self._articles.send(article, lambda draft: message.send_mass_article(draft, **whom))
        return str(held.get("msg_id", ""))

    async def _article(self, outgoing: Outgoing) -> str | None:
        """What is done with an article beside sending it to many."""
        article = outgoing.content.article
        if outgoing.method == "delete":
            await self.client.message.delete_mass(int(outgoing.recipient))
        elif outgoing.method == "unpublish":
            await self.client.freepublish.delete(outgoing.recipient)
        elif article is None:
            raise PlatformError("没有可以发布的图文")
        elif outgoing.method == "preview":
            await self._articles.preview(article, outgoing.recipient)
        else:
            held = await self._articles.send(article, self.client.freepublish.submit)
            return str(held.get("publish_id", ""))
        return None

    async def _template(self, outgoing: Outgoing) -> str:
        held = await self.client.message.send_template(
            outgoing.recipient,
            self._settings.template_id,
            templates.fields_of(self._settings.template_fields, outgoing.content, self._clock),
            outgoing.content.link,
        )
        return str(held.get("msgid", ""))

    async def _subscription(self, outgoing: Outgoing) -> None:
        """One of the consents that the follower gave goes with it."""
        fields = templates.fields_of(self._settings.subscription_fields, outgoing.content, self._clock)
        await self.client.message.send_subscribe_message(
            outgoing.recipient, self._settings.subscription_template_id, fields, page=outgoing.content.link or None
        )

    async def _check_quota(self) -> Check:
        """Well in any case: where the platform does not say, the bot counts for itself."""
        try:
            limit, used = await self.quota("message/custom/send")
        except PlatformError as fault:
            return Check("接口额度", True, f"平台不给查（{fault}），按本机发出的条数计算")
        return Check("接口额度", True, f"客服消息今天已用 {used} 次，共 {limit} 次")

    async def _check_menu(self) -> Check:
        try:
            await self.client.menu.get()
        except PlatformError as fault:
            if fault.code == 46003:
                return Check("公众号菜单", False, "还没有菜单，请运行 kepu-bot doctor --publish-menu")
            return Check("公众号菜单", False, str(fault))
        return Check("公众号菜单", True, "已发布")
