"""Calls about the account itself: tokens, the menu, parametric codes, addresses."""

import secrets
from typing import Any

from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform

BUTTON_KINDS = {
    "click", "view", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
    "location_select", "media_id", "article_id", "article_view_limited", "view_limited", "miniprogram",
}  # fmt: skip
KEYED = {
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"
}  # fmt: skip
THIRTY_DAYS = 30 * 86400


class AccountCalls:
    """Tokens, menu, QR codes."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def endpoints(self) -> dict[str, Endpoint]:
        """The calls of this file."""
        return {
            "stable_token": Endpoint("POST", self._stable_token, 500_000, needs_token=False),
            "token": Endpoint("GET", self._old_token, 2_000, needs_token=False),
            "getcallbackip": Endpoint("GET", self._addresses),
            "get_api_domain_ip": Endpoint("GET", self._addresses),
            "menu/create": Endpoint("POST", self._create_menu, 1_000),
            "menu/get": Endpoint("GET", self._get_menu, 10_000),
            "menu/delete": Endpoint("GET", self._delete_menu, 1_000),
            "qrcode/create": Endpoint("POST", self._create_code, 100_000),
        }

    def _stable_token(self, call: Call) -> Answer:
        self._check_credentials(call.body)
        value, seconds = self._platform.tokens.stable(call.body.get("force_refresh") is True)
        return {"access_token": value, "expires_in": seconds}

    def _old_token(self, call: Call) -> Answer:
        self._check_credentials(dict(call.query))
        value, seconds = self._platform.tokens.fresh()
        return {"access_token": value, "expires_in": seconds}

    def _check_credentials(self, fields: dict[str, Any]) -> None:
        account = self._platform.world.official_account
        if fields.get("grant_type") != "client_credential":
            raise Refusal(40002)
        if not fields.get("appid"):
            raise Refusal(41002)
        if not fields.get("secret"):
            raise Refusal(41004)
        if fields["appid"] != account.app_id:
            raise Refusal(40013)
        if not secrets.compare_digest(str(fields["secret"]).encode(), account.app_secret.encode()):
            raise Refusal(40125)

    def _addresses(self, call: Call) -> Answer:
        del call
        return {"ip_list": ["127.0.0.1"]}

    def _create_menu(self, call: Call) -> Answer:
        buttons = call.body.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise Refusal(40016)
        for button in buttons:
            _check_name(button, 16, 40018)
            below = button.get("sub_button") or []
            if len(below) > 5:
                raise Refusal(40023)
            for item in below:
                _check_name(item, 60, 40025)
                _check_leaf(item, 40024)
            if not below:
                _check_leaf(button, 40017)
        self._platform.menu = {"button": buttons}
        return OK

    def _get_menu(self, call: Call) -> Answer:
        del call
        if self._platform.menu is None:
            raise Refusal(46003)
        return {"menu": self._platform.menu}

    def _delete_menu(self, call: Call) -> Answer:
        del call
        self._platform.menu = None
        return OK

    def _create_code(self, call: Call) -> Answer:
        action = call.text("action_name")
        scene = (call.part("action_info").get("scene")) or {}
        if action in ("QR_SCENE", "QR_LIMIT_SCENE"):
            most = 100_000 if action == "QR_LIMIT_SCENE" else 2**32 - 1
            if not isinstance(scene.get("scene_id"), int) or not 1 <= scene["scene_id"] <= most:
                raise Refusal(40053, "invalid action info")
        elif action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
            if not isinstance(scene.get("scene_str"), str) or not 1 <= len(scene["scene_str"]) <= 64:
                raise Refusal(40053, "invalid action info")
        else:
            raise Refusal(40052, "invalid action name")
        value = scene.get("scene_str", scene.get("scene_id"))
        answer = {"ticket": f"ticket-{value}", "url": f"{call.base_url}?scan={value}"}
        if "LIMIT" in action:
            return answer
        return {**answer, "expire_seconds": min(int(call.body.get("expire_seconds", 60)), THIRTY_DAYS)}


def _check_name(button: Any, limit: int, code: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not 0 < len(name.encode()) <= limit:
        raise Refusal(code)


def _check_leaf(button: dict[str, Any], wrong_kind: int) -> None:
    kind = button.get("type")
    if kind not in BUTTON_KINDS:
        raise Refusal(wrong_kind)
    if kind in KEYED and not 0 < len(str(button.get("key", "")).encode()) <= 128:
        raise Refusal(40019)
    if kind in ("view", "miniprogram") and not 0 < len(str(button.get("url", "")).encode()) <= 1024:
        raise Refusal(40020)
