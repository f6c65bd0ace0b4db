"""Everybody whom the storm's notice is for: followers of every sort, units with a contact each, the staff who send it.

They are put into the database as if they had been with the bot for a while. Consents are given while it runs, through
the platform's subscription window, because the platform keeps them too.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.stage import Stage
from bot.demo import world
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account, Person, Role, Staff
from bot.rules.quota_plan import MASS_A_MONTH

AT_ONCE = 8  # subscription windows


@dataclass(frozen=True)
class Audience:
    """Openids by what is open to them. Of twenty: seven have written, one has agreed, eleven did neither, one had its four."""

    written: Sequence[str]
    agreed: Sequence[str]
    silent: Sequence[str]
    exhausted: Sequence[str]


def sort(openids: Sequence[str]) -> Audience:
    """Deal the followers out."""
    twentieth = len(openids) // 20
    rest = iter(openids)

    def take(count: int) -> list[str]:
        return list(islice(rest, count))

    return Audience(take(7 * twentieth), take(twentieth), take(11 * twentieth), list(rest))


def settle(stage: Stage, audience: Audience, units: int) -> None:
    """Put staff, contacts and followers into the database."""
    stage.people(units)
    now = stage.stack.clock.now()
    database = stage.database()
    with Session(database.writer) as session:
        for userid, name, role in world.STAFF:
            person = Person(name=name, created_at=now)
            session.add(person)
            session.flush()
            session.add(Staff(person_id=person.id, role=Role(role)))
            account = {"channel": WORK_GROUP, "external_id": userid, "direct": True, "first_seen_at": now}
            session.add(Account(**account, person_id=person.id))
        session.execute(insert(Account), list(_followers(audience, now)))
        session.commit()
    database.close()


def agree(stage: Stage, audience: Audience) -> None:
    """The subscription window of everybody who agrees; returns when the bot has heard of all."""

    def act(openid: str) -> None:
        stage.call(f"/official/{openid}/subscribe", {"template_id": world.SUBSCRIPTION})

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(act, audience.agreed))


def _followers(audience: Audience, now: datetime) -> Iterator[dict[str, Any]]:
    usual = {
        "channel": OFFICIAL_ACCOUNT, "following": True, "first_seen_at": now - timedelta(days=60),
        "last_action_at": now - timedelta(days=5), "mass_month": "", "mass_count": 0,
    }  # fmt: skip
    for openid in audience.written:
        yield {**usual, "external_id": openid, "last_action_at": now - timedelta(hours=1)}
    for openid in (*audience.agreed, *audience.silent):
        yield {**usual, "external_id": openid}
    for openid in audience.exhausted:
        yield {**usual, "external_id": openid, "mass_month": f"{now:%Y-%m}", "mass_count": MASS_A_MONTH}
