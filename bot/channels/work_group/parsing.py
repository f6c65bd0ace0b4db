"""From the gateway's frames to the bot's own words."""

import re
from datetime import datetime
from typing import Any

from bot.clock import CHINA, Clock
from bot.messaging.types import WORK_GROUP, Incoming, Media

MENTION = re.compile(r"^\s*@\S{1,30}[\s ]+|^\s*@\S{1,30}$")
KINDS = ("text", "voice", "image", "video", "file", "location", "link")
FILES = ("image", "file", "video")
EVENTS = ("enter_chat", "template_card_event")
MOST_FILES = 20  # of one message
# What is over is of no use to any handler; the platform's own limit is lower.
LONGEST = 40_000


def parse_message(frame: dict[str, Any], clock: Clock) -> Incoming:
    """An ``aibot_msg_callback``. Raises KeyError or TypeError for what is none."""
    body = frame["body"]
    kind, text = body.get("msgtype", ""), MENTION.sub("", _text(body), count=1).strip()[:LONGEST]
    media = _media(body)
    if kind == "mixed":  # words and pictures: the words are what it says, the pictures come with it
        kind = "text" if text or not media else media[0].kind
    return Incoming(
        WORK_GROUP,
        str(body["msgid"]),
        str(body["from"]["userid"]),
        _moment(body.get("create_time"), clock),
        kind=kind if kind in KINDS else "unknown",
        text=text,
        chat=str(body.get("chatid", "")) if body.get("chattype") == "group" else "",
        quoted=_text(body["quote"])[:LONGEST] if isinstance(body.get("quote"), dict) else "",
        media=media,
    )


def parse_event(frame: dict[str, Any], clock: Clock) -> Incoming | None:
    """An ``aibot_event_callback``; None for an event the bot has no use for."""
    body = frame["body"]
    event = body["event"]
    kind = event.get("eventtype")
    if kind not in EVENTS:
        return None
    account = str(body["from"]["userid"])
    at = _moment(body.get("create_time"), clock)
    chat = str(body.get("chatid", "")) if body.get("chattype") == "group" else ""
    message_id = str(body.get("msgid") or frame["headers"]["req_id"])
    if kind == "enter_chat":
        return Incoming(WORK_GROUP, message_id, account, at, kind="event", event="enter_chat")
    # The document nests these fields, the SDK's types have them flat: both are taken.
    inner = event.get("template_card_event") or event
    key, task_id = str(inner.get("event_key", "")), str(inner.get("task_id", ""))
    return Incoming(WORK_GROUP, message_id, account, at, kind="click", key=key, task_id=task_id, chat=chat)


def _text(body: dict[str, Any]) -> str:
    kind = body.get("msgtype", "")
    if kind == "mixed":
        items = (body.get("mixed") or {}).get("msg_item", [])
        return "\n".join(_text(item) for item in items if isinstance(item, dict)).strip()
    held = body.get(kind)
    if not isinstance(held, dict) or kind not in ("text", "voice", "markdown"):
        return ""
    # JSON can say what no database keeps: NUL, and half of a pair.
    return str(held.get("content", "")).replace("\0", "").encode(errors="ignore").decode()


def _media(body: dict[str, Any]) -> tuple[Media, ...]:
    """The pictures and files of a message, in their order."""
    items = (body.get("mixed") or {}).get("msg_item", []) if body.get("msgtype") == "mixed" else [body]
    found = [_file(item) for item in items if isinstance(item, dict)]
    return tuple(one for one in found if one is not None)[:MOST_FILES]


def _file(item: dict[str, Any]) -> Media | None:
    kind = item.get("msgtype", "")
    held = item.get(kind)
    if kind not in FILES or not isinstance(held, dict) or not held.get("url") or not held.get("aeskey"):
        return None
    return Media(kind, {"url": str(held["url"]), "aeskey": str(held["aeskey"])})


def _moment(seconds: Any, clock: Clock) -> datetime:
    return datetime.fromtimestamp(int(seconds), CHINA) if seconds else clock.now()
