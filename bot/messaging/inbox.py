"""The inbox: every message, once. Duplicate check, handler, rows and reply in one transaction."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.errors import UserError
from bot.messaging.router import Dispatch
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import OFFICIAL_ACCOUNT, Content, Incoming
from bot.model import Account, Conversation, InboxMessage
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

# The platforms give up after 5 s; the rest of the way needs its share.
PATIENCE = 4.0
MESSAGES_A_MINUTE = 60
LONGEST_TEXT = 20_000

# Events that the holder of the account did not cause, or by which they left.
NOT_AN_ACTION = ("unsubscribe", "mass_finished", "template_finished", "publish_finished")

AnswerLater = Callable[[UnitOfWork, Incoming, Account, Content], None]


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

    async def receive(self, message: Incoming, *, patience: float = PATIENCE) -> Content | None:
        """Handle one message; gives the answer, or None for silence.

        A message that came before gets the answer it got then. Past ``patience`` seconds the answer is a
        word of patience, and the real one is pushed when it is ready.
        """
        waiter = _Waiter()
        future = asyncio.wrap_future(self._writer.submit(lambda work: self._process(work, message, waiter)))
        done, _ = await asyncio.wait({future}, timeout=patience)
        if not done and waiter.take("patience"):
            future.add_done_callback(_log_fault)
            return Content(say("inbox.later"))
        return await future

    def _process(self, work: UnitOfWork, message: Incoming, waiter: _Waiter) -> Content | None:
        stored_id = self._first_time(work, message)
        if stored_id is None:
            return self._answered_before(work, message)
        account = self._account(work, message)
        reply = self._answer(work, message, account)
        held = reply.to_json() if reply is not None else None
        change = update(InboxMessage).where(InboxMessage.id == stored_id)
        work.session.execute(change.values(account_id=account.id, reply=held))
        if reply is not None and not waiter.take("answer"):
            self._answer_later(work, message, account, reply)
        return reply

    def _answer(self, work: UnitOfWork, message: Incoming, account: Account) -> Content | None:
        if self._over_the_limit(work, account):
            return self._say_once_that_it_is_too_much(work, account)
        if len(message.text) > LONGEST_TEXT:
            # What comes in is capped long before; this keeps a text of many pages out of every handler.
            return Content(say("inbox.too_long", limit=LONGEST_TEXT))
        try:
            with work.session.begin_nested():
                reply = self._dispatch(Turn(work, message, account))
                work.session.flush()
                return reply
        except UserError as refusal:
            return Content(str(refusal))
        except Exception:
            log.exception("handler_failed", channel=message.channel, kind=message.kind, account=account.id)
            return Content(say("inbox.broken"))

    def _account(self, work: UnitOfWork, message: Incoming) -> Account:
        wish = select(Account).where(Account.channel == message.channel, Account.external_id == message.account)
        account = work.session.scalars(wish).first()
        if account is None:
            account = Account(
                channel=message.channel,
                external_id=message.account,
                first_seen_at=work.now,
            )
            work.session.add(account)
            work.session.flush()
        if message.kind != "event" or message.event not in (
            "unsubscribe",
            "mass_finished",
            "template_finished",
        ):
            account.last_action_at = work.now
            account.following = message.channel == OFFICIAL_ACCOUNT
            account.direct = account.direct or not message.in_group
        return account

    def _first_time(self, work: UnitOfWork, message: Incoming) -> int | None:
        """Claim the message; None when it was here before. Two at once: the second waits, then sees the first."""
        insert: Any = sqlite_insert if work.session.get_bind().dialect.name == "sqlite" else postgres_insert
        claim = (
            insert(InboxMessage)
            .values(
                channel=message.channel,
                message_id=message.message_id,
                received_at=work.now,
            )
            .on_conflict_do_nothing()
            .returning(InboxMessage.id)
        )
        stored: int | None = work.session.execute(claim).scalar()
        return stored

    def _answered_before(self, work: UnitOfWork, message: Incoming) -> Content | None:
        wish = select(InboxMessage.reply).where(
            InboxMessage.channel == message.channel, InboxMessage.message_id == message.message_id
        )
        if message.channel != OFFICIAL_ACCOUNT:
            # The work group shows every answer it is given; only the official account shows one of several.
            return None
        held = work.session.scalar(wish)
        return replace(Content.from_json(held), update_card=False) if held else None

    def _over_the_limit(self, work: UnitOfWork, account: Account) -> bool:
        since = work.now - timedelta(minutes=1)
        wish = (
            select(func.count())
            .select_from(InboxMessage)
            .where(InboxMessage.account_id == account.id, InboxMessage.received_at > since)
        )
        return (work.session.scalar(wish) or 0) >= MESSAGES_A_MINUTE

    def _say_once_that_it_is_too_much(self, work: UnitOfWork, account: Account) -> Content | None:
        """A sentence once a minute, then silence until the account slows down."""
        conversation = work.session.get(Conversation, account.id)
        if conversation is None:
            conversation = Conversation(account_id=account.id, topic="", state={}, updated_at=work.now)
            work.session.add(conversation)
        if conversation.limited_at and work.now - conversation.limited_at < timedelta(minutes=1):
            return None
        conversation.limited_at = work.now
        return Content(say("inbox.too_many"))


def _log_fault(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled() and future.exception() is not None:
        log.error("late_answer_failed", fault=type(future.exception()).__name__)
