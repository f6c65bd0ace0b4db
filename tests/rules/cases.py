"""The office's Monday on which the transcripts play, and short ways to write instants."""

from datetime import datetime

from bot.clock import CHINA

NOW = datetime(2020, 10, 12, 10, 0, tzinfo=CHINA)


def at(text: str) -> datetime:
    """``10-24 09:00`` (of 2020) or ``2021-01-05 10:00`` as an instant in China."""
    if len(text) == 11:
        text = f"2020-{text}"
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
