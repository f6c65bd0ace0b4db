"""What WeChat users do with the official account: follow, write, press the menu, leave."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.customer_service import Openings
from bot.sandbox.messages import Message
from bot.sandbox.official_callbacks import Callbacks, Outcome
from bot.sandbox.state import Platform
from bot.sandbox.work_chats import Unknown
from bot.sandbox.world import Follower

Deliver = Callable[[], Awaitable[Outcome]]


class OfficialChats:
    """Plays the followers towards the bot; each act gives the message and the callback still to deliver."""

    def __init__(self, platform: Platform, callbacks: Callbacks, openings: Openings) -> None:
        self._platform = platform
        self._callbacks = callbacks
        self._openings = openings

    def say(self, openid: str, row: dict[str, Any], base_url: str) -> tuple[Message, Deliver]:
        """A follower writes; also sends a picture or video (``media``), speaks (``voice``) or shows a place (``location``)."""
        follower = self._following(openid)
        text = str(row.get("text", ""))
        self._openings.open(openid, "message")
        if row.get("media"):
            return self._send_file(follower, row["media"], base_url)
        if row.get("voice"):
            fields = {"MediaId": "voice", "Format": "amr", "Recognition": str(row["voice"])}
            message = self._add(follower, "text", f"[语音] {row['voice']}")
            return message, lambda: self._callbacks.message(openid, "voice", **fields)
        if row.get("location"):
            place = row["location"]
            point = {
                "Location_X": float(place["latitude"]),
                "Location_Y": float(place["longitude"]),
                "Scale": 15,
                "Label": str(place.get("label", "")),
            }
            message = self._add(follower, "text", f"[位置] {place.get('label', '')}")
            return message, lambda: self._callbacks.message(openid, "location", **point)
        extra = {"bizmsgmenuid": str(row["menu_id"])} if row.get("menu_id") else {}
        return self._add(follower, "text", text), lambda: self._callbacks.message(openid, "text", Content=text, **extra)

    def follow(self, openid: str, scene: str | None, name: str | None) -> tuple[Message, Deliver]:
        """A WeChat user follows, or scans a code (``scene``) which a follower may do again."""
        followers = self._platform.world.official_account.followers
        follower = followers.get(openid)
        already = follower is not None and follower.following
        if follower is None:
            follower = followers[openid] = Follower(openid, name or openid)
        follower.following = True
        fields = {"Ticket": f"ticket-{scene}"} if scene else {}
        if already and scene:
            self._openings.open(openid, "scan")
            message = self._platform.messages.system(f"official:{openid}", f"{follower.name} 扫描了二维码")
            return message, lambda: self._callbacks.event(openid, "SCAN", EventKey=scene, **fields)
        if already:
            raise Unknown(f"{openid} follows already")
        follower.followed_at = self._platform.timestamp()
        self._openings.open(openid, "follow")
        message = self._platform.messages.system(f"official:{openid}", f"{follower.name} 关注了公众号")
        key = f"qrscene_{scene}" if scene else ""
        return message, lambda: self._callbacks.event(openid, "subscribe", EventKey=key, **fields)

    def unfollow(self, openid: str) -> tuple[Message, Deliver]:
        """A follower leaves."""
        follower = self._following(openid)
        follower.following = False
        follower.tags.clear()
        self._openings.close(openid)
        message = self._platform.messages.system(f"official:{openid}", f"{follower.name} 取消了关注")
        return message, lambda: self._callbacks.report(openid, "unsubscribe", EventKey="")

    def press_menu(self, openid: str, key: str, menu: dict[str, Any] | None) -> tuple[Message, Deliver]:
        """A follower presses an item of the menu: a click goes to the bot, a link too, as VIEW."""
        follower = self._following(openid)
        for button in _leaves((menu or {}).get("button", [])):
            if key in (button.get("key"), button.get("url")):
                message = self._platform.messages.system(
                    f"official:{openid}", f"{follower.name} 点击了菜单「{button['name']}」"
                )
                if button.get("type") == "view":
                    return message, lambda: self._callbacks.report(openid, "VIEW", EventKey=key)
                self._openings.open(openid, "menu")
                return message, lambda: self._callbacks.event(openid, "CLICK", EventKey=key)
        raise Unknown(f"the menu has no item {key!r}")

    def answer_subscription(self, openid: str, template_id: str, accept: bool) -> tuple[Message, Deliver]:
        """A follower agrees to one notice (or refuses it) in the window that an article opens."""
        follower, title = self._following(openid), self._subscription(template_id)
        if accept:
            self._platform.consents[(openid, template_id)] += 1
        status, words = ("accept", "订阅了") if accept else ("reject", "没有订阅")
        item = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": 2}
        message = self._platform.messages.system(f"official:{openid}", f"{follower.name} {words}「{title}」")
        return message, lambda: self._callbacks.report(
            openid, "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": item}
        )

    def end_subscription(self, openid: str, template_id: str) -> tuple[Message, Deliver]:
        """A follower takes the consents back in the phone's settings; only that is reported, never the contrary."""
        follower, title = self._following(openid), self._subscription(template_id)
        self._platform.consents[(openid, template_id)] = 0
        item = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
        message = self._platform.messages.system(f"official:{openid}", f"{follower.name} 拒收「{title}」")
        return message, lambda: self._callbacks.report(
            openid, "subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": item}
        )

    def _subscription(self, template_id: str) -> str:
        """The title of a template for subscription notices."""
        template = self._platform.world.official_account.templates.get(template_id)
        if template is None or template.kind != "subscription":
            raise Unknown(f"no template {template_id} for subscription notices")
        return template.title

    def _send_file(self, follower: Follower, row: dict[str, Any], base_url: str) -> tuple[Message, Deliver]:
        kind = str(row.get("type", "image"))
        if kind not in ("image", "video"):
            raise Unknown("a follower sends pictures and videos; of a file the platform tells nothing that fetches it")
        try:
            content = base64.b64decode(str(row.get("base64", "")), validate=True)
        except binascii.Error as error:
            raise Unknown("media.base64 is not base64") from error
        file = self._platform.media.keep(kind, str(row.get("filename", "")), content)
        url = f"{base_url}_media/{file.media_id}"
        media = {"media_id": file.media_id, "filename": file.name, "url": f"/_media/{file.media_id}"}
        message = self._add(follower, "image" if kind == "image" else "file", "", media=media)
        fields = {"MediaId": file.media_id, **({"PicUrl": url} if kind == "image" else {"ThumbMediaId": "thumb"})}
        return message, lambda: self._callbacks.message(follower.openid, kind, **fields)

    def _following(self, openid: str) -> Follower:
        follower = self._platform.world.official_account.followers.get(openid)
        if follower is None or not follower.following:
            raise Unknown(f"{openid} does not follow")
        return follower

    def _add(self, follower: Follower, kind: str, text: str, **more: Any) -> Message:
        openid = follower.openid
        return self._platform.messages.add(f"official:{openid}", openid, follower.name, kind, text, "user", **more)


def _leaves(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [leaf for button in buttons for leaf in (button.get("sub_button") or [button])]
