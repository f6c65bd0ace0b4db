"""Every message that anybody on the simulated platform can see, in order, with changes."""

import asyncio
import bisect
import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock

OUTAGE = "该公众号提供的服务出现故障，请稍后再试"


@dataclass
class Message:
    """One bubble in one chat; ``rev`` grows with every change."""

    id: int
    rev: int
    chat: str
    sender: str
    name: str
    type: str
    text: str
    at: str
    via: str
    card: dict[str, Any] | None = None
    articles: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    quote: int | None = None
    media: dict[str, Any] | None = None
    streaming: bool = False
    bot_id: str | None = None
    """The robot that sent it, so that a click on a card finds its way back; not shown."""

    def shown(self) -> dict[str, Any]:
        """The message as the control API gives it."""
        return {
            "id": self.id,
            "rev": self.rev,
            "chat": self.chat,
            "from": self.sender,
            "name": self.name,
            "type": self.type,
            "text": self.text,
            "card": self.card,
            "articles": self.articles,
            "mentions": self.mentions,
            "at": self.at,
            "quote": self.quote,
            "via": self.via,
            "media": self.media,
            "streaming": self.streaming,
        }


class MessageLog:
    """Appends, changes and waits; asking what is new costs nothing per old message."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changes: list[Message] = []  # _changes[n] is what change n + 1 touched
        self._by_chat: dict[str, list[tuple[int, Message]]] = defaultdict(list)
        self._by_id: dict[int, Message] = {}
        self._waiters: set[asyncio.Event] = set()

    @property
    def last(self) -> int:
        """The newest revision."""
        return len(self._changes)

    def get(self, message_id: int) -> Message | None:
        """The message with this id, if there is one."""
        return self._by_id.get(message_id)

    def add(self, chat: str, sender: str, name: str, kind: str, text: str, via: str, **more: Any) -> Message:
        """Put a new message into a chat."""
        revision = self.last + 1
        at = self._clock.now().isoformat(timespec="seconds")
        message = Message(revision, revision, chat, sender, name, kind, text, at, via, **more)
        self._by_id[message.id] = message
        self._record(message)
        return message

    def change(self, message: Message) -> None:
        """Tell everybody that ``message`` has been altered."""
        message.rev = self.last + 1
        self._record(message)

    def system(self, chat: str, text: str) -> Message:
        """A grey line from the platform itself."""
        return self.add(chat, "system", "系统", "system", text, "system")

    def since(self, revision: int, chat: str | None = None) -> list[Message]:
        """What is new or altered after ``revision``, each message once, in order of its newest change."""
        if chat is None:
            changes = self._changes[max(revision, 0) :]
            return [item for number, item in enumerate(changes, max(revision, 0) + 1) if item.rev == number]
        rows = self._by_chat.get(chat, [])
        start = bisect.bisect_right(rows, revision, key=lambda row: row[0])
        return [item for number, item in rows[start:] if item.rev == number]

    async def wait_since(self, revision: int, chat: str | None, seconds: float) -> list[Message]:
        """Like `since`, but waits (real time) until there is something or the time is over."""
        event = asyncio.Event()
        self._waiters.add(event)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not (found := self.since(revision, chat)):
                        event.clear()
                        await event.wait()
                    return found
            return []
        finally:
            self._waiters.discard(event)

    def _record(self, message: Message) -> None:
        self._changes.append(message)
        self._by_chat[message.chat].append((message.rev, message))
        for event in self._waiters:
            event.set()
