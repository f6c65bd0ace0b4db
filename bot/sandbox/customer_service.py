"""Windows in which the account may write to a follower by itself, as the follower's acts open them.

By the platform's table: 5 messages within 48 hours of a message, 3 within a minute of following, of a menu
click or of scanning a code. A new act of the same kind renews the window; windows do not add up to more.
"""

from dataclasses import dataclass

from bot.clock import Clock
from bot.sandbox.refusals import Refusal

WINDOWS = {"message": (5, 48 * 3600), "menu": (3, 60), "follow": (3, 60), "scan": (3, 60)}


@dataclass
class Opening:
    """One window: how many messages are left, and until when."""

    left: int
    ends: float


class Openings:
    """Each follower's windows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_follower: dict[str, dict[str, Opening]] = {}

    def open(self, openid: str, act: str) -> None:
        """The follower did something."""
        count, seconds = WINDOWS[act]
        opening = Opening(count, self._clock.now().timestamp() + seconds)
        self._by_follower.setdefault(openid, {})[act] = opening

    def close(self, openid: str) -> None:
        """The follower left."""
        self._by_follower.pop(openid, None)

    def spend(self, openid: str) -> None:
        """Use one message: 45015 when no window is open, 45047 when the open ones are used up."""
        now = self._clock.now().timestamp()
        windows = [opening for opening in self._by_follower.get(openid, {}).values() if opening.ends > now]
        if not windows:
            raise Refusal(45015)
        usable = [opening for opening in windows if opening.left > 0]
        if not usable:
            raise Refusal(45047)
        min(usable, key=lambda opening: opening.ends).left -= 1
