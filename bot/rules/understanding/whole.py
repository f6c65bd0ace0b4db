"""A whole message: its labelled values first, then free text for whatever is still missing."""

import re
from datetime import datetime

from bot.rules.kinds import kind_of
from bot.rules.moments import Moment
from bot.rules.reading import read
from bot.rules.towns import find_town
from bot.rules.understanding.contact import take_contact
from bot.rules.understanding.free_text import take_audience_and_media, take_counts, take_place
from bot.rules.understanding.heads import set_heads_aside
from bot.rules.understanding.labelled import take_labelled
from bot.rules.understanding.naming import take_name
from bot.rules.understanding.sections import find_sections
from bot.rules.understanding.sheet import Sheet
from bot.rules.understanding.types import FIELDS, Found, Question, Understood
from bot.rules.understanding.values import Values
from bot.rules.understanding.when import take_when

_OF_THE_CITY = re.compile(r"东莞|市[民中第图科博]|全市")


def understand(text: str, now: datetime) -> Understood:
    """Labelled values, free text, or a mixture, into fields; never raises, whatever the text."""
    page = read(text)
    sheet = Sheet(page)
    set_heads_aside(sheet)
    sections = find_sections(sheet.open)
    found: Values = {}
    take_labelled(sheet, sections, found, now)
    take_when(sheet, sections, found, now)
    take_contact(sheet, sections, found)
    take_counts(sheet, found)
    take_audience_and_media(sheet, found)
    take_place(sheet, found)
    take_name(sheet, found)
    _complete(sheet, found)
    return _result(sheet, found)


def _complete(sheet: Sheet, found: Values) -> None:
    """town out of the whole text, kind out of the name, then out of everything."""
    place = found.get("place")
    # 东莞市民中心 lies where it lies, whatever town its organisers are of.
    own = isinstance(place, Found) and _OF_THE_CITY.search(place.value)
    if "town" not in found and not own:
        named = found.get("name")
        town = find_town(sheet.open) or (find_town(named.value) if isinstance(named, Found) else None)
        if town:
            found["town"] = Found(town.name, town.name, 0.6)
    if "kind" not in found:
        name = found.get("name")
        from_name = kind_of(read(name.value).reading) if isinstance(name, Found) else None
        said = from_name or kind_of(sheet.open)
        if said:
            found["kind"] = Found(said[0], said[1], 0.9 if from_name else 0.6)


def _result(sheet: Sheet, found: Values) -> Understood:
    values = {k: found[k] for k in FIELDS if isinstance(found.get(k), Found)}
    questions = tuple(v for k in FIELDS if isinstance(v := found.get(k), Question))
    written = values.get("remarks")
    if written is not None:
        for begin in [sheet.text.find(written.text)]:
            if begin >= 0:
                sheet.take(begin, begin + len(written.text))
    rest = sheet.left()
    # Several days without hours stay in the remarks too: the answer will name only the hours.
    days = [q.text for q in questions if q.reason == "no_time" and any(_runs_on(m) for m in q.options)]
    parts = (written.value if isinstance(written, Found) else "", *days, rest)
    remarks = "；".join(part for part in parts if part)
    return Understood({k: v for k, v in values.items() if isinstance(v, Found)}, questions, remarks)


def _runs_on(moment: Moment) -> bool:
    return moment.end is not None and moment.end.date() > moment.start.date()
