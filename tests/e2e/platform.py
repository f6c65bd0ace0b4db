"""Playing people on the simulated platform, and reading what they see."""

import json
import time
import urllib.request
from typing import Any

from bot.demo import world
from bot.demo.stack import Stack

PATIENCE = 15.0
Message = dict[str, Any]


class Platform:
    """The control API of the simulated platform, in the words of a test."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.stack.sandbox_url}/_sandbox{path}", data=data, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def wait_until_online(self) -> None:
        """Until the robot has logged in."""
        until = time.monotonic() + PATIENCE
        while not all(robot["connected"] for robot in self.call("/world")["robots"]):
            assert time.monotonic() < until, "the robot did not log in"
            time.sleep(0.02)

    def in_group(self, userid: str, text: str, *, quote: int | None = None) -> Message:
        """Write to the robot in the group; gives its answer."""
        chat = f"group:{world.GROUP}"
        since = self.last()
        body = {"userid": userid, "text": text, "mention": True, "quote": quote}
        self.call(f"/groups/{world.GROUP}/say", body)
        return self.wait(chat, since, via="respond")

    def direct(self, userid: str, text: str) -> Message:
        """Write to the robot alone; gives its answer (not its welcome)."""
        chat = f"direct:{userid}"
        since = self.last()
        if self.call(f"/direct/{userid}/open", {})["delivered"]:
            self.wait(chat, since, text="您好")
        since = self.last()
        self.call(f"/direct/{userid}/say", {"text": text})
        return self.wait(chat, since, via="respond")

    def follower(self, openid: str, text: str) -> Message | None:
        """Write to the official account; gives the passive reply, or None for silence."""
        reply: Message | None = self.call(f"/official/{openid}/say", {"text": text})["reply"]
        return reply

    def click(self, userid: str, message: Message, button: str) -> Message:
        """Press a button of a card; gives the card as it is afterwards."""
        key = next(one["key"] for one in message["card"]["buttons"] if one["text"] == button)
        since = self.last()
        self.call("/click", {"userid": userid, "message_id": message["id"], "key": key})
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for one in self.messages(since):
                if one["id"] == message["id"] and one["card"] and one["card"]["updated"]:
                    return one
            time.sleep(0.03)
        raise AssertionError(f"the card did not change after {button}")

    def messages(self, since: int = 0, chat: str = "") -> list[Message]:
        query = f"?since={since}" + (f"&chat={chat}" if chat else "")
        found: list[Message] = self.call(f"/messages{query}")["messages"]
        return found

    def last(self) -> int:
        return int(self.call("/messages?since=999999999")["last"])

    def wait(self, chat: str, since: int, *, text: str = "", via: str = "") -> Message:
        """The bot's next message in a chat: its text, with the card that came with it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = [one for one in self.messages(since, chat) if one["from"] == "bot" and text in _all_text(one)]
            found = [one for one in found if not via or one["via"] == via]
            if found:
                return found[0] | {"cards": [one for one in found if one["card"]]}
            time.sleep(0.03)
        seen = [_all_text(one) for one in self.messages(since, chat)]
        raise AssertionError(f"nothing with {text!r} in {chat}; there came: {seen}")

    def card(self, chat: str, since: int, button: str) -> Message:
        """The bot's next card with this button in a chat."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for one in self.messages(since, chat):
                if one["card"] and any(b["text"] == button for b in one["card"]["buttons"]):
                    return one
            time.sleep(0.03)
        raise AssertionError(f"no card with {button} in {chat}: {self.messages(since, chat)}")

    def set_clock(self, moment: str) -> None:
        self.call("/clock", {"now": f"{moment}+08:00" if "+" not in moment else moment})


def _all_text(message: Message) -> str:
    card = message["card"] or {}
    return "\n".join(str(part) for part in (message["text"], card.get("title"), card.get("desc")) if part)
