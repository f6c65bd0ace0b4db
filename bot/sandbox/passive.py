"""The bot's passive reply: decrypt, check, show to the follower."""

from typing import Any

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException

from bot.sandbox.messages import Message
from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform

TEXT_LIMIT = 2048  # bytes


class InvalidReply(Exception):
    """The bot answered with something that the platform does not understand."""


class PassiveReply:
    """Turns the body of the bot's answer into a message in the follower's chat."""

    def __init__(self, platform: Platform, crypto: WeChatCrypto) -> None:
        self._platform = platform
        self._crypto = crypto

    def show(self, openid: str, body: bytes) -> Message | None:
        """None for no reply (empty or "success"); raises InvalidReply for nonsense."""
        if body.strip() in (b"", b"success"):
            return None
        try:
            reply = self._opened(body)
            return self._shown(openid, reply)
        except InvalidReply:
            raise
        except Refusal as refusal:
            raise InvalidReply(str(refusal)) from refusal
        except (WeChatException, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise InvalidReply(type(error).__name__) from error
        except xmltodict.expat.ExpatError as error:
            raise InvalidReply("not XML") from error

    def _opened(self, body: bytes) -> dict[str, Any]:
        sealed = xmltodict.parse(body)["xml"]
        if "Encrypt" not in sealed:
            raise InvalidReply("a plain reply in safe mode")
        xml = self._crypto.decrypt_message(sealed, sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"])
        opened: dict[str, Any] = xmltodict.parse(xml)["xml"]
        return opened

    def _shown(self, openid: str, reply: dict[str, Any]) -> Message | None:
        account = self._platform.world.official_account
        if reply["ToUserName"] != openid or reply["FromUserName"] != account.original_id:
            raise InvalidReply("wrong sender or receiver")
        int(reply["CreateTime"])
        kind = reply["MsgType"]
        text, articles, media = "", [], None
        if kind == "text":
            text = reply["Content"] or ""
            if not text or len(text.encode()) > TEXT_LIMIT:
                raise InvalidReply("empty or too long")
        elif kind == "news":
            articles = _articles(reply)
        elif kind in ("image", "voice", "video"):
            part = reply[kind.title()]
            file = self._platform.media.get(part["MediaId"])
            text = part.get("Title") or ""
            media = {"media_id": file.media_id, "filename": file.name, "url": f"/_media/{file.media_id}"}
        elif kind == "music":
            text = reply["Music"].get("Title") or "音乐"
        elif kind == "transfer_customer_service":
            return None
        else:
            raise InvalidReply(f"unknown type {kind}")
        shown_as = {"voice": "file", "video": "file", "music": "text"}.get(kind, kind)
        return self._platform.messages.add(
            f"official:{openid}", "bot", account.name, shown_as, text, "passive", articles=articles, media=media
        )


def _articles(reply: dict[str, Any]) -> list[dict[str, Any]]:
    items = reply["Articles"]["item"]
    rows = items if isinstance(items, list) else [items]
    if int(reply["ArticleCount"]) != len(rows) or not 1 <= len(rows) <= 8:
        raise InvalidReply("article count")
    return [
        {
            "title": row.get("Title") or "",
            "description": row.get("Description") or "",
            "url": row.get("Url") or "",
            "picurl": row.get("PicUrl") or "",
        }
        for row in rows
    ]
