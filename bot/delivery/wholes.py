"""A message before it was divided, kept with the first of its parts: another way divides it in another manner."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from bot.delivery import forms
from bot.messaging.types import Content, File
from bot.model import Delivery
from bot.store.unit_of_work import UnitOfWork


def contents(content: Content, channel: str, method: str) -> list[dict[str, Any]]:
    """What the rows of a message hold, in order; the first of several holds the whole as well."""
    held = [part.to_json() for part in forms.parts(content, channel, method)]
    if len(held) > 1:
        held[0]["whole"] = content.to_json() | {"files": [asdict(one) for one in content.files]}
    return held


def whole_of(work: UnitOfWork, row: Delivery) -> Content:
    """The message that this row carries all or a part of."""
    first = row
    while first.follows is not None:
        first = work.session.scalars(select(Delivery).where(Delivery.dedupe_key == first.follows)).one()
    held = first.content.get("whole")
    if held is None:
        return Content.from_json(row.content)
    return replace(Content.from_json(held), files=tuple(File(**one) for one in held["files"]))
