"""Whether a message holds several activities, and its rows."""

from dataclasses import replace

from bot.rules.reading import read
from bot.rules.understanding.batch.lists import CHAIN, blocks, lines, numbered, repeated
from bot.rules.understanding.batch.rows import Batch
from bot.rules.understanding.batch.tables import table

SHORTEST = 20
READ_AT_MOST = 60_000  # characters of a message that may hold many rows


def split(text: str) -> Batch | None:
    """The rows of a message with several activities, at most ``MOST_ROWS``; None for a single filing or no filing.

    The same for any text: it depends on no day and no unit.
    """
    page = read(text, limit=READ_AT_MOST)
    if len(page.reading.strip()) < SHORTEST:
        return None
    got = numbered(page) if CHAIN.search(page.reading) else None
    got = got or table(page.text) or numbered(page) or repeated(page) or blocks(page) or lines(page)
    if got and len(text) > READ_AT_MOST:
        return replace(got, left_off=got.left_off + text.count("\n", READ_AT_MOST))
    return got
