"""An answer to one question of the guided dialogue."""

from datetime import date, datetime

from bot.rules.reading import read
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import READERS, Values, read_end, read_when

_ASKED_AS = {"contact_name": "contact"}


def understand_answer(field: str, text: str, now: datetime, day: date | None = None) -> Values:
    """Everything an answer about ``field`` says: «10月24日9点到11点» to start gives the end as well.

    ``day``: the day already known, so that «下午两点» is enough. Empty where the answer says nothing.
    """
    page = read(text.strip())
    if field == "start":
        return read_when(page, now, day)
    if field == "end":
        values = read_when(page, now, day)
        end = values.get("end")
        if isinstance(end, Found):
            return {"end": end}
        midnight = datetime.combine(day, datetime.min.time(), now.tzinfo) if day else None
        got = read_end(page, now, midnight)
        if not got and isinstance(start := values.get("start"), Question):
            return {"end": Question("end", start.reason, start.options, start.text)}
        return got
    reader = READERS.get(_ASKED_AS.get(field, field))
    if reader is None:
        raise KeyError(field)
    return reader(page) if page.reading.strip() else {}


def understand_field(field: str, text: str, now: datetime, day: date | None = None) -> Found | Question:
    """The value of ``field`` in an answer, or what to ask again (reason «not_understood» where nothing was)."""
    got = understand_answer(field, text, now, day).get(field)
    return got if got is not None else Question(field, "not_understood", (), text.strip()[:100])
