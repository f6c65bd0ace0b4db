"""The robot's channel on the simulated gateway, over a loopback socket; a stub of an inbox behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.channels.base import Outgoing
from bot.channels.work_group.gateway import WorkGroupChannel
from bot.messaging.types import Content, Incoming
from bot.settings import WorkGroup
from tests.sandbox.conftest import Sandbox, sandbox, theatre, world
from tests.sandbox.robots import control
from tests.waiting import until

__all__ = ["Inbox", "Line", "sandbox", "theatre", "to", "world"]

FILES = {"f" * 64: "模板".encode()}


class Inbox:
    """Keeps what comes; answers as ``answer`` says."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.answer: Callable[[Incoming], Content | Awaitable[Content | None] | None] = lambda message: None

    async def receive(self, message: Incoming) -> Content | None:
        self.received.append(message)
        answer = self.answer(message)
        return await answer if isinstance(answer, Awaitable) else answer


class Line:
    """A connected robot, the people who write to it, and what they see."""

    def __init__(self, sandbox: Sandbox, channel: WorkGroupChannel, inbox: Inbox) -> None:
        self.sandbox, self.channel, self.inbox = sandbox, channel, inbox

    async def in_group(self, userid: str, text: str, **more: Any) -> None:
        await control(self.sandbox, "groups/G1/say", {"userid": userid, "text": text, "mention": True, **more})

    async def direct(self, userid: str, text: str, **more: Any) -> None:
        await control(self.sandbox, f"direct/{userid}/say", {"text": text, **more})

    async def heard(self, number: int = 1) -> Incoming:
        """The last message, when this many have come."""
        await until(lambda: len(self.inbox.received) >= number)
        return self.inbox.received[-1]

    async def shown(self, chat: str, number: int = 1) -> dict[str, Any]:
        """The robot's last message in a chat, when there are this many."""
        await until(lambda: len(self._of_robot(chat)) >= number)
        return self._of_robot(chat)[-1]

    def fault(self, outcome: str, target: str = "aibot_send_msg", **more: int) -> None:
        self.sandbox.fault(target, outcome, **more)

    def _of_robot(self, chat: str) -> list[dict[str, Any]]:
        return [one for one in self.sandbox.messages(chat) if one["from"] == "bot"]


def to(chat: str, text: str = "通知", **more: Any) -> Outgoing:
    return Outgoing(chat, Content(text, **more), key="kepu-1")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def make_channel(
    sandbox: Sandbox, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., WorkGroupChannel]]:
    """Makes channels that look after their connection often, and closes them."""
    monkeypatch.setattr("bot.channels.work_group.gateway.WATCH_SECONDS", 0.05)
    monkeypatch.setattr("bot.channels.work_group.gateway.RECEIVE_PAUSE", 0.0)
    made: list[WorkGroupChannel] = []

    def make(**settings: Any) -> WorkGroupChannel:
        held = {"bot_id": "robot-1", "secret": "robot-secret", "gateway_url": sandbox.ws_url} | settings
        made.append(
            WorkGroupChannel(WorkGroup.model_validate(held), inbox.receive, FILES.__getitem__, clock=sandbox.clock)
        )
        return made[-1]

    yield make
    for channel in made:
        await channel.close()


@pytest.fixture
async def line(sandbox: Sandbox, inbox: Inbox, make_channel: Callable[..., WorkGroupChannel]) -> Line:
    """A robot that is on line."""
    channel = make_channel()
    await channel.start()
    await until(lambda: channel.state == "connected")
    return Line(sandbox, channel, inbox)
