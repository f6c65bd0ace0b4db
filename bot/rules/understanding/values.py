"""One field's value out of the text that was given for it: a labelled value or an answer in the dialogue."""

import re
from collections.abc import Callable
from datetime import date, datetime

from bot.rules.attendance import VAGUE, choose_count
from bot.rules.kinds import KINDS, find_audience, kind_of
from bot.rules.moments import Finding, find_in
from bot.rules.names import looks_like_name, name_at
from bot.rules.numbers import GROUPS, NUMBER, read_count, read_number
from bot.rules.people import LABEL, find_people
from bot.rules.phones import find_phones, find_wrong_phones, normal_phone
from bot.rules.reading import Reading, is_emoji
from bot.rules.towns import find_town
from bot.rules.understanding.types import Found, Question

Values = dict[str, Found | Question]

_QUOTES = re.compile(r"[\"“”「」『』‘’]")
_I_AM = re.compile(r"[ ]?(?:我是|我叫|本人|就是|是|叫|由)(?=[一-龥]{2})")
_HAN_WORD = re.compile(r"[一-龥]+")
# 600(学生)+100(家长)
_SUM = re.compile(r"\d{1,5}[ 人名]?(?:\([^()\d]*\))?(?:[ ]?[+、][ ]?\d{1,5}[ 人名]?(?:\([^()\d]*\))?){1,5}")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
# Eight digits alone are a local number where a number was asked for.
_LOCAL_FIRST = re.compile(r"\D{0,6}([2-8]\d{3}[- ]?\d{4}(?: ?(?:转|分机|-|#) ?\d{1,6})?)(?!\d)")
_LETTER = re.compile("[一-龥A-Za-z]")
_EDGE = " \t\n,，、;；.。:：|｜/·-—~"
_NOTHING = re.compile(r"(?:无|没有|暂无|暂时没有|待定|未定|没定|不清楚|不知道|再定|/|-)?")
_MONEY = re.compile(rf"({NUMBER})[ ]?(万)?(?:元|块|圆|rmb)?", re.IGNORECASE)
_NO = re.compile(r"否|不|没|无|未|暂|no|n$", re.IGNORECASE)
_TICKED = re.compile(r"(?:[☑✅√✔■☒●◉]|\[[xX√]\]|\(√\))[ ]{0,2}([一-龥]{1,8})")
_TICKED_AFTER = re.compile(r"([一-龥]{1,8})[ ]?(?:\(√\)|\[√\]|[☑√✔](?![ ]?[一-龥]))")
_AT = re.compile(r"^\s*(?:就|还是|是)?(?:放在|设在|定在|在)(?!线|建)(?=[一-龥A-Za-z\d]{2})")
_FILING_NUMBER = re.compile(r"(?<!\d)20\d\d-0\d{3}(?!\d)")
_YES = re.compile(r"是|有|邀|会|请|对|要|已|台|报|yes|y$|媒|记者|√|✔", re.IGNORECASE)


def clean(text: str) -> str:
    """A name or address as it is kept: one line, no marks at its ends, no quotation marks."""
    text = re.sub(r"(?<=[一-龥])[ ]*\n\s*(?=[一-龥])", "", _QUOTES.sub("", text))
    text = re.sub(r"\s+", " ", text).strip(_EDGE)
    while text and is_emoji(text[-1]):
        text = text[:-1].strip(_EDGE)
    return text.rstrip("(（【[《").strip(_EDGE)


def read_when(page: Reading, now: datetime, day: date | None = None) -> Values:
    """start, end, all_day and occurrences; or a question about start."""
    found = find_in(page.text, page.reading, now, day)
    return when_values(choose_moment(found)) if found else {}


def choose_moment(found: tuple[Finding, ...]) -> Finding:
    """The expression of time that says most: a full one, else a day, else anything."""
    # A date in one place and the hours in another (two labels, or words between) belong together: see ``whole``.
    order = {None: 0, "weekday_contradicts_date": 1, "date_passed": 1, "far_ahead": 1, "end_before_start": 1}
    return min(found, key=lambda f: (order.get(f.reason, 3 if f.reason in ("vague", "no_date") else 2), f.begin))


def when_values(finding: Finding) -> Values:
    """The fields that one expression of time fills."""
    if finding.reason or not finding.moments:
        return {"start": Question("start", finding.reason or "vague", finding.moments, finding.text)}
    first, text, sure = finding.moments[0], finding.text, finding.confidence
    out: Values = {"start": Found(first.start, text, sure)}
    if first.end is not None:
        out["end"] = Found(first.end, text, sure)
    if first.all_day:
        out["all_day"] = Found(True, text, sure)
    if len(finding.moments) > 1:
        out["occurrences"] = Found(finding.moments, text, sure)
    return out


def read_end(page: Reading, now: datetime, start: datetime | None) -> Values:
    """The end alone: «12点», «10月24日 12:00»."""
    found = find_in(page.text, page.reading, now, start.date() if start else None)
    for finding in found:
        if finding.reason is None and finding.moments:
            return {"end": Found(finding.moments[0].start, finding.text, 0.9)}
    return {}


def read_attendance(page: Reading) -> Values:
    """The head count, or a question where households were counted or no number stands."""
    page = Reading(page.text, without_filing_numbers(page.reading))
    groups = GROUPS.search(page.reading)
    count = choose_count(page.reading)
    if groups and not count:
        return {"attendance": groups_question(page.text, groups)}
    if not count and (vague := VAGUE.search(page.reading)):
        return {"attendance": Question("attendance", "no_number", (), page.text[slice(*vague.span())])}
    if parts := _SUM.fullmatch(page.reading.strip()):
        return {
            "attendance": Found(
                sum(map(int, re.findall(r"\d+", _IN_BRACKETS.sub("", parts.group())))), page.text.strip()
            )
        }
    count = count or read_count(page.reading)
    if count is None:
        first = re.search(rf"(?<!\d){NUMBER}(?!\d)", page.reading)  # not a part of a telephone number
        number = read_number(first.group()) if first else None
        if first is None or not number:
            return {"attendance": Question("attendance", "no_number", (), page.text.strip())}
        return {"attendance": Found(number, page.text[first.start() : first.end()], 0.6)}
    if count.value <= 0:
        return {"attendance": Question("attendance", "no_number", (), page.text.strip())}
    return {"attendance": Found(count.value, page.text[count.begin : count.end].strip(_EDGE), count.confidence)}


def without_filing_numbers(reading: str) -> str:
    """A folded text of the same length in which 2020-0001 is no longer a number of anything."""
    return _FILING_NUMBER.sub(lambda found: "\x1f" * len(found.group()), reading)


def groups_question(text: str, groups: re.Match[str]) -> Question:
    """«25组家庭» is not a head count: ask, with two and three to a household."""
    number = read_number(groups["n"] or groups["n2"] or groups["n3"]) or 0
    return Question("attendance", "counted_in_groups", (number * 2, number * 3), text[groups.start() : groups.end()])


def read_contact(page: Reading) -> Values:
    """contact_name and, where it stands beside, contact_phone."""
    out: Values = {}
    phones = find_phones(page.reading)
    if phones:
        first = phones[0]
        out["contact_phone"] = Found(first.value, page.text[first.begin : first.end])
    named = _name_first(page) or _name_within(page, [(p.begin, p.end) for p in phones])
    if named and not _NOTHING.fullmatch(named.value):
        out["contact_name"] = named
    return out


def _name_first(page: Reading) -> Found | None:
    """A name that the value begins with, after «我是» and the like."""
    label = LABEL.match(page.reading)
    begin = label.end() if label and ":" in label.group() else 0
    lead = _I_AM.match(page.reading, begin)
    first = _LETTER.search(page.reading, lead.end() if lead else begin)
    span = name_at(page.reading, first.start()) if first else None
    if span is None or not looks_like_name(page.reading[span[0] : span[1]].replace(" ", "")):
        return None
    return Found(page.text[span[0] : span[1]].replace(" ", ""), page.text[span[0] : span[1]])


def _name_within(page: Reading, phones: list[tuple[int, int]]) -> Found | None:
    """A name anywhere in the value that is called one or stands beside a number; else the words that it begins with."""
    people = find_people(page.reading, phones)
    if people:
        best = max(people, key=lambda one: (one.rank, one.confidence, -one.begin))
        piece = page.text[best.begin : best.end]
        return Found(piece.replace(" ", "") if not piece.isascii() else piece, piece, best.confidence)
    for word in _HAN_WORD.finditer(page.reading):
        if looks_like_name(word.group()):
            return Found(page.text[word.start() : word.end()], page.text[word.start() : word.end()], 0.8)
    first = _LETTER.search(page.reading)
    if first is None:
        return None
    if span := name_at(page.reading, first.start()):
        piece = page.text[span[0] : span[1]]
        return Found(piece.replace(" ", ""), piece, 0.7)
    latin = re.compile(r"[A-Za-z][A-Za-z .]{1,30}").match(page.text, first.start())
    return Found(latin.group().strip(), latin.group().strip(), 0.7) if latin else None


def read_contact_phone(page: Reading) -> Values:
    """contact_phone; a number with a digit too few or many is asked about."""
    found = find_phones(page.reading)
    if found:
        return {"contact_phone": Found(found[0].value, page.text[found[0].begin : found[0].end])}
    if local := _LOCAL_FIRST.match(page.reading):
        return {"contact_phone": Found(normal_phone(local[1]), page.text[local.start(1) : local.end(1)])}
    wrong = find_wrong_phones(page.reading)
    return {"contact_phone": Question("contact_phone", "wrong_length" if wrong else "no_number", (), page.text.strip())}


def read_place(page: Reading) -> Values:
    """place and the town it names."""
    value = clean(_AT.sub("", page.text, count=1))
    if _NOTHING.fullmatch(value):
        return {"place": Question("place", "vague", (), page.text.strip())}
    town = find_town(value)
    out: Values = {"place": Found(value, page.text.strip(_EDGE))}
    if town:
        out["town"] = Found(town.name, page.text.strip())
    return out


def ticked(reading: str) -> str | None:
    """The choice that is ticked in «□讲座 ☑展览 □其他» or «展览(√)»; None where nothing is."""
    found = _TICKED.search(reading) or _TICKED_AFTER.search(reading)
    return found[1] if found else None


def read_kind(page: Reading) -> Values:
    """One of KINDS: the one that is ticked, by its number in the list, by a word, else 其他."""
    reading, text = page.reading.strip(), page.text.strip()
    if re.fullmatch(r"[1-9]", reading):
        return {"kind": Found(KINDS[int(reading) - 1], text)}
    choice = ticked(reading)
    found = kind_of(choice or reading)
    return {"kind": Found(found[0], text) if found else Found("其他", text, 0.7)}


def read_audience(page: Reading) -> Values:
    """Whom it is for, as written; a head count beside it is the attendance."""
    count = choose_count(page.reading)
    begin, end = 0, len(page.text)
    if count and count.begin > 0 and _LETTER.search(page.reading[: count.begin]):
        end = count.begin
    elif count:
        begin = count.end
    lead = re.match(r"[ ,]*(?:面向|针对)?", page.reading[begin:end])
    piece = page.text[begin + (lead.end() if lead else 0) : end]
    value = clean(re.sub(r"(?:[约共计]|大约|预计|[(（]|[，,、]|总共)+$", "", piece.strip()))
    span = find_audience(page.reading)
    out: Values = {"audience": Found(value, piece.strip(), 0.95 if span else 0.85)} if value else {}
    if count:
        out["attendance"] = Found(count.value, page.text[count.begin : count.end].strip(_EDGE), 0.85)
    return out


def read_town(page: Reading) -> Values:
    """The town that a value names."""
    town = find_town(page.text)
    return {"town": Found(town.name, page.text.strip())} if town else {}


def read_budget(page: Reading) -> Values:
    """Whole yuan; 无 is 0."""
    text = page.text.strip()
    if text and re.fullmatch(r"(?:无|没有|零|不需要|免费|不涉及)(?:经费|预算|费用)?[。.]?", page.reading.strip()):
        return {"budget": Found(0, text)}
    found = _MONEY.search(page.reading)
    number = read_number(found[1]) if found else None
    if found is None or number is None:
        return {"budget": Question("budget", "no_number", (), text)}
    if found[2]:
        number = round(float(found[1]) * 10000) if found[1].replace(".", "").isdigit() else number * 10000
    return {"budget": Found(number, text, 0.9)}


def read_media(page: Reading) -> Values:
    """Whether media are invited."""
    text = page.text.strip()
    choice = ticked(page.reading) or page.reading
    if _NO.search(choice):
        return {"media_invited": Found(False, text, 0.9)}
    if _YES.search(choice):
        return {"media_invited": Found(True, text, 0.9)}
    return {"media_invited": Question("media_invited", "unclear", (True, False), text)}


def _plain(field: str) -> Callable[[Reading], Values]:
    def keep(page: Reading) -> Values:
        value = clean(page.text) if field in ("name", "project") else page.text.strip()
        return {field: Found(value, page.text.strip())} if value else {}

    return keep


READERS: dict[str, Callable[[Reading], Values]] = {
    "name": _plain("name"),
    "project": _plain("project"),
    "summary": _plain("summary"),
    "remarks": _plain("remarks"),
    "place": read_place,
    "town": read_town,
    "attendance": read_attendance,
    "contact": read_contact,
    "contact_name": read_contact,
    "contact_phone": read_contact_phone,
    "kind": read_kind,
    "audience": read_audience,
    "budget": read_budget,
    "media_invited": read_media,
}
