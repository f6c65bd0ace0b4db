"""Doubts about a report: a picture seen before, taken on another day or elsewhere, a head count far from the forecast.

Each is a reason to look, never a verdict.
"""

import math
from collections.abc import Iterable
from datetime import datetime

from bot.clock import CHINA

# Bits of 64 in which two fingerprints of the same picture may differ after it was sent on, made smaller or brighter.
NEAR = 5
# The platforms' maps lie up to 0.7 km beside the cameras', and an activity is not a point.
FAR_KM = 5.0
EARTH_KM = 6371.0
# A forecast for a small circle is missed by a few; from here on the difference says something.
FEWEST_PEOPLE = 30


def differing_bits(one: str, other: str) -> int:
    """In how many bits two fingerprints (hex) differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def look_alikes(fingerprint: str, others: Iterable[tuple[int, str]]) -> list[int]:
    """Of (filing, fingerprint) the filings with a picture that looks the same. An empty fingerprint is like none."""
    if not fingerprint:
        return []
    bits = int(fingerprint, 16)
    return sorted({filing for filing, other in others if other and (bits ^ int(other, 16)).bit_count() <= NEAR})


def taken_on_another_day(taken: datetime, start: datetime, end: datetime | None) -> bool:
    """Whether a picture is from none of the activity's days, by China's calendar."""
    day = taken.astimezone(CHINA).date()
    return not start.astimezone(CHINA).date() <= day <= (end or start).astimezone(CHINA).date()


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude in degrees)."""
    north, east, north_2, east_2 = map(math.radians, (*one, *other))
    half = math.sin((north_2 - north) / 2) ** 2
    half += math.cos(north) * math.cos(north_2) * math.sin((east_2 - east) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def attendance_is_far(came: int, expected: int | None) -> bool:
    """Whether a head count is less than half of the forecast, or more than double, by enough people to matter."""
    if expected is None or abs(came - expected) < FEWEST_PEOPLE:
        return came == 0
    return came * 2 < expected or came > expected * 2
