"""What passes between the handlers, which know the rules, and the web, which shows the filing page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import UserError


class ClosedLink(UserError):
    """A secret link that opens nothing for whoever asks; its words say how to get another.

    ``why``: unknown · over · taken (by another browser) · missing (the file is gone).
    """

    def __init__(self, why: str, words: str) -> None:
        super().__init__(words)
        self.why = why


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several to choose from."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Timing:
    """The line about the last day to file. ``kind``: unknown · in_time · late · over."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """The page of one filing: the inputs while it is open, what was filed (``filed``, ``next``) once it is not.

    ``values``: what stands in the inputs. ``before``: what the filing holds, by which a change is known as one.
    ``faults``: a sentence beside an input. ``look_again``: the question about a day that wants a tick (``sure``).
    """

    number: str
    heading: str
    state: str
    open: bool
    unit: str = ""
    filed: str = ""
    next: str = ""
    done: bool = False  # nothing more is to be done at the page
    units: tuple[Choice, ...] = ()
    projects: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    weekday: str = ""
    look_again: str = ""
    sure: str = ""  # the day that a tick is about
    options: tuple[Choice, ...] = ()  # days that the chat was in doubt between
    timing: Timing = Timing("unknown", "")
    doubts: str = ""
    phone: str = ""  # masked
    own: str = ""  # the visitor's own name and masked telephone, where the page may take them over
    photos: tuple[int, ...] = ()
    most_photos: int = 0
    gaps: str = ""
    saved: str = ""  # when, as HH:MM
