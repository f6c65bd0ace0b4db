"""Who sent a callback, and when: the platform's signature in constant time, and a window against replays."""

import hashlib
import hmac
from collections.abc import Mapping

from bot.clock import Clock
from bot.errors import RejectedCallback

# How far a callback's time may be from ours: wide enough for a wrong clock, too narrow for a replay next day.
WINDOW_SECONDS = 600
LONGEST_TIMESTAMP = 12  # digits


class Signature:
    """Checks what was signed with the account's token."""

    def __init__(self, token: str, clock: Clock) -> None:
        self._token = token
        self._clock = clock

    def check(self, query: Mapping[str, str], given: str, *parts: str) -> None:
        """Raise `RejectedCallback` unless ``given`` signs timestamp, nonce and ``parts``, and the time is now."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        joined = "".join(sorted((self._token, timestamp, nonce, *parts)))
        expected = hashlib.sha1(joined.encode(errors="replace")).hexdigest()  # noqa: S324 - the platform's choice
        if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
            raise RejectedCallback("signature")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
            raise RejectedCallback("timestamp")
        if abs(self._clock.now().timestamp() - int(timestamp)) > WINDOW_SECONDS:
            raise RejectedCallback("stale")
