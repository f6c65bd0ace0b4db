"""A small office for tests: the real inbox, writer, schedules and database, with people who write to it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import CHINA
from bot.delivery.outgoing import answer_later
from bot.messaging.inbox import Inbox
from bot.messaging.router import Dispatch, Router
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, Incoming
from bot.model import Account, Delivery, Membership, Person, Project, Staff, Unit
from bot.settings import Settings, check
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer
from tests.engines import share_compiled

GROUP = "wrTestGroup"
MONDAY = "2020-10-12T10:00:00+08:00"
SETTINGS: dict[str, Any] = {
    "programme": {"name": "2020年度科普专项", "year": 2020, "filing_working_days": 3},
    "server": {"public_url": "https://bot.example.org"},
    "official_account": {
        "app_id": "wx1",
        "app_secret": "s" * 32,
        "token": "token",
        "encoding_aes_key": "a" * 43,
    },
    "work_group": {"bot_id": "b", "secret": "s", "groups": [{"name": "项目工作群", "chat_id": GROUP}]},
}


class SettableClock:
    """Shows what it was set to."""

    def __init__(self, moment: str) -> None:
        self.moment = datetime.fromisoformat(moment)

    def now(self) -> datetime:
        return self.moment.astimezone(CHINA)


class Office:
    """One installation of the bot without its platforms: messages go in by `say`, answers come back."""

    def __init__(
        self, database_url: str, settings: dict[str, Any] | None = None, start: str = MONDAY,
        routers: Sequence[Router] | None = None,
    ) -> None:  # fmt: skip
        self.clock = SettableClock(start)
        self._folder = tempfile.TemporaryDirectory()
        given = {"database": {"url": database_url}, "storage": {"folder": self._folder.name}}
        self.settings: Settings = check({**SETTINGS, **(settings or {}), **given})
        self.database = Database(database_url)
        share_compiled(self.database)
        self.writer = Writer(self.database, self.settings, self.clock)
        self.writer.start()
        if routers is None:
            from bot.app import ROUTERS

            routers = ROUTERS
        self.inbox = Inbox(self.writer, Dispatch(routers), answer_later)
        self._next_message = 0
        self._inside: UnitOfWork | None = None

    def close(self) -> None:
        self.writer.close()
        self.database.close()
        self._folder.cleanup()

    def at(self, moment: str | datetime) -> None:
        """Move the clock; a string without a zone is China's time."""
        when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.clock.moment = when if when.tzinfo else when.replace(tzinfo=CHINA)

    def do(self, change: Any) -> Any:
        """Run a change in a transaction of its own."""
        return change(self._inside) if self._inside else self.writer.submit(change).result()

    def at_once(self, changes: Callable[[], None]) -> None:
        """All changes that the call makes share a transaction: each of their own costs as much as all."""

        def act(work: UnitOfWork) -> None:
            self._inside = work
            try:
                changes()
            finally:
                self._inside = None

        self.do(act)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for looking."""
        with self.database.read() as session:
            yield session

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with self.session() as session:
            return list(session.scalars(select(table).where(*where).order_by(*table.__mapper__.primary_key)))

    def unit(self, name: str, town: str = "", project: str | None = None) -> int:
        def act(work: UnitOfWork) -> int:
            made = Unit(name=name, town=town)
            work.session.add(made)
            work.session.flush()
            if project:
                work.session.add(Project(unit_id=made.id, year=2020, name=project))
            return made.id

        return int(self.do(act))

    def contact(
        self, userid: str, name: str, *units: str, channel: str = WORK_GROUP, direct: bool = True, phone: str = ""
    ) -> int:
        """Somebody bound to these units; gives the person's id."""

        def act(work: UnitOfWork) -> int:
            person = self._person(work, userid, name, channel, direct, phone)
            for unit_name in units:
                unit = work.session.scalars(select(Unit).where(Unit.name == unit_name)).one()
                work.session.add(Membership(person_id=person.id, unit_id=unit.id))
            return person.id

        return int(self.do(act))

    def staff(self, userid: str, name: str, role: str, *, direct: bool = True) -> int:
        def act(work: UnitOfWork) -> int:
            person = self._person(work, userid, name, WORK_GROUP, direct, "")
            work.session.add(Staff(person_id=person.id, role=role))
            return person.id

        return int(self.do(act))

    def follower(self, openid: str) -> Content | None:
        return self.event(openid, "subscribe")

    def say(self, account: str, text: str, *, chat: str = "", channel: str = WORK_GROUP, **more: Any) -> Content | None:
        """Write to the bot and get its answer."""
        return self.bring(self._message(account, chat, channel, kind="text", text=text, **more))

    def click(self, account: str, key: str, *, chat: str = "", task_id: str = "task") -> Content | None:
        return self.bring(self._message(account, chat, WORK_GROUP, kind="click", key=key, task_id=task_id))

    def event(self, account: str, name: str, key: str = "", channel: str = OFFICIAL_ACCOUNT) -> Content | None:
        return self.bring(self._message(account, "", channel, kind="event", event=name, key=key))

    def bring(self, message: Incoming) -> Content | None:
        import asyncio

        return asyncio.run(self.inbox.receive(message, patience=60))

    def tick(self) -> list[str]:
        """Run every schedule that is due."""
        import schedules

        return schedules.run_due(self.writer)

    def outbox(self, purpose: str | None = None, state: str | None = "queued") -> list[Delivery]:
        """What was queued to go out."""
        found: list[Delivery] = self.rows(Delivery)
        return [one for one in found if (not purpose or one.purpose == purpose) and (not state or one.state == state)]

    def _message(self, account: str, chat: str, channel: str, **fields: Any) -> Incoming:
        self._next_message += 1
        message_id = fields.pop("message_id", None) or f"m{self._next_message}"
        message = Incoming(channel=channel, message_id=message_id, account=account, at=self.clock.now(), chat=chat)
        return replace(message, **fields)

    def _person(self, work: UnitOfWork, external_id: str, name: str, channel: str, direct: bool, phone: str) -> Person:
        person = Person(name=name, phone=phone, created_at=work.now)
        work.session.add(person)
        work.session.flush()
        account = Account(
            channel=channel,
            external_id=external_id,
            person_id=person.id,
            direct=direct,
            following=channel == OFFICIAL_ACCOUNT,
            first_seen_at=work.now,
            last_action_at=work.now,
        )
        work.session.add(account)
        work.session.flush()
        return person
