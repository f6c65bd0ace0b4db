"""People who send pictures and files to a small office, and the real fetcher that brings them in from a scripted platform."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.base import Check, Fetched, Outgoing, Pace
from bot.intake.fetcher import Fetcher, Settle
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, Media
from bot.model import Attachment, AttachmentState
from handlers.media_settling import settle
from tests.office import Office
from tests.waiting import until

Answer = bytes | Exception
PATIENCE = 20.0


@dataclass
class Shelf:
    """A platform that keeps what was sent: each thing gives its answers in turn, the last one for ever."""

    name: str
    things: dict[str, list[Answer]] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def fetch(self, media: Media) -> Fetched:
        key = media.source["key"]
        self.fetched.append(key)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        answers = self.things[key]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Fetched(answer)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def send(self, outgoing: Outgoing) -> str | None: ...

    def pace(self, outgoing: Outgoing) -> Pace | None: ...

    async def check(self) -> list[Check]:
        return []


class Post:
    """Sends things to the office."""

    def __init__(self, office: Office, settle: Settle = settle) -> None:
        self.office = office
        self.shelves = {name: Shelf(name) for name in (WORK_GROUP, OFFICIAL_ACCOUNT)}
        self._settle = settle
        self._count = 0

    def send(
        self, account: str, *things: Answer | list[Answer], text: str = "", kind: str = "image", name: str = "",
        channel: str = WORK_GROUP, **more: Any,
    ) -> str:  # fmt: skip
        """Send these in one message; gives what is answered at once."""
        media = []
        for thing in things:
            self._count += 1
            key = f"thing {self._count}"
            self.shelves[channel].things[key] = thing if isinstance(thing, list) else [thing]
            media.append(Media(kind, {"key": key}, name))
        message = self.office._message(account, more.pop("chat", ""), channel, kind="text" if text else kind, text=text)
        answer: Content | None = self.office.bring(replace(message, media=tuple(media), **more))
        return answer.text if answer else ""

    def bring(self, done: Callable[[], bool] | None = None, **more: Any) -> None:
        """Let the fetcher work until nothing is pending (or ``done`` says so), then stop it."""
        asyncio.run(self._bring(done or self._nothing_pending, more))

    async def _bring(self, done: Callable[[], bool], more: dict[str, Any]) -> None:
        fetcher = Fetcher(
            self.office.writer, self.shelves, self._settle, **{"sweep_seconds": 0.05, "first_wait": 0.02} | more
        )
        running = asyncio.create_task(fetcher.run())
        try:
            await until(done, PATIENCE)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _nothing_pending(self) -> bool:
        return not self.office.rows(Attachment, Attachment.state == AttachmentState.PENDING)

    def rows(self) -> list[Attachment]:
        return self.office.rows(Attachment)

    def told(self, purpose: str = "answer") -> list[str]:
        """What was queued to be said later."""
        return [one.content["text"] for one in self.office.outbox(purpose)]
