"""Keeping the collector out of the way of what a command loads."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """No walks of the collector in here: nearly all that is loaded stays, and looking through it again and again for
    garbage took a fifth of the bot's start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
