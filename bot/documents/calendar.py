"""Filings as a calendar that phones and Outlook subscribe to (RFC 5545). No telephone number gets into it.

icalendar is imported on first use: many an office subscribes to none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.clock import CHINA
from bot.model import Filing, FilingState
from bot.rules.filing import USUAL_LENGTH
from bot.rules.masking import mask_phones_in
from bot.rules.wording import format_place, visible

if TYPE_CHECKING:
    from icalendar import Event, Timezone

MIME = "text/calendar"
REFRESH = timedelta(hours=1)  # how often to ask anew; what a phone really does is its own affair
SHOWN = (
    FilingState.SUBMITTED, FilingState.ACCEPTED, FilingState.AMENDED, FilingState.REPORTED, FilingState.VERIFIED,
    FilingState.QUERIED, FilingState.CANCELLED,
)  # fmt: skip
# What stands in front of a title while the office has not said yes, or the activity will not be.
_MARKS = {
    FilingState.SUBMITTED: "【待备案】",
    FilingState.AMENDED: "【变更待备案】",
    FilingState.CANCELLED: "【已取消】",
}
_STATUS = {
    FilingState.SUBMITTED: "TENTATIVE",
    FilingState.AMENDED: "TENTATIVE",
    FilingState.CANCELLED: "CANCELLED",
}


def feed(filings: Iterable[Filing], title: str, host: str) -> bytes:
    """The calendar ``title`` with an event for each filing that has a day.

    The same filings give the same bytes. ``host``: of the public address; makes an event's name unique in the world.
    """
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//kepu-bot//filings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(_line(title)))
    calendar.add("x-wr-timezone", CHINA.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_zone())
    for filing in filings:
        if filing.start is not None and filing.state in SHOWN:
            calendar.add_component(_event(filing, host))
    return bytes(calendar.to_ical())


def _zone() -> "Timezone":
    """China's time, the same all year since 1992. Old summer times would only confuse Outlook."""
    from icalendar import Timezone, TimezoneStandard

    zone, always = Timezone(), TimezoneStandard()
    zone.add("tzid", CHINA.key)
    always.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - local time, as the format wants it here
    always.add("tzoffsetfrom", timedelta(hours=8))
    always.add("tzoffsetto", timedelta(hours=8))
    always.add("tzname", "CST")
    zone.add_component(always)
    return zone


def _event(filing: Filing, host: str) -> "Event":
    from icalendar import Event

    event = Event()
    cancelled = filing.state == FilingState.CANCELLED
    event.add("uid", f"filing-{filing.number}@{host}")
    # Calendars take an event anew where its number has grown: with every version, and once more when it is cancelled.
    event.add("sequence", filing.version if cancelled else filing.version - 1)
    event.add("dtstamp", filing.updated_at)
    event.add("last-modified", filing.updated_at)
    event.add("status", _STATUS.get(FilingState(filing.state), "CONFIRMED"))
    event.add("summary", _MARKS.get(FilingState(filing.state), "") + _line(filing.name))
    event.add("location", _line(format_place(filing.town, filing.place)))
    event.add("description", _description(filing))
    _add_time(event, filing)
    return event


def _add_time(event: "Event", filing: Filing) -> None:
    start, end = filing.start, filing.end
    assert start is not None
    if filing.all_day:
        last = max(end.date(), start.date()) if end else start.date()
        event.add("dtstart", start.date())
        event.add("dtend", last + timedelta(days=1))  # the first day on which it is over
        event.add("transp", "TRANSPARENT")  # an exhibition of a month does not make one busy for a month
        return
    event.add("dtstart", start)
    event.add("dtend", end if end and end > start else start + USUAL_LENGTH)


def _description(filing: Filing) -> str:
    lines = [
        f"单位：{filing.unit.name}" if filing.unit else "",
        f"项目：{filing.project.name}" if filing.project else "",
        f"形式：{filing.kind}" if filing.kind else "",
        f"预计：{filing.attendance} 人" if filing.attendance else "",
        f"报备编号：{filing.number}",
    ]
    return _plain("\n".join(filter(None, lines)))


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    return mask_phones_in(visible(text))
