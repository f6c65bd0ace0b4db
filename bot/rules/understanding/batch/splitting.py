"""Whether a message holds several activities, and its rows."""

from bot.rules.reading import read
from bot.rules.understanding.batch.lists import blocks, lines, numbered, repeated
from bot.rules.understanding.batch.rows import Batch
from bot.rules.understanding.batch.tables import table

READ_AT_MOST = 60_000  # characters of a message that may hold many rows


def split(text: str) -> Batch | None:
    """The rows of a message with several activities, at most ``MOST_ROWS``; None for a single filing or no filing.

    The same for any text: it depends on no day and no unit.
    """
    page = read(text, limit=READ_AT_MOST)
    if len(page.reading.strip()) < 20:
        return None
    return table(page.text) or numbered(page) or repeated(page) or blocks(page) or lines(page)
