"""The fields of a filing as values: as they stand, as an amendment would have them, as a version kept them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from bot.clock import CHINA
from bot.model import Filing
from bot.rules.filing import usual_end
from bot.rules.masking import mask_phone, mask_phones_in
from bot.rules.towns import find_town
from bot.rules.understanding import Found

FIELDS = (
    "name", "start", "end", "all_day", "place", "town", "kind", "audience", "attendance", "contact_name",
    "contact_phone", "summary", "budget", "media_invited", "remarks",
)  # fmt: skip
MOMENTS = ("start", "end")
# Longer than any honest name or address; what is over goes to the remarks.
LONGEST = {"name": 100, "place": 200, "audience": 100, "contact_name": 40, "contact_phone": 40, "budget": 40}


@dataclass(frozen=True, slots=True)
class Fields:
    """What a filing says. Has the names that the texts use, so a text shows it as it shows the filing itself."""

    name: str = ""
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    place: str = ""
    town: str = ""
    kind: str = ""
    audience: str = ""
    attendance: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    summary: str = ""
    budget: str = ""
    media_invited: bool | None = None
    remarks: str = ""

    @classmethod
    def of(cls, filing: Filing) -> "Fields":
        """As the filing stands."""
        return cls(**{name: getattr(filing, name) for name in FIELDS})

    @classmethod
    def proposed(cls, filing: Filing) -> "Fields":
        """As the amendment under way would have them; as the filing stands where there is none."""
        return replace(cls.of(filing), **from_json(filing.pending or {}))

    @classmethod
    def kept(cls, held: Mapping[str, Any]) -> "Fields":
        """As a version kept them."""
        return cls(**from_json(held))

    @property
    def usual_end(self) -> datetime | None:
        """The end that was said, or two hours after the start."""
        return usual_end(self.start, self.end, self.all_day)

    def masked(self) -> "Fields":
        """The same without whole telephone numbers."""
        remarks, summary = mask_phones_in(self.remarks), mask_phones_in(self.summary)
        phone = mask_phone(self.contact_phone) if self.contact_phone else ""
        return replace(self, contact_phone=phone, remarks=remarks, summary=summary)

    def as_dict(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as JSON keeps them: moments as ISO text."""
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}


def from_json(held: Mapping[str, Any]) -> dict[str, Any]:
    """The fields out of what JSON kept; what is no field (the reason for lateness) stays behind."""
    return {
        name: datetime.fromisoformat(one).astimezone(CHINA) if name in MOMENTS and one else one
        for name, one in held.items()
        if name in FIELDS
    }


def differing(before: Fields, after: Fields) -> list[str]:
    """The names of the fields that differ, in their usual order."""
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def understood(held: Fields, found: Mapping[str, Found], remarks: str = "") -> dict[str, Any]:
    """What was understood as new values of fields, and only those that change; no word of it is lost."""
    new: dict[str, Any] = {}
    left = [remarks] if remarks else []
    for name, one in found.items():
        # What stands under the label 备注 is part of ``remarks`` already, where there are any.
        if name in FIELDS and not (name == "remarks" and remarks):
            new[name], over = _fitting(name, one.value)
            left += [over] if over else []
    changed = {name: value for name, value in new.items() if getattr(held, name) != value}
    if "start" in changed and "end" not in found and held.end is not None:
        changed["end"] = None  # it belonged to the old start
    if "place" in changed and "town" not in found:
        town = find_town(changed["place"])
        changed["town"] = town.name if town else ""
    if "occurrences" in found and len(found["occurrences"].value) > 1:
        left.insert(0, found["occurrences"].text)
    if left:
        changed["remarks"] = "\n".join(filter(None, (changed.get("remarks", held.remarks), *left)))
    return changed


def _fitting(name: str, value: Any) -> tuple[Any, str]:
    """A value as its field takes it, and what of it was too long."""
    if name == "town":
        return value or "", ""
    if name == "budget":
        value = f"{value}元" if isinstance(value, int) else str(value)
    limit = LONGEST.get(name)
    if limit is not None and isinstance(value, str) and len(value) > limit:
        return value[:limit], value
    return value, ""
