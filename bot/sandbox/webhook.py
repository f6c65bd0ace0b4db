"""The one-way group robot: messages into a group by a key."""

import base64
import binascii
import hashlib
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.bodies import parse_json
from bot.sandbox.cards import card_text, check_webhook_card, shown_card
from bot.sandbox.media import parts_of
from bot.sandbox.quotas import SlidingWindow
from bot.sandbox.refusals import Refusal, text_within
from bot.sandbox.robot_commands import MENTION
from bot.sandbox.state import Platform
from bot.sandbox.world import Webhook

TEXT_LIMIT = 2048  # bytes
MARKDOWN_LIMIT = 4096  # bytes
PICTURE_LIMIT = 2 * 1024 * 1024  # bytes before base64
FILE_LIMITS = {"file": 20 * 1024 * 1024, "voice": 2 * 1024 * 1024}
SMALLEST_FILE = 5  # bytes
ARTICLES = 8


class WebhookApi:
    """``/cgi-bin/webhook/send`` and ``/cgi-bin/webhook/upload_media``."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._a_minute = SlidingWindow(20, 60)
        platform.gauges["webhook_last_minute"] = self._counts

    async def handle(self, request: Request) -> Response:
        """Serve one call."""
        name = f"webhook/{request.path_params['call']}"
        raw = await request.body()
        try:
            answer = self._answer(request, name, raw)
        except Refusal as refusal:
            answer = refusal.body()
        self._platform.calls.count(name, answer["errcode"])
        return JSONResponse(answer)

    def _answer(self, request: Request, name: str, raw: bytes) -> dict[str, Any]:
        scripted: Refusal | None = request.scope.get("sandbox.refusal")
        if scripted:
            raise scripted
        hook = self._platform.world.webhooks.get(request.query_params.get("key", ""))
        if hook is None:
            address = request.client.host if request.client else ""
            hint = f"hint: [{secrets.randbelow(10**24)}], from ip: {address}"
            raise Refusal(93000, hint)
        if request.method != "POST":
            raise Refusal(43002)
        if name == "webhook/upload_media":
            return self._upload(request, raw)
        if name != "webhook/send":
            raise Refusal(40066, "invalid url")
        return self._send(hook, raw)

    def _send(self, hook: Webhook, raw: bytes) -> dict[str, Any]:
        try:
            body = parse_json(raw)
        except ValueError as error:
            raise Refusal(47001) from error
        kind = body.get("msgtype") if isinstance(body, dict) else None
        if kind not in KINDS:
            raise Refusal(40008, str(kind))
        part = body.get(kind)
        if not isinstance(part, dict):
            raise Refusal(40058, f"{kind} missing")
        shown = self._shown(kind, part)
        moment = self._platform.clock.now().timestamp()
        if self._a_minute.full(hook.key, moment):
            raise Refusal(45009, "api freq out of limit")
        self._a_minute.count(hook.key, moment)
        words = shown.pop("kind"), shown.pop("text")
        chat, sender = f"group:{hook.chat_id}", f"webhook:{hook.name}"
        self._platform.messages.add(chat, sender, hook.name, *words, "webhook", **shown)
        return {"errcode": 0, "errmsg": "ok"}

    def _shown(self, kind: str, part: dict[str, Any]) -> dict[str, Any]:
        if kind == "text":
            text = text_within(part.get("content"), TEXT_LIMIT)
            return {"kind": "text", "text": text, "mentions": self._mentioned(part)}
        if kind in ("markdown", "markdown_v2"):
            text = text_within(part.get("content"), MARKDOWN_LIMIT)
            # Version 2 dropped mentions; only the first has them.
            return {"kind": "markdown", "text": text, "mentions": MENTION.findall(text) if kind == "markdown" else []}
        if kind == "image":
            return {"kind": "image", "text": "", "media": self._picture(part)}
        if kind == "news":
            return {"kind": "news", "text": "", "articles": _articles(part)}
        if kind == "template_card":
            card = check_webhook_card(part)
            return {"kind": "card", "text": card_text(card), "card": shown_card(card)}
        file = self._platform.media.get(part.get("media_id"), kind)
        media = {"media_id": file.media_id, "filename": file.name, "url": f"/_media/{file.media_id}"}
        return {"kind": "file", "text": file.name, "media": media}

    def _mentioned(self, part: dict[str, Any]) -> list[str]:
        phones = set(part.get("mentioned_mobile_list") or [])
        users = self._platform.world.users.values() if phones else ()
        by_phone = [user.userid for user in users if user.mobile in phones]
        everybody = ["@all"] if "@all" in phones else []
        return list(dict.fromkeys([*(part.get("mentioned_list") or []), *by_phone, *everybody]))

    def _picture(self, part: dict[str, Any]) -> dict[str, Any]:
        try:
            content = base64.b64decode(str(part.get("base64", "")), validate=True)
        except binascii.Error as error:
            raise Refusal(40058, "base64") from error
        if not content or len(content) > PICTURE_LIMIT:
            raise Refusal(40009)
        if not content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            raise Refusal(40005)
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != str(part.get("md5", "")).lower():
            raise Refusal(301019)
        file = self._platform.media.keep("image", "", content)
        return {"media_id": file.media_id, "filename": "", "url": f"/_media/{file.media_id}"}

    def _upload(self, request: Request, raw: bytes) -> dict[str, Any]:
        kind = request.query_params.get("type", "")
        if kind not in FILE_LIMITS:
            raise Refusal(40004)
        parts = parts_of(request.headers.get("content-type", ""), raw)
        if "media" not in parts:
            raise Refusal(41005)
        name, content = parts["media"]
        if len(content) <= SMALLEST_FILE:
            raise Refusal(40006)
        if len(content) > FILE_LIMITS[kind]:
            raise Refusal(45001)
        file = self._platform.media.keep(kind, name, content)
        created = {"media_id": file.media_id, "created_at": str(file.created)}
        return {"errcode": 0, "errmsg": "ok", "type": kind, **created}

    def _counts(self) -> dict[str, int]:
        moment = self._platform.clock.now().timestamp()
        return {hook.name: self._a_minute.used(hook.key, moment) for hook in self._platform.world.webhooks.values()}


KINDS = {"text", "markdown", "markdown_v2", "image", "news", "file", "voice", "template_card"}


def _articles(part: dict[str, Any]) -> list[dict[str, Any]]:
    rows = part.get("articles")
    if not isinstance(rows, list) or not rows:
        raise Refusal(44003)
    if len(rows) > ARTICLES:
        raise Refusal(45008)
    for row in rows:
        if not row.get("title"):
            raise Refusal(41016)
        if not row.get("url"):
            raise Refusal(40058, "url missing")
    return [{name: str(row.get(name) or "") for name in ("title", "description", "url", "picurl")} for row in rows]
