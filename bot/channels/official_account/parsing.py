"""From the platform's XML to the bot's own words, by wechatpy's parser."""

import hashlib
import re
from datetime import datetime
from typing import Any, NamedTuple
from xml.parsers.expat import ExpatError

from wechatpy import parse_message

from bot.clock import CHINA
from bot.errors import RejectedCallback
from bot.messaging.types import OFFICIAL_ACCOUNT, Incoming, Media

# The platform's name of a message → ours, and the field that holds its words.
KINDS = {
    "text": ("text", "Content"),
    "voice": ("voice", "Recognition"),
    "image": ("image", ""),
    "video": ("video", ""),
    "shortvideo": ("video", ""),
    "location": ("location", "Label"),
    "link": ("link", "Title"),
    "file": ("file", "Title"),
}
EVENTS = {
    "subscribe": "subscribe",
    "subscribe_scan": "subscribe",
    "subscribe_scan_product": "subscribe",
    "scan": "scan",
    "unsubscribe": "unsubscribe",
    "click": "menu",
    "view": "view",
    "location": "location_report",
    "masssendjobfinish": "mass_finished",
    "templatesendjobfinish": "template_finished",
    "publishjobfinish": "publish_finished",
    "subscribe_msg_popup_event": "subscription_answered",
    "subscribe_msg_change_event": "subscription_changed",
    "subscribe_msg_sent_event": "subscription_sent",
}
# Field of the platform → key of ``Incoming.detail``.
DETAILS = {
    "MediaId": "media_id",
    "PicUrl": "url",
    "Url": "url",
    "Description": "description",
    "Location_X": "latitude",
    "Location_Y": "longitude",
    "Label": "label",
    "MsgID": "msg_id",
    "Status": "status",
    "TotalCount": "total_count",
    "FilterCount": "filter_count",
    "SentCount": "sent_count",
    "ErrorCount": "error_count",
}
# Kinds whose MediaId fetches a file. Of a file the platform tells only the title: such a one cannot be fetched.
FILES = ("image", "voice", "video", "file")
# Inside of these events the details stand one or two levels lower.
INNER = {
    "PublishEventInfo": {"publish_id": "publish_id", "publish_status": "status", "article_id": "article_id"},
    "SubscribeMsgSentEvent": {"TemplateId": "template_id", "MsgID": "msg_id", "ErrorStatus": "status"},
}
# One window asks for several templates at once: all its answers are one detail, «T1:accept T2:reject».
ANSWERS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent")
LONGEST_ID = 200
_TEMPLATE = re.compile(r"[\w-]{1,80}", re.ASCII)
_WEB = re.compile(r"https?://[!-~]{1,480}")
_ACCOUNT = re.compile(r"[\w@.-]{1,128}", re.ASCII)


class Callback(NamedTuple):
    """A message, and the account's own id that it was sent to: the sender of the reply."""

    message: Incoming
    own_id: str


def parse(xml: bytes) -> Callback:
    """The message; ``kind`` is "unknown" for what the bot has no word for. Raises `RejectedCallback`."""
    try:
        held: dict[str, Any] = parse_message(xml.decode("utf-8"))._data
        account, own_id, kind = held["FromUserName"], held["ToUserName"], held["MsgType"].lower()
        at = datetime.fromtimestamp(int(held["CreateTime"]), CHINA)
        if not _ACCOUNT.fullmatch(account) or not _ACCOUNT.fullmatch(own_id):
            raise RejectedCallback("sender or receiver")
        message = _event(held, account, at) if kind == "event" else _message(held, kind, account, at)
    except (ExpatError, ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        raise RejectedCallback("not a message") from None
    return Callback(message, own_id)


def _message(held: dict[str, Any], kind: str, account: str, at: datetime) -> Incoming:
    if kind not in KINDS:
        return Incoming(
            OFFICIAL_ACCOUNT, f"{account}:{int(at.timestamp())}:{kind}"[:LONGEST_ID], account, at, "unknown"
        )
    ours, words = KINDS[kind]
    text = held.get(words) or ""
    message_id = str(int(held["MsgId"]))
    if not isinstance(text, str) or len(message_id) > LONGEST_ID:
        raise TypeError(words)
    detail = _detail(held)
    name = text if ours == "file" else ""
    source = {"media_id": detail["media_id"]} if ours in FILES and detail.get("media_id") else None
    media = (Media(ours, source, name),) if source else ()
    text = "" if name else text
    return Incoming(OFFICIAL_ACCOUNT, message_id, account, at, kind=ours, text=text, media=media, detail=detail)


def _event(held: dict[str, Any], account: str, at: datetime) -> Incoming:
    name, key, detail = held["Event"].lower(), held.get("EventKey") or "", _detail(held)
    ours = EVENTS.get(name, "")
    if not isinstance(key, str):
        raise TypeError("EventKey")
    # Events have no id: the same sender, second, event, key and job are the same event.
    job = detail.get("msg_id") or detail.get("publish_id") or detail.get("answers") or ""
    # Hashed: it is kept for a while, and an openid is personal data.
    marks = f"{account}:{int(at.timestamp())}:{name}:{key}:{job}"
    message_id = hashlib.blake2b(marks.encode(errors="replace"), digest_size=20).hexdigest()
    kind = "event" if ours else "unknown"
    return Incoming(OFFICIAL_ACCOUNT, message_id, account, at, kind=kind, event=ours, key=key, detail=detail)


def _detail(held: dict[str, Any]) -> dict[str, str]:
    found = {ours: held[theirs] for theirs, ours in DETAILS.items() if theirs in held}
    for name, fields in INNER.items():
        if name in held:
            [first, *_] = _listed(held[name])
            found |= {ours: first[theirs] for theirs, ours in fields.items() if theirs in first}
    for name in ANSWERS:
        if name in held:
            answers = [(one["TemplateId"], one["SubscribeStatusString"]) for one in _listed(held[name])]
            found["answers"] = " ".join(
                f"{template}:{status}" for template, status in answers if _plain(template, status)
            )
    if url := _article_url(held):
        found["article_url"] = url
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _article_url(held: dict[str, Any]) -> str:
    """Where the first article of a publication or a mass send can be read; empty where it is not told."""
    for way, name in ((("PublishEventInfo", "article_detail", "item"), "article_url"),
                      (("ArticleUrlResult", "ResultList", "item"), "ArticleUrl")):  # fmt: skip
        found: Any = held
        for step in way:
            found = found.get(step) if isinstance(found, dict) else None
        items = found if isinstance(found, list) else [found]
        urls = [one.get(name) for one in items if isinstance(one, dict)]
        if urls and isinstance(urls[0], str) and _WEB.fullmatch(urls[0]):
            return str(urls[0])
    return ""


def _listed(held: Any) -> list[dict[str, Any]]:
    """What stands in a field: a list, one thing alone, or neither."""
    inner = (held or {}).get("List", held or {})
    return inner if isinstance(inner, list) else [inner]


def _plain(template_id: str, status: str) -> bool:
    return bool(_TEMPLATE.fullmatch(template_id)) and status in ("accept", "reject")
