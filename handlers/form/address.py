"""The address of the filing page for one draft and one person; whoever opens it first has it."""

from dataclasses import replace
from datetime import timedelta

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Filing
from bot.store import links

LIFE = timedelta(hours=24)


def make_link(turn: Turn, filing: Filing) -> str:
    """A new link; empty where the server has no public address."""
    who = {"account_id": turn.account.id, "person_id": turn.account.person_id}
    return links.make(turn.work, "form", life=LIFE, filing_id=filing.id, **who)


def with_hint(turn: Turn, filing: Filing, content: Content) -> Content:
    """A card with a line that leads to the page: never in a group, where others read along."""
    if turn.message.in_group or not turn.units:
        return content
    address = make_link(turn, filing)
    return replace(content, text=f"{content.text}\n{say('form.hint', link=address)}") if address else content
