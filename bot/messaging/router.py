"""Which handler answers a message: routes made by decorators, tried in a fixed order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache, partial

from bot.messaging.turn import Turn
from bot.messaging.types import Content


class _Pass:
    """What a handler returns to say: not mine after all, try the next."""


PASS = _Pass()
SAID = ("text", "voice")
# Most people type the same few words: which commands those may be is remembered, for texts of up to ``SHORT`` letters.
SHORT, REMEMBERED = 6, 1000
Answer = Content | None | _Pass
Handler = Callable[[Turn], Answer]
Condition = Callable[[Turn], bool]
Rest = Callable[[Turn], Content | None]
Around = Callable[[Turn, Rest], Content | None]


class Rank(IntEnum):
    """Commands win over what cannot be an answer, that over an open dialogue, a dialogue over free text, free text
    over the last resort.
    """

    COMMAND = 0
    AHEAD = 1
    DIALOGUE = 2
    FREE = 3
    LAST = 4


@dataclass(frozen=True, slots=True)
class Route:
    """``kinds`` of message it takes, all where empty; ``words``: of a command. Only where both fit is ``match`` asked."""

    rank: Rank
    match: Callable[[Turn], str | None]  # what was caught (perhaps empty), or None
    handler: Handler
    kinds: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None

    def fits(self, kind: str, text: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (self.words is None or bool(self.words.fullmatch(text)))


def everyone(_turn: Turn) -> bool:
    return True


class Router:
    """The routes of one topic."""

    def __init__(self, when: Condition = everyone) -> None:
        self.routes: list[Route] = []
        self.wrappers: list[tuple[Condition, Around]] = []
        self._when = when

    def around(self, when: Condition) -> Callable[[Around], Around]:
        """Called instead of all routes where ``when`` holds, with the rest of them to call: before, after or not at all."""

        def register(wrapper: Around) -> Around:
            self.wrappers.append((when, wrapper))
            return wrapper

        return register

    def command(self, *words: str, argument: bool = False, when: Condition = everyone) -> Callable[[Handler], Handler]:
        """A text that is one of ``words``; with ``argument``, one that begins with it (caught: what follows)."""
        tail = r"[\s：:，,]*(.*)" if argument else r"[\s。.！!～~]*()"
        pattern = re.compile(rf"(?:{'|'.join(map(re.escape, words))}){tail}", re.DOTALL)

        def match(turn: Turn) -> str | None:
            found = pattern.fullmatch(turn.message.text.strip())
            return found[1] if found and self._when(turn) and when(turn) else None

        return self._add(Rank.COMMAND, match, SAID, pattern)

    def click(self, key: str) -> Callable[[Handler], Handler]:
        """A button whose key is ``key`` or ``key:…`` (caught: what follows the colon)."""

        def match(turn: Turn) -> str | None:
            head, _, rest = turn.message.key.partition(":")
            return rest if head == key and self._when(turn) else None

        return self._add(Rank.COMMAND, match, ("click",))

    def event(self, *names: str) -> Callable[[Handler], Handler]:
        """An event of one of these names (caught: its key)."""

        def match(turn: Turn) -> str | None:
            return turn.message.key if turn.message.event in names and self._when(turn) else None

        return self._add(Rank.COMMAND, match, ("event",))

    def ahead(self, when: Condition) -> Callable[[Handler], Handler]:
        """Any text for which ``when`` holds, also where the conversation is about something else."""
        return self._text(Rank.AHEAD, when)

    def topic(self, name: str) -> Callable[[Handler], Handler]:
        """Any text while the conversation is about ``name``."""
        return self._text(Rank.DIALOGUE, lambda turn: turn.topic == name)

    def free(self, when: Condition = everyone) -> Callable[[Handler], Handler]:
        """Any text for which ``when`` holds."""
        return self._text(Rank.FREE, when)

    def last(self, when: Condition = everyone) -> Callable[[Handler], Handler]:
        """Whatever nobody else answered."""
        return self._add(Rank.LAST, lambda turn: "" if self._when(turn) and when(turn) else None)

    def _text(self, rank: Rank, when: Condition) -> Callable[[Handler], Handler]:
        def match(turn: Turn) -> str | None:
            return turn.message.text if self._when(turn) and when(turn) else None

        return self._add(rank, match, SAID)

    def _add(
        self,
        rank: Rank,
        match: Callable[[Turn], str | None],
        kinds: tuple[str, ...] = (),
        words: re.Pattern[str] | None = None,
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.routes.append(Route(rank, match, handler, kinds, words))
            return handler

        return register


class Dispatch:
    """All routers as one: finds the first handler that takes the message."""

    def __init__(self, routers: Sequence[Router]) -> None:
        routes = [route for router in routers for route in router.routes]
        self._routes = sorted(routes, key=lambda route: route.rank)  # stable: the routers' order holds inside a rank
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._fitting)
        self._answer: Rest = self._by_route
        for when, wrapper in reversed([one for router in routers for one in router.wrappers]):
            self._answer = partial(_wrapped, when, wrapper, self._answer)

    def __call__(self, turn: Turn) -> Content | None:
        return self._answer(turn)

    def _by_route(self, turn: Turn) -> Content | None:
        message = turn.message
        text = message.text.strip()
        fitting = self._remembered if len(text) <= SHORT else self._fitting
        for route in fitting(message.kind, text):
            caught = route.match(turn)
            if caught is None:
                continue
            turn.argument = caught.strip()
            answer = route.handler(turn)
            if not isinstance(answer, _Pass):
                return answer
        return None

    def _fitting(self, kind: str, text: str) -> tuple[Route, ...]:
        return tuple(route for route in self._routes if route.fits(kind, text))


def _wrapped(when: Condition, wrapper: Around, rest: Rest, turn: Turn) -> Content | None:
    return wrapper(turn, rest) if when(turn) else rest(turn)
