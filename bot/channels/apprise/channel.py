"""Pushes through Apprise, one-way."""

import asyncio
import logging

from bot.channels.apprise import rendering
from bot.channels.base import Check, Fetched, OneWay, Outgoing, Pace
from bot.errors import PlatformError
from bot.messaging.types import APPRISE, Media
from bot.settings import Apprise

# Its own lines name tokens that it finds fault with; what came of a push is told by the delivery.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class AppriseChannel:
    """All configured addresses; a recipient is an address's name."""

    name = APPRISE
    state = "ready"

    def __init__(self, addresses: list[Apprise]) -> None:
        self._urls = {one.name: one.url for one in addresses}

    async def start(self) -> None:
        """Nothing stays open."""

    async def close(self) -> None:
        """Nothing stays open."""

    async def send(self, outgoing: Outgoing) -> str | None:
        url = self._urls.get(outgoing.recipient)
        if url is None:
            raise PlatformError(f"没有名为“{outgoing.recipient}”的渠道")
        sent = await asyncio.to_thread(_notify, url.get_secret_value(), outgoing)
        if not sent:  # Apprise says only yes or no
            raise PlatformError(f"渠道“{outgoing.recipient}”没有发出去，请检查其地址", retry=True)
        return None

    async def fetch(self, media: Media) -> Fetched:
        raise OneWay

    def pace(self, outgoing: Outgoing) -> Pace | None:
        return None

    async def check(self) -> list[Check]:
        def known(url: str) -> bool:
            from apprise import Apprise as Notifier

            return bool(Notifier().add(url))

        found = []
        for name, url in self._urls.items():
            good = await asyncio.to_thread(known, url.get_secret_value())
            found.append(Check(f"渠道 {name}", good, "地址可用" if good else "地址不是 Apprise 认得的格式"))
        return found


def _notify(url: str, outgoing: Outgoing) -> bool:
    from apprise import Apprise as Notifier  # slow to import: only when something is sent
    from apprise import OverflowMode

    notifier = Notifier()
    notifier.add(url)
    for service in notifier:
        service.overflow_mode = OverflowMode.SPLIT  # several messages rather than a cut one
    return bool(notifier.notify(body=rendering.shown(outgoing.content), title=outgoing.content.title or ""))
