"""What a robot may do over its connection: answer, welcome, update a card, push, upload."""

import re
import time
from typing import Any

from bot.sandbox.cards import card_text, check_card, shown_card
from bot.sandbox.messages import Message
from bot.sandbox.quotas import SlidingWindow
from bot.sandbox.refusals import Refusal, text_within
from bot.sandbox.robot_session import Connection, Incoming, Stream
from bot.sandbox.robot_uploads import Uploads
from bot.sandbox.state import Platform

MARKDOWN_LIMIT = 20480  # bytes
STREAM_LIFE = 600.0  # seconds, real time
EVENT_LIFE = 5.0  # seconds, real time
MEDIA_KINDS = ("image", "file", "voice", "video")
MENTION = re.compile(r"<@([^<>@\s]+)>")


class Commands:
    """Runs one command of a subscribed robot; raises Refusal."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._uploads = Uploads(platform.media)
        self._task_ids: set[tuple[str, str]] = set()
        self._a_minute = SlidingWindow(30, 60)
        self._an_hour = SlidingWindow(1000, 3600)

    def run(self, cmd: str, connection: Connection, req_id: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The body of the acknowledgement, or None for a bare one."""
        if cmd == "aibot_upload_media_init":
            return self._uploads.begin(body)
        if cmd == "aibot_upload_media_finish":
            return self._uploads.finish(body)
        bot_id, incoming = connection.bot_id or "", connection.incoming.get(req_id)
        if cmd == "aibot_upload_media_chunk":
            self._uploads.chunk(body)
        elif cmd == "aibot_send_msg":
            self._push(bot_id, body)
        elif cmd == "aibot_respond_msg":
            self._respond(bot_id, _answerable(incoming, "message", "enter_chat"), body)
        elif cmd == "aibot_respond_welcome_msg":
            self._welcome(bot_id, _in_time(_answerable(incoming, "enter_chat")), body)
        elif cmd == "aibot_respond_update_msg":
            self._update(_in_time(_answerable(incoming, "template_card_event")), body)
        else:
            raise Refusal(40058, f"unknown cmd {cmd}")
        return None

    def _push(self, bot_id: str, body: dict[str, Any]) -> None:
        chat_id = str(body.get("chatid", ""))
        if (bot_id, chat_id) not in self._platform.world.talked:
            raise Refusal(93006, "nobody there has talked to this robot")
        chat = f"group:{chat_id}" if chat_id in self._platform.world.groups else f"direct:{chat_id}"
        moment = self._platform.clock.now().timestamp()
        key = f"{bot_id} {chat_id}"
        if self._a_minute.full(key, moment) or self._an_hour.full(key, moment):
            raise Refusal(45009, "30 a minute and 1000 an hour a chat")
        kind = body.get("msgtype")
        if kind == "markdown":
            self._say(bot_id, chat, _content(body, "markdown"), "push")
        elif kind == "template_card":
            self._card(bot_id, chat, body.get("template_card"), "push")
        elif kind in MEDIA_KINDS:
            self._file(bot_id, chat, str(kind), body, "push")
        else:
            raise Refusal(40008, str(kind))
        self._a_minute.count(key, moment)
        self._an_hour.count(key, moment)

    def _respond(self, bot_id: str, incoming: Incoming, body: dict[str, Any]) -> None:
        kind = body.get("msgtype")
        if kind == "stream":
            self._stream(bot_id, incoming, body)
        elif kind == "stream_with_template_card":
            card = body.get("template_card")
            if card is not None:
                if incoming.card_answered:
                    raise Refusal(40058, "template_card only once for a message")
                self._check_new(bot_id, card)
            self._stream(bot_id, incoming, body)
            if card is not None:
                incoming.card_answered = True
                self._card(bot_id, incoming.chat, card, "respond")
        elif kind == "markdown":
            self._say(bot_id, incoming.chat, _content(body, "markdown"), "respond")
        elif kind == "template_card":
            self._card(bot_id, incoming.chat, body.get("template_card"), "respond")
        elif kind in MEDIA_KINDS:
            self._file(bot_id, incoming.chat, str(kind), body, "respond")
        else:
            raise Refusal(40008, str(kind))

    def _stream(self, bot_id: str, incoming: Incoming, body: dict[str, Any]) -> None:
        part = body.get("stream")
        if not isinstance(part, dict) or not isinstance(part.get("id"), str) or not part["id"]:
            raise Refusal(40058, "stream.id missing")
        content, finish = part.get("content", ""), bool(part.get("finish", False))
        if not isinstance(content, str):
            raise Refusal(40058, "stream.content is not a text")
        if len(content.encode()) > MARKDOWN_LIMIT:
            raise Refusal(45002, f"at most {MARKDOWN_LIMIT} bytes")
        pictures = part.get("msg_item") or []
        if pictures and (not finish or len(pictures) > 10):
            raise Refusal(40058, "msg_item: at most 10, and only with finish")
        stream = incoming.streams.get(part["id"])
        if stream is None:
            if finish and not content.strip() and not pictures:
                raise Refusal(44004)
            message = self._say(bot_id, incoming.chat, content, "respond", streaming=not finish)
            incoming.streams[part["id"]] = Stream(message, time.monotonic(), finish)
        else:
            if stream.finished or time.monotonic() - stream.began > STREAM_LIFE:
                raise Refusal(846608)
            stream.finished = finish
            stream.message.streaming = not finish
            stream.message.text = content or stream.message.text
            stream.message.mentions = MENTION.findall(stream.message.text)
            self._platform.messages.change(stream.message)

    def _welcome(self, bot_id: str, incoming: Incoming, body: dict[str, Any]) -> None:
        kind = body.get("msgtype")
        if kind == "text":
            self._say(bot_id, incoming.chat, _content(body, "text"), "respond", kind="text")
        elif kind == "template_card":
            self._card(bot_id, incoming.chat, body.get("template_card"), "respond")
        else:
            raise Refusal(40008, str(kind))
        incoming.answered = True

    def _update(self, incoming: Incoming, body: dict[str, Any]) -> None:
        if body.get("response_type") != "update_template_card":
            raise Refusal(40058, "response_type")
        card = check_card(body.get("template_card"))
        message = incoming.card
        if message is None or message.card is None or card.get("task_id") != message.card["task_id"]:
            raise Refusal(40058, "task_id is not that of the event")
        message.card = shown_card(card, updated=True)
        if body.get("userids"):
            message.card["updated_for"] = list(body["userids"])
        message.text = card_text(card)
        self._platform.messages.change(message)
        incoming.answered = True

    def _say(
        self, bot_id: str, chat: str, text: str, via: str, *, kind: str = "markdown", streaming: bool = False
    ) -> Message:
        return self._add(bot_id, chat, kind, text, via, mentions=MENTION.findall(text), streaming=streaming)

    def _check_new(self, bot_id: str, card: Any) -> dict[str, Any]:
        checked = check_card(card)
        if (bot_id, checked.get("task_id")) in self._task_ids:
            raise Refusal(40058, "task_id repeated")
        return checked

    def _card(self, bot_id: str, chat: str, card: Any, via: str) -> None:
        checked = self._check_new(bot_id, card)
        if task_id := checked.get("task_id"):
            self._task_ids.add((bot_id, task_id))
        self._add(bot_id, chat, "card", card_text(checked), via, card=shown_card(checked))

    def _file(self, bot_id: str, chat: str, kind: str, body: dict[str, Any], via: str) -> None:
        file = self._platform.media.get((body.get(kind) or {}).get("media_id"), kind)
        media = {"media_id": file.media_id, "filename": file.name, "url": f"/_media/{file.media_id}"}
        self._add(bot_id, chat, "image" if kind == "image" else "file", file.name, via, media=media)

    def _add(self, bot_id: str, chat: str, kind: str, text: str, via: str, **more: Any) -> Message:
        name = self._platform.world.robots[bot_id].name
        return self._platform.messages.add(chat, "bot", name, kind, text, via, bot_id=bot_id, **more)


def _content(body: dict[str, Any], name: str) -> str:
    part = body.get(name)
    return text_within(part.get("content") if isinstance(part, dict) else None, MARKDOWN_LIMIT)


def _answerable(incoming: Incoming | None, *kinds: str) -> Incoming:
    if incoming is None or incoming.kind not in kinds:
        raise Refusal(846605)
    return incoming


def _in_time(incoming: Incoming) -> Incoming:
    """The event, while it may still be answered: once, and within five seconds."""
    if incoming.answered or time.monotonic() - incoming.sent > EVENT_LIFE:
        raise Refusal(846605, "too late or answered already")
    return incoming
