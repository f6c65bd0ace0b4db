"""The confirmation card, the card of an amendment and the questions of a filing, as texts and buttons."""

import re
from collections.abc import Collection

from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Filing, Unit
from bot.rules.filing import STANDING
from bot.rules.wording import clipped
from bot.store.unit_of_work import UnitOfWork
from handlers.filing.draft import end_or_usual
from handlers.filing.fields import Fields, differing

_TASK = re.compile(r"filing-\d{4}-\d{4,}-(\d+)")


def confirmation(
    work: UnitOfWork,
    filing: Filing,
    *,
    greeting: str = "",
    changed: Collection[str] = (),
    note: str = "",
    doubts: str = "",
) -> Content:
    """Everything the bot understood, to be confirmed before it counts as submitted."""
    text = say(
        "filing.card",
        filing=filing,
        shown=Fields.of(filing).masked(),
        end=end_or_usual(filing),
        greeting=greeting or filing.contact_name,
        changed=set(changed),
        note=note,
        doubts="" if note else doubts,  # one thing at a time: they come with the card to confirm
        year=work.settings.programme.year,
    )
    return _with_buttons(filing, text, f"草稿 {filing.number}", wait=bool(note))


def amendment(work: UnitOfWork, filing: Filing, *, greeting: str = "", note: str = "", doubts: str = "") -> Content:
    """Only what would change, old and new, to be confirmed before it counts."""
    before, after = Fields.of(filing).masked(), Fields.proposed(filing).masked()
    text = say(
        "filing.amendment",
        filing=filing,
        greeting=greeting,
        changes=changes(work, before, after),
        note=note,
        doubts="" if note else doubts,
    )
    return _with_buttons(filing, text, f"变更 {filing.number}", wait=bool(note))


def changes(work: UnitOfWork, before: Fields, after: Fields) -> str:
    """A line for everything that differs: old → new."""
    named = set(differing(before, after))
    return say("filing.changes", before=before, after=after, changed=named, year=work.settings.programme.year)


def is_outdated(filing: Filing, task_id: str) -> bool:
    """Whether a newer card of this filing has been shown since the one with this task id."""
    found = _TASK.fullmatch(task_id)
    return found is not None and int(found[1]) < filing.card


def asked(filing: Filing, question: str, *, lead: str = "", buttons: tuple[Button, ...] = ()) -> Content:
    """A question of the dialogue, with what is known so far in front (``lead``)."""
    text = f"{lead}\n{question}".strip()
    if not buttons:
        return Content(text)
    filing.card += 1
    title = f"{'变更' if filing.state in STANDING else '草稿'} {filing.number}"
    return Content(text, card=Card(title, f"filing-{filing.number}-{filing.card}", buttons))


def which_unit(units: list[Unit], task: str) -> Content:
    """Ask whom the person speaks for; every name is a button and a number."""
    buttons = tuple(Button(clipped(unit.name, 20), f"unit:{unit.id}") for unit in units[:6])
    return Content(say("filing.which_unit", units=units), card=Card("您代表哪个单位？", task, buttons))


def settled(task_id: str, title: str) -> Card:
    """What a card becomes once one of its buttons was pressed."""
    return Card(title=title, task_id=task_id, buttons=())


def _with_buttons(filing: Filing, text: str, title: str, *, wait: bool) -> Content:
    """``wait``: something is asked first, and a button to submit would only lead back to the question."""
    filing.card += 1
    if wait:
        return Content(text)
    buttons = (
        Button("提交", f"filing.submit:{filing.number}", "primary"),
        Button("修改", f"filing.change:{filing.number}"),
        Button("取消", f"filing.cancel:{filing.number}", "danger"),
    )
    return Content(text, card=Card(title, f"filing-{filing.number}-{filing.card}", buttons))
