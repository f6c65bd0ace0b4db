"""The inbox: every message, once. Handler, duplicate check, rows and reply in one transaction."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.errors import UserError
from bot.messaging import manners
from bot.messaging.flood import FloodGate
from bot.messaging.router import Dispatch
from bot.messaging.sender import Sender, sender_of
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, Incoming
from bot.model import InboxMessage
from bot.rules.wording import visible
from bot.store.prepared import Prepared
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

# The platforms give up after 5 s; the rest of the way needs its share.
PATIENCE = 4.0
LONGEST_TEXT = 20_000

_REPLY = Prepared(
    select(InboxMessage.reply).where(
        InboxMessage.channel == bindparam("channel"), InboxMessage.message_id == bindparam("message_id")
    )
)
_TABLE: Any = InboxMessage.__table__
# Where a message may come again and wants the answer it got then; elsewhere no answer is kept: it may hold a code.
ASKS_AGAIN = (OFFICIAL_ACCOUNT,)
_COLUMNS = ("channel", "message_id", "account_id", "received_at", "reply")
_STORE = {
    "sqlite": Prepared(sqlite_insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id), _COLUMNS),
    "postgresql": Prepared(postgres_insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id), _COLUMNS),
}

AnswerLater = Callable[[UnitOfWork, Incoming, Content], None]


class _Repeated(Exception):
    """The message was here before; what its handler did just now is undone."""


class _Waiter:
    """Settles, once and for all, whether the answer goes back at once or is pushed later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = ""

    def take(self, who: str) -> bool:
        with self._lock:
            self._taken = self._taken or who
            return self._taken == who


class Inbox:
    """Takes what the channels bring and gives back what to answer."""

    def __init__(self, writer: Writer, dispatch: Dispatch, answer_later: AnswerLater) -> None:
        self._writer = writer
        self._dispatch = dispatch
        self._answer_later = answer_later
        self._gate = FloodGate()
        self._groups = manners.GroupGate()

    async def receive(self, message: Incoming, *, patience: float = PATIENCE) -> Content | None:
        """Handle one message; gives the answer, or None for silence.

        A message that came before gets the answer it got then. Past ``patience`` seconds the answer is a
        word of patience, and the real one is pushed when it is ready. Whoever stops waiting stops nothing.
        """
        waiter = _Waiter()
        handling = asyncio.create_task(self._handle(message, waiter))
        try:
            done, _ = await asyncio.wait({handling}, timeout=patience)
            if not done and not waiter.take("patience"):  # it is about to commit
                done, _ = await asyncio.wait({handling})
        finally:
            if not handling.done():
                handling.add_done_callback(_log_fault)
        return handling.result() if done else Content(say("inbox.later"))

    async def _handle(self, message: Incoming, waiter: _Waiter) -> Content | None:
        """One transaction; a second one only where the first was undone, by a refusal or because it had been made."""
        run = self._writer.run
        try:
            return await run(lambda work: self._process(work, message, waiter))
        except _Repeated:
            return await run(lambda work: _answered_before(work, message))
        except UserError as refusal:
            said = Content(str(refusal))
            if message.kind == "click" and message.in_group:
                said = manners.refused_click(said, message)
        except Exception:
            log.exception("handler_failed", channel=message.channel, kind=message.kind)
            said = Content(say("inbox.broken"))
        try:
            return await run(lambda work: self._keep(work, message, waiter, sender_of(work, message), said))
        except _Repeated:
            return await run(lambda work: _answered_before(work, message))

    def _process(self, work: UnitOfWork, message: Incoming, waiter: _Waiter) -> Content | None:
        if self._gate.is_over(message, work.now):
            reply = Content(say("inbox.too_many")) if self._gate.tells(message, work.now) else None
            return self._keep(work, message, waiter, sender_of(work, message), reply)
        sender = sender_of(work, message)
        if len(message.text) > LONGEST_TEXT:
            raise UserError(say("inbox.too_long", limit=LONGEST_TEXT))
        text = visible(message.text)  # a command with a character in it that shows nothing is a command
        seen = message if text == message.text else replace(message, text=text)
        return self._keep(work, message, waiter, sender, self._dispatch(Turn(work, seen, sender)))

    def _keep(
        self, work: UnitOfWork, message: Incoming, waiter: _Waiter, sender: Sender, reply: Content | None
    ) -> Content | None:
        """Keep that the message came and what was answered. Its row is what makes it once: two at once, in however
        many processes, and the second finds the first's row and is undone."""
        reply = self._with_manners(work, message, sender, reply)
        row = {
            "channel": message.channel,
            "message_id": message.message_id,
            "account_id": sender.id,
            "received_at": work.now,
            "reply": reply.to_json() if reply is not None and message.channel in ASKS_AGAIN else None,
        }
        connection = work.connection
        if not _STORE[connection.dialect.name].run(connection, row):
            raise _Repeated
        if reply is not None and not waiter.take("answer"):
            self._answer_later(work, message, reply)
        return reply

    def _with_manners(
        self, work: UnitOfWork, message: Incoming, sender: Sender, reply: Content | None
    ) -> Content | None:
        """What goes back as the answer to the message; what belongs elsewhere is queued."""
        if reply is None or message.channel != WORK_GROUP:
            return reply
        settled, said = (replace(reply, following=None), reply.following) if reply.update_card else (None, reply)
        privately = None
        if message.in_group:
            busy = self._groups.is_busy(message.chat, work.now)
            said, privately = manners.place(said, message, direct=sender.direct, busy=busy)
            settled = manners.masked(settled) if settled is not None else None
            if said is not None:
                self._groups.count(message.chat, work.now)
        if privately is not None:
            to_one = replace(message, chat="", message_id=f"{message.message_id}:private")
            self._answer_later(work, to_one, privately)
        if settled is not None and said is not None:
            self._answer_later(work, replace(message, message_id=f"{message.message_id}:next"), said)
        return settled or said


def _answered_before(work: UnitOfWork, message: Incoming) -> Content | None:
    if message.channel not in ASKS_AGAIN:
        return None
    where = {"channel": message.channel, "message_id": message.message_id}
    [held] = _REPLY.run(work.connection, where) or [None]
    return replace(Content.from_json(held.reply), update_card=False) if held and held.reply else None


def _log_fault(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled() and future.exception() is not None:
        log.error("late_answer_failed", fault=type(future.exception()).__name__)
