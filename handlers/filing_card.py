"""The confirmation card and the questions of a filing, as texts and buttons."""

from collections.abc import Collection

from bot.messaging.texts import say
from bot.messaging.types import Button, Card, Content
from bot.model import Filing, Unit
from bot.rules.masking import mask_phones_in
from bot.store.unit_of_work import UnitOfWork
from handlers.filing_draft import end_or_usual


def confirmation(
    work: UnitOfWork, filing: Filing, *, greeting: str = "", changed: Collection[str] = (), note: str = ""
) -> Content:
    """Everything the bot understood, to be confirmed before it counts as submitted."""
    text = say(
        "filing.card",
        filing=filing,
        end=end_or_usual(filing),
        greeting=greeting or filing.contact_name,
        changed=set(changed),
        note=note,
        remarks=mask_phones_in(filing.remarks),
        n=work.settings.programme.filing_working_days,
        year=work.settings.programme.year,
    )
    filing.card += 1
    buttons = (
        Button("提交", f"filing.submit:{filing.number}", "primary"),
        Button("修改", f"filing.change:{filing.number}"),
        Button("取消", f"filing.cancel:{filing.number}", "danger"),
    )
    card = Card(f"草稿 {filing.number}", f"filing-{filing.number}-{filing.card}", buttons)
    return Content(text, card=card)


def asked(
    filing: Filing, question: str, *, buttons: tuple[Button, ...] = (), lead: str = "", marker: str = "ask"
) -> Content:
    """A question of the dialogue, with what is known so far in front (``lead``)."""
    text = f"{lead}\n{question}".strip()
    if not buttons:
        return Content(text)
    filing.card += 1
    return Content(text, card=Card(f"草稿 {filing.number}", f"filing-{filing.number}-{marker}-{filing.card}", buttons))


def which_unit(units: list[Unit], task: str) -> Content:
    """Ask whom the person speaks for; every name is a button and a number."""
    buttons = tuple(Button(unit.name[:20], f"unit:{unit.id}") for unit in units[:6])
    return Content(say("filing.which_unit", units=units), card=Card("您代表哪个单位？", task, buttons))


def settled(task_id: str, title: str) -> Card:
    """What a card becomes once one of its buttons was pressed."""
    return Card(title=title, task_id=task_id, buttons=())
