"""Whether a piece of a message could be filed by itself."""

from datetime import UTC, datetime

from bot.rules.moments import find_in
from bot.rules.numbers import GROUPS, find_counts
from bot.rules.phones import find_phones
from bot.rules.places import MOST_SEGMENTS, is_activity, is_place
from bot.rules.reading import Reading, read
from bot.rules.understanding.free_text import segments_of
from bot.rules.understanding.sections import find_sections

ANY_NOW = datetime(2020, 1, 1, tzinfo=UTC)
_READ = 600


def stands_alone(text: str, least: int = 1, *, day_given: bool = False) -> bool:
    """A day, and at least ``least`` of: a head count, a telephone number, a place, an activity's name.

    ``day_given``: the day stands in a title over the list, so the line itself must name hours or an activity.
    """
    page = read(text[:_READ])
    findings = find_in(page.text, page.reading, ANY_NOW)
    if not any(one.reason != "no_date" for one in findings):
        return day_given and (bool(findings) or any(is_activity(page.reading[b:e]) for b, e in _pieces(page)))
    pieces = [page.reading[b:e] for b, e in _pieces(page)]
    labels = {one.field for one in find_sections(page.reading)}
    signs = (
        bool(find_counts(page.reading) or GROUPS.search(page.reading) or "attendance" in labels),
        bool(find_phones(page.reading)),
        "place" in labels or any(is_place(one) for one in pieces),
        "name" in labels or any(is_activity(one) for one in pieces),
    )
    return sum(signs) >= least


def _pieces(page: Reading) -> list[tuple[int, int]]:
    return segments_of(page.reading)[:MOST_SEGMENTS]
