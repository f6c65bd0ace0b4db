"""Access tokens of the official account: the stable call and the old one, kept apart as the platform keeps them."""

import re
import secrets
from dataclasses import dataclass

from bot.clock import Clock
from bot.sandbox.quotas import DayCounter
from bot.sandbox.refusals import Refusal

LIFE = 7200  # seconds
RENEWED_BEFORE_END = 300  # seconds
OVERLAP = 300  # seconds in which an old token still works
FORCED_A_DAY = 20
FORCED_APART = 30  # seconds


@dataclass
class Token:
    """One access token; ``replaced`` ones are invalid rather than expired once they are over."""

    value: str
    ends: float
    replaced: bool = False


class Tokens:
    """Issues and checks tokens by the platform's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, Token] = {}
        self._stable: Token | None = None
        self._old: Token | None = None
        self._forced_at = float("-inf")
        self._forced = DayCounter()

    def stable(self, force: bool) -> tuple[str, int]:
        """The stable token and the seconds it has left; the same one until 5 minutes before its end."""
        now = self._clock.now()
        moment = now.timestamp()
        current = self._stable
        if force and current and not 0 <= moment - self._forced_at < FORCED_APART:
            if self._forced.used("force_refresh", now) >= FORCED_A_DAY:
                raise Refusal(45009)
            self._forced.add("force_refresh", now)
            self._forced_at = moment
            current.ends, current.replaced = moment, True  # a forced renewal leaves no overlap
            current = None
        if current is None or current.ends - moment <= RENEWED_BEFORE_END:
            if current:
                current.ends, current.replaced = min(current.ends, moment + OVERLAP), True
            current = self._stable = self._new(moment)
        return current.value, int(current.ends - moment)

    def fresh(self) -> tuple[str, int]:
        """A new token every time, as the old call gives it; the one before works for 5 minutes more."""
        moment = self._clock.now().timestamp()
        if self._old:
            self._old.ends, self._old.replaced = min(self._old.ends, moment + OVERLAP), True
        self._old = self._new(moment)
        return self._old.value, LIFE

    def check(self, value: str | None) -> None:
        """Refuse a missing, malformed, unknown, replaced or expired token."""
        if not value:
            raise Refusal(41001)
        token = self._issued.get(value)
        if token is None:
            raise Refusal(40001 if re.fullmatch(r"[\w-]{60,512}", value) else 40014)
        if self._clock.now().timestamp() >= token.ends:
            raise Refusal(40001 if token.replaced else 42001)

    def kill(self, value: str | None) -> None:
        """End a token's life now (a script's ``expired_token``)."""
        if token := self._issued.get(value or ""):
            token.ends = self._clock.now().timestamp()

    def masked(self) -> list[dict[str, str | bool]]:
        """The tokens that still count, with their middles hidden."""
        now = self._clock.now().timestamp()
        return [
            {"token": f"{token.value[:6]}…{token.value[-4:]}", "valid": token.ends > now}
            for token in (self._stable, self._old)
            if token
        ]

    def _new(self, moment: float) -> Token:
        token = Token(f"99_{secrets.token_urlsafe(96)}", moment + LIFE)
        self._issued[token.value] = token
        return token
