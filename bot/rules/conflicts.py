"""Doubts that one filing raises beside others: one time, one person, one place, one text. Pure; asks no database.

A doubt is never a refusal. What a unit may be told of it is for `handlers.filing.conflicts`: of another unit's
filing nothing but that the place is taken.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.clock import CHINA
from bot.rules.filing import USUAL_LENGTH, same_day
from bot.rules.phones import find_phones
from bot.rules.reading import read
from bot.rules.towns import dongguan

OVERLAP = "overlap"  # the same unit, overlapping hours
TWO_PLACES = "two_places"  # the same person in charge, overlapping hours, elsewhere
DOUBLE_BOOKED = "double_booked"  # the same place, overlapping hours
SAME_TEXT = "same_text"  # near-identical name and summary
KINDS = (OVERLAP, TWO_PLACES, DOUBLE_BOOKED, SAME_TEXT)

ALIKE = 0.9
# Shorter names and summaries are alike by chance: «科普讲座» is what half of all activities are called.
TELLING = 12
LONGEST_TEXT = 400
# An address of fewer letters once its town is off names a sort of place, not a place.
TELLING_PLACE, TELLING_WITHOUT_TOWN = 3, 6

_MARKS = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_HEAD = re.compile(r"(?:广东省|广东)?(?:东莞市|东莞)?")
_TAIL = re.compile(r"(?:门口|门前|门外|内|里|旁边|旁|附近|现场|处)$")
_NOWHERE = re.compile(
    r"线上|网上|网络|直播|云端|会议号|腾讯会议|钉钉|视频号|待定|未定|多地|各(?:村|社区|学校|中小学|镇)|全[市镇]"
)
_SORT = re.compile(
    r"(?:村|居)委会|会议室|报告厅|多功能厅|大礼堂|活动室|活动中心|服务中心|党群服务中心|幼儿园|大操场|运动场"
)
_NUMERALS = re.compile(r"\d+|[一二三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class Booking:
    """What of a filing can collide. ``end`` None: two hours after the start; a whole day where ``all_day``."""

    number: str
    unit_id: int | None
    start: datetime
    end: datetime | None = None
    all_day: bool = False
    name: str = ""
    summary: str = ""
    place: str = ""
    town: str = ""
    contact_phone: str = ""


class Conflict(NamedTuple):
    """One doubt about a filing. ``own``: the other filing is of the same unit."""

    kind: str
    other: Booking
    own: bool


def conflicts(one: Booking, others: Iterable[Booking]) -> list[Conflict]:
    """Every doubt that ``one`` raises beside these others, in their order; nothing collides with itself."""
    found = []
    for other in others:
        if other.number == one.number:
            continue
        own = one.unit_id is not None and one.unit_id == other.unit_id
        found += [Conflict(kind, other, own) for kind in _kinds(one, other, own)]
    return found


def span(one: Booking) -> tuple[datetime, datetime]:
    """From when to when an activity takes up its people and its place."""
    if not one.all_day:
        return one.start, max(one.end or one.start + USUAL_LENGTH, one.start)
    last = (one.end or one.start).astimezone(CHINA).date()
    # An end at midnight is the end of the day before it.
    if one.end is not None and one.end > one.start and one.end.astimezone(CHINA).time() == time(0):
        last -= timedelta(days=1)
    first = datetime.combine(one.start.astimezone(CHINA).date(), time(0), CHINA)
    return first, datetime.combine(last + timedelta(days=1), time(0), CHINA)


def overlap(one: Booking, other: Booking) -> bool:
    """Whether they share time; one that begins as the other ends does not."""
    begin, end = span(one)
    other_begin, other_end = span(other)
    return begin < other_end and other_begin < end


def same_person(one: Booking, other: Booking) -> bool:
    """Whether the same person is in charge: by telephone, because names repeat."""
    return not _phones(one.contact_phone).isdisjoint(_phones(other.contact_phone))


def same_place(one: Booking, other: Booking) -> bool:
    """Whether both name the same place; «莞城街道文化广场» and «文化广场» in the same town do."""
    mine, theirs = normal_place(one.place), normal_place(other.place)
    if mine != theirs or not mine:
        return False
    if one.town and other.town:
        return one.town == other.town and len(mine) >= TELLING_PLACE
    return len(mine) >= TELLING_WITHOUT_TOWN


@lru_cache(maxsize=2048)
def normal_place(place: str) -> str:
    """A place in one form, without the city, the town and what stands about it; empty where it names no one place."""
    reading = read(place).reading
    if _NOWHERE.search(reading):
        return ""
    bare = _MARKS.sub("", _BRACKETS.sub("", reading)).lower()
    bare = bare[len(_HEAD.match(bare).group()) :]  # type: ignore[union-attr]  # it matches the empty text too
    town = next(iter(dongguan().matches(bare)), None)
    if town is not None and town.begin == 0:
        bare = bare[town.end :]
    bare = _TAIL.sub("", bare)
    return "" if _SORT.fullmatch(bare) else bare


def same_text(one: Booking, other: Booking, own: bool) -> bool:
    """Whether the one reads like a copy of the other.

    Of one unit, the same text twice on a day is a repetition, and on other days only where it says enough to be told
    from the next of a series. Of two units it has to say enough, whatever the day.
    """
    mine, theirs = normal_text(one.name, one.summary), normal_text(other.name, other.summary)
    if not mine or not theirs or _numerals(one.name) != _numerals(other.name):
        return False
    enough = min(len(mine), len(theirs)) >= TELLING
    if not enough and not (own and same_day(one.start, other.start)):
        return False
    return likeness(mine, theirs) >= ALIKE


@lru_cache(maxsize=2048)
def normal_text(name: str, summary: str) -> str:
    """Name and summary as they are compared: letters and digits alone."""
    return _MARKS.sub("", read(f"{name[:200]} {summary[:LONGEST_TEXT]}").reading).lower()[:LONGEST_TEXT]


def likeness(one: str, other: str) -> float:
    """How much two texts share, 0 to 1: twice the pairs of letters they have in common, over all their pairs."""
    if one == other:
        return 1.0
    mine, theirs = _pairs(one), _pairs(other)
    sizes = mine.total() + theirs.total()
    if not sizes or 2 * min(mine.total(), theirs.total()) / sizes < ALIKE:
        return 0.0  # too unlike in length to be alike: not worth counting
    return 2 * (mine & theirs).total() / sizes


def _kinds(one: Booking, other: Booking, own: bool) -> list[str]:
    found = []
    if overlap(one, other):
        there = same_place(one, other)
        if own:
            found.append(OVERLAP)
        if same_person(one, other) and not there:
            found.append(TWO_PLACES)
        if there:
            found.append(DOUBLE_BOOKED)
    if same_text(one, other, own):
        found.append(SAME_TEXT)
    return found


@lru_cache(maxsize=2048)
def _phones(written: str) -> frozenset[str]:
    return frozenset(found.value for found in find_phones(read(written).reading))


def _numerals(name: str) -> list[str]:
    """«第3期» is not «第4期», however alike the rest."""
    return _NUMERALS.findall(read(name).reading)


@lru_cache(maxsize=2048)
def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))
