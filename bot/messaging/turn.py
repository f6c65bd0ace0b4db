"""One turn of a conversation: a message, who wrote it, and where the talk stands."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bot.messaging.sender import Sender
from bot.messaging.types import Incoming
from bot.model import Account, Conversation, Person, Role, Unit
from bot.settings import Settings
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork


@dataclass
class Turn:
    """What a handler gets. ``argument`` is what its route caught: the rest of a command or of a button's key."""

    work: UnitOfWork
    message: Incoming
    sender: Sender | Account  # what the inbox read of the account's row, or the row where it is at hand
    argument: str = ""
    groups: tuple[str, ...] = field(default=())

    @property
    def session(self) -> Session:
        return self.work.session

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def settings(self) -> Settings:
        return self.work.settings

    @property
    def text(self) -> str:
        return self.message.text

    @cached_property
    def account(self) -> Account:
        """The account's row, for what `sender` does not tell, and to change it."""
        return self.sender if isinstance(self.sender, Account) else self.session.get_one(Account, self.sender.id)

    @property
    def person_id(self) -> int | None:
        """Who holds the account; a handler may just have bound it."""
        held: Sender | Account = self.__dict__.get("account", self.sender)
        return held.person_id

    @cached_property
    def person(self) -> Person | None:
        return self.session.get(Person, self.person_id) if self.person_id else None

    @cached_property
    def role(self) -> Role | None:
        return directory.role_of(self.session, self.person_id) if self.person_id else None

    @cached_property
    def units(self) -> list[Unit]:
        return directory.units_of(self.session, self.person_id) if self.person_id else []

    @cached_property
    def conversation(self) -> Conversation:
        found = self.session.get(Conversation, self.sender.id)
        if found is None:
            found = Conversation(account_id=self.sender.id, topic="", state={}, updated_at=self.now)
            self.session.add(found)
        return found

    @property
    def topic(self) -> str:
        return self.conversation.topic

    def talk(self, topic: str, **state: Any) -> None:
        """From here on the conversation is about ``topic``, with this memory."""
        self.conversation.topic = topic
        self.conversation.state = state
        self.conversation.updated_at = self.now

    def stop_talking(self) -> None:
        """The dialogue is over; the next message starts afresh."""
        self.talk("")

    def card_id(self, what: str) -> str:
        """A task id for a card of this answer: the platform refuses one that it has seen, even a second later."""
        mark = hashlib.blake2b(self.message.message_id.encode(errors="replace"), digest_size=8).hexdigest()
        return f"{what}-{mark}"

    @property
    def actor(self) -> str:
        """Who this is, for the audit."""
        return f"person:{self.person_id}" if self.person_id else f"account:{self.sender.id}"

    @property
    def place(self) -> str:
        """Where this was said, for the record."""
        if self.message.kind == "form":
            return "form"  # the page stands apart from the chat that led to it
        return f"{self.message.channel}:{'group' if self.message.in_group else 'direct'}"

    def forget_who(self) -> None:
        """After a binding changed: look the person, the role and the units up again."""
        for name in ("person", "role", "units"):
            self.__dict__.pop(name, None)
