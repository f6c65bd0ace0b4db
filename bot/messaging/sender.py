"""Who wrote: read and brought up to date for every message, so in Core's terms and not in the ORM's, which are dearer."""

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.messaging.types import OFFICIAL_ACCOUNT, Incoming
from bot.model import Account
from bot.store.prepared import Prepared
from bot.store.unit_of_work import UnitOfWork

# The 48 hours run from the last action; a minute more or less is inside what `reach` keeps in hand.
FRESH = timedelta(minutes=1)
# Events that the holder of the account did not cause, by which they left, or that somebody may cause who never came.
NOT_AN_ACTION = (
    "unsubscribe", "mass_finished", "template_finished", "publish_finished",
    "subscription_answered", "subscription_changed", "subscription_sent",
)  # fmt: skip
# A follower opens the 48 hours by writing; by a button of the menu, a code or a page of ours it is not opened.
OPENING = ("text", "voice", "image", "video", "file", "location", "link")

_TABLE: Any = Account.__table__
_COLUMNS = _TABLE.c
_FIND = Prepared(
    select(_COLUMNS.id, _COLUMNS.person_id, _COLUMNS.following, _COLUMNS.direct, _COLUMNS.last_action_at).where(
        _COLUMNS.channel == bindparam("channel"), _COLUMNS.external_id == bindparam("external_id")
    )
)
_MAKE: dict[str, Any] = {
    "sqlite": sqlite_insert(_TABLE).on_conflict_do_nothing(),
    "postgresql": postgres_insert(_TABLE).on_conflict_do_nothing(),
}
_RENEW = Prepared(
    update(_TABLE)
    .where(_COLUMNS.id == bindparam("which"))
    .values(last_action_at=bindparam("at"), following=bindparam("follows"), direct=bindparam("directly"))
)


class Sender(NamedTuple):
    """The account a message came from."""

    id: int
    person_id: int | None
    direct: bool


def sender_of(work: UnitOfWork, message: Incoming) -> Sender:
    """The account that wrote, made where it is new, with what this message tells of it."""
    connection = work.connection
    who = {"channel": message.channel, "external_id": message.account}
    found = _FIND.run(connection, who)
    if not found:
        # Another process may make it at the same moment; then its row is taken.
        connection.execute(_MAKE[connection.dialect.name], {**who, "first_seen_at": work.now})
        found = _FIND.run(connection, who)
    [row] = found
    if message.kind == "event" and message.event in NOT_AN_ACTION:
        return Sender(row.id, row.person_id, row.direct)
    opening = message.channel != OFFICIAL_ACCOUNT or message.kind in OPENING
    stale = opening and (row.last_action_at is None or work.now - row.last_action_at > FRESH)
    follows = row.following or message.channel == OFFICIAL_ACCOUNT
    direct = row.direct or not message.in_group
    if stale or (follows, direct) != (row.following, row.direct):
        at = work.now if stale else row.last_action_at
        _RENEW.run(connection, {"which": row.id, "at": at, "follows": follows, "directly": direct})
    return Sender(row.id, row.person_id, direct)
