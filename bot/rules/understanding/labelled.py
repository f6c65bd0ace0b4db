"""The labelled values of a message: each section's value read for its field, and what it used marked as understood."""

import re
from datetime import datetime

from bot.rules.places import is_activity
from bot.rules.reading import Reading
from bot.rules.towns import find_town
from bot.rules.understanding.labels import CONTACT, END, WHEN
from bot.rules.understanding.sections import Section
from bot.rules.understanding.sheet import Sheet, is_filler
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import READERS, Values, clean, read_end

_ONE_CLAUSE = ("name", "place", "kind", "audience", "project", "town", "budget")
_ONE_LINE = ("kind", "town", "budget", "media_invited")
_LONG = ("summary", "remarks")
# What begins another thing inside a value that was never ended: hours, days, numbers of people, telephones.
_OTHER_LINE = re.compile(r"\d{1,2}[:点时月]|1[3-9]\d{9}|\d+ ?[人名]|(?:上午|下午|晚上)[\d一二三四五六七八九十]")
_OTHER_CLAUSE = re.compile(
    r"[,。;](?=[^\n]*(?:\d{1,2}[:点时月]|1[3-9]\d{9}|\d+ ?[人名]|[一二三四五六七八九十百]+[人名]))"
    r"|[ ](?=(?:预计|大约|约|共|限)?[ ]?(?:\d+|[一二三四五六七八九十百千]+)[余多]?[人名位]|1[3-9]\d{9}|(?:联系|负责)人"
    r"|(?:(?:上午|下午|晚上|早上|中午)[ ]?)?(?:\d{1,2}[:点时]|[一二两三四五六七八九十]{1,2}点)|(?:上午|下午|晚上|早上)(?:[ ,]|$))"
)
_SENTENCE_ENDS = "。;|"
_PAIRS = {'"': '"', "《": "》", "(": ")"}
# A value that was spoken has no mark at its end, only the next thing.
_NEXT_SPOKEN = re.compile(
    r"[ ,。;\n]|预计|大概|大约|约\d|参加人数|人数|共\d|一共|(?:\d+|[一二三四五六七八九十百]+)个?[人名]"
)
_SPOKEN_LEAD = re.compile(r"(?:那个|这个|就是|呃|嗯|叫|在)+(?=[一-龥\"《]{2})")
_ONLY_MARKS = " \n,。;、|/-_:"
_SHORT_NAME = 30


def take_labelled(sheet: Sheet, sections: list[Section], found: Values, now: datetime) -> None:
    """Every labelled value but the person in charge, who is chosen among all that are named; see ``people``."""
    counted: Values = {}
    for section in sections:
        if section.field is None or section.field == CONTACT:
            continue  # an unknown label and its value stay where they are: in the remarks
        if section.literal:
            _take_literal(sheet, section, found)
            continue
        end = value_end(sheet, section)
        begin = section.begin
        if section.loose and (lead := _SPOKEN_LEAD.match(sheet.open, begin, end)):
            begin = lead.end()
        value = Reading(sheet.text[begin:end], sheet.open[begin:end])
        if not value.reading.strip(_ONLY_MARKS):
            sheet.take(section.label, section.begin)
        elif section.field == WHEN:
            sheet.take(section.label, section.begin)  # days and hours may stand apart, see ``when``
        elif section.field == END:
            _take_end(sheet, section, end, value, found, now)
        else:
            got = READERS[section.field](value)
            counted |= {k: v for k, v in got.items() if k == "attendance" and section.field == "audience"}
            fresh = {k: v for k, v in got.items() if k not in counted and _is_new(k, found)}
            if section.field in fresh or (section.field == "remarks"):
                found.update(fresh)
                _take_value(sheet, section, end, got)
    found.update({k: v for k, v in counted.items() if _is_new(k, found)})
    _name_out_of_summary(found)


def _is_new(field: str, found: Values) -> bool:
    return field not in found or isinstance(found[field], Question)


def _take_literal(sheet: Sheet, section: Section, found: Values) -> None:
    """A value between literal marks is taken as it is."""
    assert section.field is not None
    value = sheet.text[section.begin + 1 : section.end - 1]
    if section.field in READERS and _is_new(section.field, found):
        found[section.field] = Found(value, value)
        if section.field == "place" and (town := find_town(value)) and _is_new("town", found):
            found["town"] = Found(town.name, value)
        sheet.take(section.label, section.end)


def _take_end(sheet: Sheet, section: Section, end: int, value: Reading, found: Values, now: datetime) -> None:
    start = found.get("start")
    got = read_end(value, now, start.value if isinstance(start, Found) else None)
    found.update({k: v for k, v in got.items() if k not in found})
    sheet.take(section.label, end if got else section.begin)


def _take_value(sheet: Sheet, section: Section, end: int, got: Values) -> None:
    """Mark the label and what was used of the value; further words beside a number stay open."""
    sheet.take(section.label, section.begin)
    if section.field == "remarks" or isinstance(got.get(section.field or ""), Question):
        return  # what is asked about stays in the remarks as it was said
    if section.field not in ("contact_phone", "attendance", "audience"):
        sheet.take(section.begin, end)
        return
    for value in got.values():
        at = sheet.text.find(value.text, section.begin, end) if value.text else -1
        if at >= 0:
            sheet.take(at, at + len(value.text))


def _name_out_of_summary(found: Values) -> None:
    """«内容：青春期健康讲座» and no name: the content is what the activity is called."""
    summary = found.get("summary")
    if not isinstance(summary, Found) or "name" in found:
        return
    words = clean(summary.value)
    if "\n" not in summary.value and len(words) <= _SHORT_NAME and is_activity(words):
        found["name"] = Found(words, summary.text, 0.8)
        del found["summary"]


def value_end(sheet: Sheet, section: Section) -> int:
    """Where the value stops: at the next label, an empty line, or a line or clause that is plainly another thing."""
    value = sheet.open[section.begin : section.end]
    if section.loose and section.field in (*_ONE_CLAUSE, "summary"):
        stop = _NEXT_SPOKEN.search(value, max(1, _past_quotes(value)))
        return section.begin + stop.start() if stop else section.end
    if section.field in _LONG:
        return section.end
    size = _lines(section, value, last=section.end == len(sheet.text))
    if section.field in _ONE_CLAUSE:
        if other := _OTHER_CLAUSE.search(value, 0, size):
            size = other.start()
        size = _sentence(value[:size])
    return section.begin + size


def _past_quotes(value: str) -> int:
    """Past a quoted piece that the value begins with."""
    closing = _PAIRS.get(value[:1])
    return value.find(closing, 1) + 1 if closing else 0


def _sentence(value: str) -> int:
    """Where the first sentence ends, not counting marks in quotation marks or brackets."""
    at = 0
    while at < len(value):
        closing = _PAIRS.get(value[at])
        if closing and (later := value.find(closing, at + 1, at + 60)) > 0:
            at = later
        elif value[at] in _SENTENCE_ENDS:
            return at
        at += 1
    return len(value)


def _lines(section: Section, value: str, last: bool) -> int:
    """How many characters of the value's lines belong to it: after its first line only what plainly goes on."""
    size, begun = 0, False
    for line in value.split("\n"):
        if begun and not _goes_on(section, line, last):
            break
        begun = begun or bool(line.strip())
        size += len(line) + 1
    return min(size, len(value))


def _goes_on(section: Section, line: str, last: bool) -> bool:
    """Whether a further line is still the value: of an address the rest, of hours and people anything but a blank line."""
    if not line.strip() or is_filler(line):
        return False
    if section.field in (CONTACT, WHEN):
        return True
    if section.field != "place":
        return section.field not in (*_ONE_LINE, *_ONE_CLAUSE) and not _OTHER_LINE.search(line)
    return not (last or _OTHER_LINE.search(line) or re.search(r"[,。;|:]", line) or is_activity(line.strip()))
