"""What every channel can do, so that delivery need not know the platforms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import PlatformError
from bot.messaging.types import Content, Media

# The recipient of a mass send that names nobody.
EVERY_FOLLOWER = "all followers"
# What a person may send us; more is refused while it is still coming.
LARGEST_FILE = 20 * 1024 * 1024

# sha256 → the bytes to send, out of the file store; raises FileNotFoundError.
ReadFile = Callable[[str], bytes]


class Uploads(Protocol):
    """What was uploaded before, under the platform's names, so that it need not be uploaded again."""

    async def find(self, key: str) -> str:
        """The platform's name for it; empty where there is none."""
        ...

    async def keep(self, key: str, name: str) -> None:
        """Note the platform's name for it, over an older one."""
        ...

    async def forget(self, key: str) -> None:
        """It is no longer there."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came with a message, whole. ``name``: as the platform says it, where it does."""

    content: bytes = field(repr=False)
    name: str = ""


class TooLarge(PlatformError):
    """What a person sent is larger than may be taken."""


class OneWay(PlatformError):
    """Nothing ever comes in by this channel."""

    def __init__(self) -> None:
        super().__init__("这个渠道只能发送，不能接收")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery as a channel gets it.

    ``recipient``: chatid, userid, openid, or the name of a webhook. ``recipients``: the openids of a mass send.
    ``method``: how, where a channel has several ways (official account: custom · mass · template · subscription ·
    preview · publish, and delete · unpublish of what is named by ``recipient``; else "push").
    ``key``: the same for every attempt of one delivery; letters, digits and dashes, at most 64 bytes.
    """

    recipient: str
    content: Content
    method: str = "push"
    recipients: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``limit`` sends in ``seconds`` for everything under ``key``."""

    key: str
    limit: int
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `kepu-bot doctor`: what was looked at, whether it is well, and what to do if not (Chinese)."""

    name: str
    ok: bool
    detail: str


class Channel(Protocol):
    """One platform. Network and its faults stay in here."""

    name: str

    async def start(self) -> None:
        """Open what stays open (pools, the long connection)."""
        ...

    async def close(self) -> None:
        """Close it again, letting what is under way finish."""
        ...

    async def send(self, outgoing: Outgoing) -> str | None:
        """Send once. Gives the platform's id of the message where it has one; raises `PlatformError`."""
        ...

    async def fetch(self, media: Media) -> Fetched:
        """Download what came with a message, decrypted, at most `LARGEST_FILE` bytes; raises `PlatformError`.

        ``retry`` where it may still be had later, `TooLarge` where it is more than that.
        """
        ...

    def pace(self, outgoing: Outgoing) -> Pace | None:
        """The platform's limit that this send counts against."""
        ...

    async def check(self) -> list[Check]:
        """Look whether the channel would work, sending nothing that a member sees."""
        ...
