"""Days and hours as a spreadsheet stores them: 44128 is 24 October 2020, 0.375 is nine o'clock."""

import re
from datetime import datetime, timedelta

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # a spreadsheet's day has no zone
FIRST, LAST = 40_000, 60_000  # mid-2009 to 2064: what else is a number is left as it is
_SERIAL = re.compile(r"(?<![\d.])(\d{5})(\.\d{1,17})?(?![\d.])")
_FRACTION = re.compile(r"(?<![\d.])0?(\.\d{2,17})(?![\d.])")
_MIDNIGHT = re.compile(r"(?<=\d)[ T]0{1,2}:00(?::00)?(?:\.0+)?(?=$|[ ,，、~至到\-])")


def dated(written: str) -> str:
    """A cell of dates or hours with a spreadsheet's numbers written out, and without the midnight of a mere date."""
    return _FRACTION.sub(_hours, _SERIAL.sub(_day, _MIDNIGHT.sub("", written)))


def plain(written: str) -> str:
    """The same for a cell of which it is not known what it holds: only where it is nothing but such a number."""
    if _SERIAL.fullmatch(written) or re.fullmatch(r"0\.\d{2,17}", written):
        return dated(written)
    return _MIDNIGHT.sub("", written)


def _day(found: re.Match[str]) -> str:
    whole = int(found[1])
    if not FIRST <= whole <= LAST:
        return found.group()
    moment = _EPOCH + timedelta(days=whole)
    hours = f" {_clock(float(found[2]))}" if found[2] and float(found[2]) else ""
    return f"{moment.year}年{moment.month}月{moment.day}日{hours}"


def _hours(found: re.Match[str]) -> str:
    return _clock(float(found[1]))


def _clock(fraction: float) -> str:
    minutes = round(fraction * 24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
