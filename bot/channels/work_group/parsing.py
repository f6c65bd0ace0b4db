"""From the gateway's frames to the bot's own words."""

import re
from datetime import datetime
from typing import Any

from bot.clock import CHINA, Clock
from bot.messaging.types import WORK_GROUP, Incoming

MENTION = re.compile(r"^\s*@\S{1,30}[\s ]+|^\s*@\S{1,30}$")
KINDS = ("text", "voice", "image", "video", "file", "mixed", "location", "link")
# What is over is of no use to any handler; the platform's own limit is lower.
LONGEST = 40_000


def parse_message(frame: dict[str, Any], clock: Clock) -> Incoming:
    """An ``aibot_msg_callback``. Raises KeyError or TypeError for what is none."""
    body = frame["body"]
    kind = body.get("msgtype", "")
    return Incoming(
        WORK_GROUP,
        str(body["msgid"]),
        str(body["from"]["userid"]),
        _moment(body.get("create_time"), clock),
        kind=kind if kind in KINDS else "unknown",
        text=MENTION.sub("", _text(body), count=1).strip()[:LONGEST],
        chat=str(body.get("chatid", "")) if body.get("chattype") == "group" else "",
        quoted=_text(body["quote"])[:LONGEST] if isinstance(body.get("quote"), dict) else "",
    )


def parse_event(frame: dict[str, Any], clock: Clock) -> Incoming | None:
    """An ``aibot_event_callback``; None for an event the bot has no use for."""
    body = frame["body"]
    event = body["event"]
    kind = event.get("eventtype")
    account = str(body["from"]["userid"])
    at = _moment(body.get("create_time"), clock)
    chat = str(body.get("chatid", "")) if body.get("chattype") == "group" else ""
    message_id = str(body.get("msgid") or frame["headers"]["req_id"])
    if kind == "enter_chat":
        return Incoming(WORK_GROUP, message_id, account, at, kind="event", event="enter_chat")
    if kind == "template_card_event":
        # The document nests these fields, the SDK's types have them flat: both are taken.
        inner = event.get("template_card_event") or event
        key, task_id = str(inner.get("event_key", "")), str(inner.get("task_id", ""))
        return Incoming(WORK_GROUP, message_id, account, at, kind="click", key=key, task_id=task_id, chat=chat)
    return None


def _text(body: dict[str, Any]) -> str:
    kind = body.get("msgtype", "")
    if kind == "mixed":
        items = (body.get("mixed") or {}).get("msg_item", [])
        return "\n".join(_text(item) for item in items if isinstance(item, dict)).strip()
    held = body.get(kind)
    return str(held.get("content", "")) if isinstance(held, dict) and kind in ("text", "voice", "markdown") else ""


def _moment(seconds: Any, clock: Clock) -> datetime:
    return datetime.fromtimestamp(int(seconds), CHINA) if seconds else clock.now()
