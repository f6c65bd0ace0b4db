"""One robot's connection, and what it may still answer."""

import json
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket

from bot.sandbox.messages import Message

REMEMBERED = 20_000  # req_ids a connection


@dataclass
class Stream:
    """An answer that may still grow."""

    message: Message
    began: float
    finished: bool = False


@dataclass
class Incoming:
    """A message or an event that went to the robot, known by its req_id."""

    kind: str
    """message, enter_chat or template_card_event"""
    chat: str
    chat_id: str
    sent: float = field(default_factory=time.monotonic)
    card: Message | None = None
    answered: bool = False
    card_answered: bool = False
    streams: dict[str, Stream] = field(default_factory=dict)


class Connection:
    """A WebSocket, before and after the robot has subscribed on it."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.bot_id: str | None = None
        self.incoming: OrderedDict[str, Incoming] = OrderedDict()

    async def send(self, frame: dict[str, Any]) -> None:
        """Send one frame."""
        await self.socket.send_text(json.dumps(frame, ensure_ascii=False))

    def expect(self, req_id: str, incoming: Incoming) -> None:
        """Remember that the robot may answer this."""
        self.incoming[req_id] = incoming
        if len(self.incoming) > REMEMBERED:
            self.incoming.popitem(last=False)
