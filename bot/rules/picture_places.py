"""Where in a text the pictures that go with it stand: «【图1】» is the place of the first."""

import re
from collections.abc import Iterator

_PLACE = re.compile(r"[【\[]图\s?(\d{1,2})[】\]]")


def divide(text: str, count: int, placed: set[int]) -> Iterator[str | int]:
    """The words of a text, and in their places its ``count`` pictures, counted from 0.

    A picture stands where it is named first, over all calls with the same ``placed``; any other mark is only words.
    """
    after = 0
    for found in _PLACE.finditer(text):
        at = int(found[1]) - 1
        if 0 <= at < count and at not in placed:
            placed.add(at)
            yield text[after : found.start()]
            yield at
            after = found.end()
    yield text[after:]


def without(text: str) -> str:
    """The words alone."""
    return _PLACE.sub("", text)
