"""The port between the dispatcher and whatever wakes it."""

from typing import Protocol

# Where several processes share the work: who sends by the robot's long connection, and who does the rest.
GATEWAY, WORKER = "gateway", "worker"
PLACES = frozenset({GATEWAY, WORKER})


class Engine(Protocol):
    """Wakes those that serve the lanes. A wake that is lost costs time and no delivery: each looks every minute anyway."""

    def wake(self) -> None:
        """Something was queued that may be due now, whoever it is that serves its lane. From any thread."""
        ...

    def look_again(self) -> None:
        """Something may be due in a lane of this process; nobody else need know. From the loop."""
        ...

    async def sleep(self, seconds: float, *, busy: bool) -> None:
        """Until something may be due: woken, or so many seconds from now. ``busy``: not everything due is done yet."""
        ...

    async def run(self) -> None:
        """What goes on in the background, until cancelled."""
        ...
