"""From the platform's XML to the bot's own words, by wechatpy's message and event classes."""

from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

from wechatpy import parse_message

from bot.clock import CHINA
from bot.errors import RejectedCallback
from bot.messaging.types import OFFICIAL_ACCOUNT, Incoming

# wechatpy's name of a message or event → ours. What is in neither table is ignored.
KINDS = {
    "text": "text",
    "voice": "voice",
    "image": "image",
    "video": "video",
    "shortvideo": "video",
    "location": "location",
    "link": "link",
    "file": "file",
}
EVENTS = {
    "subscribe": "subscribe",
    "subscribe_scan": "subscribe",
    "scan": "scan",
    "unsubscribe": "unsubscribe",
    "click": "menu",
    "masssendjobfinish": "mass_finished",
    "templatesendjobfinish": "template_finished",
    "publishjobfinish": "publish_finished",
}


def parse(xml: bytes) -> Incoming | None:
    """The message, or None for one the bot has no use for; raises `RejectedCallback` for what is no message."""
    try:
        message = parse_message(xml.decode("utf-8"))
        held: dict[str, Any] = message._data
        account = held["FromUserName"]
        at = datetime.fromtimestamp(int(held["CreateTime"]), CHINA)
        kind = str(held["MsgType"]).lower()
        return _event(held, account, at) if kind == "event" else _message(held, kind, account, at)
    except (ExpatError, UnicodeDecodeError, KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise RejectedCallback("not a message") from None


def _message(held: dict[str, Any], kind: str, account: str, at: datetime) -> Incoming | None:
    ours = KINDS.get(kind)
    if ours is None:
        return None
    words = {"text": "Content", "voice": "Recognition", "location": "Label", "link": "Title"}.get(ours)
    text = (held.get(words) or "") if words else ""
    return Incoming(OFFICIAL_ACCOUNT, str(held["MsgId"]), account, at, kind=ours, text=text)


def _event(held: dict[str, Any], account: str, at: datetime) -> Incoming | None:
    name = str(held["Event"]).lower()
    ours = EVENTS.get(name)
    if ours is None:
        return None
    key = held.get("EventKey") or ""
    # Events have no id: the same sender, second, event and key are the same event.
    message_id = f"{account}:{held['CreateTime']}:{name}:{key}:{held.get('MsgID') or held.get('MsgId') or ''}"[:200]
    detail = {
        "msg_id": str(held.get("MsgID") or held.get("MsgId") or ""),
        "status": str(held.get("Status") or ""),
        "error_count": str(held.get("ErrorCount") or ""),
    }
    return Incoming(OFFICIAL_ACCOUNT, message_id, account, at, kind="event", event=ours, key=key, detail=detail)
