"""A channel that does what a test says, and a dispatcher that runs over it."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.channels.base import Check, Fetched, OneWay, Outgoing, Pace
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.outgoing import by_way
from bot.delivery.reach import Way
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, Media
from bot.model import Delivery
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office
from tests.waiting import until


class Post:
    """Keeps what it is given to send; answers with the next of ``answers``, then always well."""

    def __init__(self, name: str = WORK_GROUP) -> None:
        self.name = name
        self.sent: list[Outgoing] = []
        self.answers: list[Exception | str | None] = []
        self.limit: int | None = None
        self.gates: dict[str, asyncio.Event] = {}
        self.under_way: list[str] = []
        self.most_at_once = 0

    @property
    def texts(self) -> list[str]:
        return [one.content.text for one in self.sent]

    def hold(self, text: str) -> asyncio.Event:
        """Let the send of this text wait until the event is set."""
        return self.gates.setdefault(text, asyncio.Event())

    async def start(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str | None:
        self.under_way.append(outgoing.content.text)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            await self.gates.get(outgoing.content.text, _OPEN).wait()
            self.sent.append(outgoing)
            answer = self.answers.pop(0) if self.answers else None
            if isinstance(answer, Exception):
                raise answer
            return answer
        finally:
            self.under_way.remove(outgoing.content.text)

    async def fetch(self, media: Media) -> Fetched:
        raise OneWay

    def pace(self, outgoing: Outgoing) -> Pace | None:
        return Pace(f"{self.name}:{outgoing.recipient}", self.limit) if self.limit else None

    async def check(self) -> list[Check]:
        return []


_OPEN = asyncio.Event()
_OPEN.set()


@asynccontextmanager
async def running(office: Office, *posts: Post) -> AsyncIterator[Dispatcher]:
    """A dispatcher over these channels, woken by every commit as in the bot."""
    dispatcher = Dispatcher(office.writer, {one.name: one for one in posts}, jitter=random.Random(1))
    office.writer.on_commit(dispatcher.wake)
    task = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0)
    try:
        yield dispatcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def queue(
    office: Office, text: str, *, to: str = "G1", channel: str = WORK_GROUP, method: str = "push", **more: Any
) -> int:
    """Queue a delivery; gives its number."""
    content = more.pop("content", None) or Content(text)
    purpose = more.pop("purpose", "notice")

    def act(work: UnitOfWork) -> int:
        by_way(work, Way(channel, method, to), content, purpose=purpose, key=f"test:{text}", **more)
        return work.session.scalars(select(Delivery.id).where(Delivery.dedupe_key == f"test:{text}")).one()

    return int(office.do(act))


def queue_mass(office: Office, text: str, openids: Sequence[str] = ("oAmy", "oBob")) -> int:
    return queue(
        office, text, to=f"{len(openids)} followers", channel=OFFICIAL_ACCOUNT, method="mass", recipients=list(openids)
    )


def row(office: Office, number: int) -> Delivery:
    found: Delivery
    [found] = office.rows(Delivery, Delivery.id == number)
    return found


def waits_after(office: Office, number: int, *, attempts: int) -> bool:
    """Whether the delivery waits for its next try after so many."""
    seen = row(office, number)  # looked at once: between two looks it may be claimed
    return (seen.state, seen.attempts) == ("queued", attempts)


async def reaches(office: Office, number: int, state: str) -> Delivery:
    """The delivery, when it is in this state."""
    await until(lambda: row(office, number).state == state)
    return row(office, number)


def told(office: Office) -> list[str]:
    """What staff were told, or will be."""
    return [one.content["text"] for one in office.outbox("staff", None)]


def later(office: Office, dispatcher: Dispatcher, seconds: float) -> None:
    """Move the clock on, and let the dispatcher look."""
    office.at(office.clock.now() + timedelta(seconds=seconds))
    dispatcher.wake()
