"""What people do in WeCom: write in a group, write to the robot, open its chat, press a card's button."""

import base64
import binascii
import secrets
from typing import Any

from bot.sandbox.gateway import Gateway
from bot.sandbox.messages import Message
from bot.sandbox.robot_session import Incoming
from bot.sandbox.state import Platform
from bot.sandbox.world import Group, Robot

MEDIA = {"image", "file", "video"}
Sent = tuple[str, dict[str, Any], dict[str, Any]]


class Unknown(Exception):
    """There is no such person, chat, message or button."""


class WorkChats:
    """Plays the members of the company towards the robots."""

    def __init__(self, platform: Platform, gateway: Gateway) -> None:
        self._platform = platform
        self._gateway = gateway
        self._entered: set[tuple[str, str, str]] = set()

    async def say_in_group(self, chat_id: str, row: dict[str, Any], base_url: str) -> tuple[Message, bool]:
        """A member writes in a group; the robot hears it only when it is mentioned."""
        group = self._platform.world.groups.get(chat_id)
        if group is None:
            raise Unknown(f"no group {chat_id}")
        userid = str(row.get("userid"))
        if userid not in group.members:
            raise Unknown(f"{userid} is not in this group")
        robot = self._robot_of(group, row.get("robot"))
        text = str(row.get("text", ""))
        mentioned = robot is not None and (bool(row.get("mention")) or f"@{robot.name}" in text)
        if robot and mentioned and f"@{robot.name}" not in text:
            text = f"@{robot.name} {text}"
        mentions = [robot.bot_id] if robot and mentioned else []
        message, content = self._written(f"group:{chat_id}", userid, text, row, base_url, mentions)
        if robot is None or not mentioned:
            return message, False
        self._platform.world.talked.add((robot.bot_id, chat_id))
        return message, await self._tell(robot, message, content, chat_id, userid)

    async def say_direct(self, userid: str, row: dict[str, Any], base_url: str) -> tuple[Message, bool]:
        """Somebody writes to the robot alone; it always hears."""
        robot = self._direct_robot(userid, row.get("robot"))
        await self.open_direct(userid, robot.bot_id)
        message, content = self._written(f"direct:{userid}", userid, str(row.get("text", "")), row, base_url, [])
        self._platform.world.talked.add((robot.bot_id, userid))
        return message, await self._tell(robot, message, content, None, userid)

    async def open_direct(self, userid: str, bot_id: str | None = None) -> bool:
        """Somebody opens the chat with the robot; only the first time in a day is an event."""
        robot = self._direct_robot(userid, bot_id)
        visit = (robot.bot_id, userid, f"{self._platform.clock.now():%Y-%m-%d}")
        if visit in self._entered:
            return False
        self._entered.add(visit)
        body = self._envelope(robot, None, userid) | {"msgtype": "event", "event": {"eventtype": "enter_chat"}}
        incoming = Incoming("enter_chat", f"direct:{userid}", userid)
        return await self._gateway.push(robot.bot_id, "aibot_event_callback", body, incoming)

    async def click(self, row: dict[str, Any]) -> tuple[Message, bool]:
        """Somebody presses a button (or submits the choices) of a robot's card."""
        userid, key = str(row.get("userid")), str(row.get("key"))
        message = self._platform.messages.get(int(row.get("message_id", 0)))
        if message is None or message.card is None or message.bot_id is None:
            raise Unknown("no such card")
        where, _, chat_id = message.chat.partition(":")
        members = self._platform.world.groups[chat_id].members if where == "group" else [chat_id]
        if userid not in members:
            raise Unknown(f"{userid} is not in this chat")
        if key not in {button["key"] for button in message.card["buttons"]}:
            raise Unknown(f"the card has no button {key!r}")
        robot = self._platform.world.robots[message.bot_id]
        details = {
            "card_type": message.card["card_type"],
            "event_key": key,
            "task_id": message.card["task_id"],
            **_selected(row.get("selected") or {}),
        }
        event: dict[str, Any] = {"eventtype": "template_card_event", "template_card_event": details}
        fault = self._platform.faults.take("template_card_event")
        if fault and fault.outcome == "flat":  # the form in the official SDK's types, unlike the document's
            event = {"eventtype": "template_card_event", **details}
        body = self._envelope(robot, chat_id if where == "group" else None, userid)
        body |= {"msgtype": "event", "event": event}
        incoming = Incoming("template_card_event", message.chat, chat_id, card=message)
        return message, await self._gateway.push(robot.bot_id, "aibot_event_callback", body, incoming)

    def _robot_of(self, group: Group, bot_id: object) -> Robot | None:
        if bot_id is not None and bot_id not in group.robots:
            raise Unknown(f"no robot {bot_id} in this group")
        chosen = str(bot_id) if bot_id is not None else next(iter(group.robots), None)
        return self._platform.world.robots[chosen] if chosen else None

    def _direct_robot(self, userid: str, bot_id: object) -> Robot:
        if userid not in self._platform.world.users:
            raise Unknown(f"no user {userid}")
        robots = self._platform.world.robots
        chosen = robots.get(str(bot_id)) if bot_id is not None else next(iter(robots.values()), None)
        if chosen is None:
            raise Unknown(f"no robot {bot_id}")
        return chosen

    def _written(
        self, chat: str, userid: str, text: str, row: dict[str, Any], base_url: str, mentions: list[str]
    ) -> tuple[Message, dict[str, Any]]:
        """The member's message in the log, and the part of the callback that carries it."""
        quote = row.get("quote")
        if quote is not None and (quoted := self._platform.messages.get(int(quote))) and quoted.chat != chat:
            raise Unknown("the quoted message is in another chat")
        content: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        kind, media = "text", None
        name = self._platform.world.users[userid].name
        if row.get("media"):
            sent = row["media"] if isinstance(row["media"], list) else [row["media"]]
            files = [self._sent_file(one, base_url) for one in sent]
            kind, media, part = files[0]
            content = {"msgtype": kind, kind: part}
            if text or len(files) > 1:
                content = _mixed(text, files)
            for more, shown, _ in files[1:]:
                self._platform.messages.add(chat, userid, name, more, "", "user", media=shown)
            kind = "image" if kind == "image" else "file"
        elif row.get("voice"):
            content = {"msgtype": "voice", "voice": {"content": str(row["voice"])}}
            text = f"[语音] {row['voice']}"
        message = self._platform.messages.add(
            chat, userid, name, kind, text, "user", quote=quote, mentions=mentions, media=media
        )
        return message, content

    def _sent_file(self, row: dict[str, Any], base_url: str) -> Sent:
        """Its kind, how the chat shows it, and how the robot gets it."""
        kind, name = str(row.get("type", "file")), str(row.get("filename", ""))
        if kind not in MEDIA:
            raise Unknown(f"media.type: one of {sorted(MEDIA)}")
        try:
            content = base64.b64decode(str(row.get("base64", "")), validate=True)
        except binascii.Error as error:
            raise Unknown("media.base64 is not base64") from error
        shown = self._platform.media.keep(kind, name, content)
        locked, key = self._platform.media.offer_encrypted(content, name)
        media = {"media_id": shown.media_id, "filename": name, "url": f"/_media/{shown.media_id}"}
        return kind, media, {"url": f"{base_url}_media/{locked.media_id}", "aeskey": key}

    async def _tell(
        self, robot: Robot, message: Message, content: dict[str, Any], group: str | None, userid: str
    ) -> bool:
        body = self._envelope(robot, group, userid) | content
        if message.quote is not None and (quoted := self._platform.messages.get(message.quote)):
            body["quote"] = {"msgtype": "text", "text": {"content": quoted.text}}
        incoming = Incoming("message", message.chat, group or userid)
        return await self._gateway.push(robot.bot_id, "aibot_msg_callback", body, incoming)

    def _envelope(self, robot: Robot, group: str | None, userid: str) -> dict[str, Any]:
        return {
            "msgid": secrets.token_hex(16),
            "create_time": self._platform.timestamp(),
            "aibotid": robot.bot_id,
            **({"chatid": group, "chattype": "group"} if group else {"chattype": "single"}),
            "from": {"userid": userid},
        }


def _mixed(text: str, files: list[Sent]) -> dict[str, Any]:
    """Words and pictures in one message; a file or a video is always one of its own."""
    if any(kind != "image" for kind, _, _ in files):
        raise Unknown("only pictures can stand beside words or each other")
    items: list[dict[str, Any]] = [{"msgtype": "text", "text": {"content": text}}] if text else []
    items += [{"msgtype": "image", "image": part} for _, _, part in files]
    return {"msgtype": "mixed", "mixed": {"msg_item": items}}


def _selected(choices: dict[str, list[str]]) -> dict[str, Any]:
    if not choices:
        return {}
    items = [{"question_key": key, "option_ids": {"option_id": ids}} for key, ids in choices.items()]
    return {"selected_items": {"selected_item": items}}
