"""Manners in a group: short, nothing personal, no flood. What does not fit there is said in direct chat."""

import re
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

from bot.messaging.texts import say
from bot.messaging.types import Card, Content, Incoming
from bot.rules.masking import mask_phones_in
from bot.rules.wording import clipped

ANSWERS_A_MINUTE = 10
MINUTE = timedelta(minutes=1)
# A heading and what fits beside it at a glance; a card to be confirmed has to be whole.
LINES, CARD_LINES = 7, 22
LETTERS = 500
SHOWN = 4  # lines of a long answer for somebody who cannot be written to
SHORT_WORDS = 20
TITLE = 26  # letters of a card

_ADDRESS = re.compile(r"(https?://\S+)")


class GroupGate:
    """How many answers each group got in the last minute. Used from one thread only, the writer's."""

    def __init__(self, limit: int = ANSWERS_A_MINUTE) -> None:
        self._limit = limit
        self._said: dict[str, deque[datetime]] = {}

    def is_busy(self, chat: str, now: datetime) -> bool:
        """Whether one more answer would be one too many."""
        times = self._said.get(chat)
        while times and times[0] <= now - MINUTE:
            times.popleft()
        return times is not None and len(times) >= self._limit

    def count(self, chat: str, now: datetime) -> None:
        """An answer goes into this group."""
        self._said.setdefault(chat, deque(maxlen=self._limit)).append(now)


def place(
    reply: Content | None, message: Incoming, *, direct: bool, busy: bool
) -> tuple[Content | None, Content | None]:
    """What is said in the group and what privately to the one who asked.

    ``direct``: whether they can be written to. In a busy group only those are answered there who cannot; and a long
    answer is theirs alone, or its beginning with the advice to write privately.
    """
    if reply is None or (busy and reply.optional):
        return None, None
    if busy and direct:
        return None, reply
    if not is_long(reply):
        return masked(reply), None
    if direct:
        return Content(say("inbox.sent_privately")), reply
    head = "\n".join(reply.text.splitlines()[:SHOWN])[:LETTERS]
    words = message.text.strip()
    how = say("inbox.write_privately", words=words if len(words) <= SHORT_WORDS else "")
    return masked(Content(f"{head}\n{how}")), None


def refused_click(reply: Content, message: Incoming) -> Content:
    """Why a button does nothing is said on the card, to whoever pressed it; the group need not hear of it."""
    card = Card(clipped(reply.text, TITLE), message.task_id, (), description=reply.text)
    return replace(reply, card=card, update_card=True, update_for=(message.account,))


def is_long(content: Content) -> bool:
    """Whether it is more than a group should have to read."""
    lines = len(content.text.splitlines())
    if content.card is not None and content.card.buttons:
        return lines > CARD_LINES
    return lines > LINES or len(content.text) > LETTERS


def masked(content: Content) -> Content:
    """Without whole telephone numbers; addresses of pages are left as they are."""
    card = content.card
    if card is not None:
        card = replace(card, title=_mask(card.title), description=_mask(card.description))
    return replace(content, text=_mask(content.text), card=card)


def _mask(text: str) -> str:
    parts = _ADDRESS.split(text)
    return "".join(part if at % 2 else mask_phones_in(part) for at, part in enumerate(parts))
