"""Claiming: which rows of a lane go next. One transaction marks them ``sending``, before any call leaves.

On PostgreSQL several processes share a lane: whoever claims holds the lane for that one transaction, so limits, the
order of each recipient's messages and the number under way are judged by one process at a time.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Row, Table, Text, bindparam, func, select, text, update
from sqlalchemy import cast as sql_cast

from bot.channels.base import Channel, Outgoing
from bot.delivery import chains, holding
from bot.delivery.leases import lease_end
from bot.delivery.outgoing import allowed_from
from bot.delivery.pacing import Limits
from bot.messaging.types import OFFICIAL_ACCOUNT, Content
from bot.model import Delivery, DeliveryState, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork

# With more than this due in its lane a run is large: several go at once, and after a crash several may be in doubt.
LARGE = 500
LOOKED_AT = 32  # rows; more are of no use to a lane that sends one at a time

_TABLE = cast(Table, Delivery.__table__)
_ROW = _TABLE.c
_DUE = (
    _ROW.state == DeliveryState.QUEUED,
    _ROW.lane == bindparam("of_lane"),
    _ROW.not_before <= bindparam("now"),
)
_COLUMNS = (
    _ROW.id, _ROW.channel, _ROW.method, _ROW.recipient, _ROW.urgent, _ROW.not_after, _ROW.attempts, _ROW.created_at,
    _ROW.platform_id,
    # Read as they stand, and understood only where the row is claimed: more are looked at than go.
    sql_cast(_ROW.recipients, Text).label("recipients"), sql_cast(_ROW.content, Text).label("content"),
)  # fmt: skip
_CANDIDATES = (
    select(*_COLUMNS)
    .where(*_DUE, _ROW.urgent == bindparam("urgent"))
    .order_by(_ROW.not_before, _ROW.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_COUNTED = select(_ROW.id).where(*_DUE).limit(LARGE + 1)
_NOT_PAUSED = (
    (_ROW.purpose != "notice") | _ROW.notice_id.is_(None) | _ROW.notice_id.not_in(bindparam("paused", expanding=True))
)
# Each statement twice: with nothing paused, as nearly always, it is answered from the index alone.
_CHOOSE = {False: _CANDIDATES, True: _CANDIDATES.where(_NOT_PAUSED)}
_COUNT = {
    False: select(func.count()).select_from(_COUNTED.subquery()),
    True: select(func.count()).select_from(_COUNTED.where(_NOT_PAUSED).subquery()),
}
_UNDER_WAY = select(_ROW.recipient).where(_ROW.state == DeliveryState.SENDING, _ROW.lane == bindparam("of_lane"))
_PAUSED = select(Notice.id).where(Notice.state == NoticeState.PAUSED)
_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:lane, 0))")
_QUIET = update(_TABLE).where(*_DUE, _ROW.urgent.is_(False)).values(not_before=bindparam("moment"))
_BY_ID = _ROW.id.in_(bindparam("ids", expanding=True))
_CLAIM = (
    update(_TABLE)
    .where(_BY_ID)
    .values(
        state=DeliveryState.SENDING,
        claimed_at=bindparam("now"),
        claimed_by=bindparam("by"),
        leased_until=bindparam("until"),
        attempts=_ROW.attempts + 1,
        pace_key=bindparam("pace"),
    )
)
_FAIL = update(_TABLE).where(_BY_ID).values(state=DeliveryState.FAILED, error=bindparam("why"))
_MARK = update(_TABLE).where(_BY_ID).values(pace_key=bindparam("pace"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this process sends now."""

    delivery_id: int
    channel: Channel
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class Taken:
    """What claiming gave. ``again``: there may be more at once; ``elsewhere``: another process holds the lane."""

    claims: list[Claim]
    wide: bool
    again: bool = False
    elsewhere: bool = False


def paused_notices(work: UnitOfWork) -> list[int]:
    """Notices whose rows wait until staff say so."""
    return list(work.session.scalars(_PAUSED))


def take(work: UnitOfWork, lane: str, channels: Mapping[str, Channel], *, by: str, under_way: int, wide: bool) -> Taken:
    """Claim what may go now in a lane that has ``under_way`` of this process; ``wide``: it already runs in large."""
    session = work.session
    if holding.is_held(session):
        return Taken([], wide)
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(_LOCK, {"lane": lane}):
        return Taken([], wide, elsewhere=True)
    paused = paused_notices(work)
    due: dict[str, Any] = {"of_lane": lane, "now": work.now} | ({"paused": paused} if paused else {})
    if not wide and lane == OFFICIAL_ACCOUNT:
        wide = (session.scalar(_COUNT[bool(paused)], due) or 0) > LARGE
    busy = list(session.scalars(_UNDER_WAY, {"of_lane": lane}))
    room = work.settings.notices.parallel - under_way if wide else 1 - len(busy)
    if room <= 0:
        return Taken([], wide)
    quiet = allowed_from(work)
    if quiet > work.now:
        session.execute(_QUIET, {"of_lane": lane, "now": work.now, "moment": quiet})
    rows = _candidates(work, due, max(room, LOOKED_AT))
    sorting = _Sorting(work, channels, set(busy), by)
    for row in rows:
        if len(sorting.claims) >= room:
            break
        sorting.judge(row)
    sorting.write()
    return Taken(sorting.claims, wide, again=sorting.judged > len(sorting.claims))


def _candidates(work: UnitOfWork, due: dict[str, Any], most: int) -> list[Row[Any]]:
    wish, found = _CHOOSE["paused" in due], list[Row[Any]]()
    for urgent in (True, False):
        if len(found) < most:
            found += work.session.execute(wish, {**due, "urgent": urgent, "most": most - len(found)})
    return found


class _Sorting:
    """Judges candidates in their order, then writes down what is to become of them."""

    def __init__(self, work: UnitOfWork, channels: Mapping[str, Channel], busy: set[str], by: str) -> None:
        self._work = work
        self._channels = channels
        self._busy = busy  # recipients with one under way: theirs go one after the other
        self._by = by
        self._limits = Limits(work)
        self._claimed: dict[str, list[int]] = {}
        self._failed: dict[str, list[int]] = {}
        self._waiting: dict[str, list[int]] = {}
        self.claims: list[Claim] = []
        self.judged = 0  # those that something is done about

    def judge(self, row: Row[Any]) -> None:
        channel = self._channels.get(row.channel)
        if channel is None:
            self._note(self._failed, "该渠道未配置", row.id)
        elif row.not_after and self._work.now > row.not_after:
            self._note(self._failed, "已过有效时间，未发送", row.id)
        elif row.recipient not in self._busy:
            self._claim(row, channel)

    def _claim(self, row: Row[Any], channel: Channel) -> None:
        outgoing = _outgoing(row)
        pace = channel.pace(outgoing)
        if pace is not None and not self._limits.take(pace):
            self._note(self._waiting, pace.key, row.id)
            return
        self._busy.add(row.recipient)
        self._note(self._claimed, pace.key if pace else "", row.id)
        self.claims.append(Claim(row.id, channel, outgoing))

    def write(self) -> None:
        session = self._work.session
        mark = {"now": self._work.now, "by": self._by, "until": lease_end()}
        for pace, ids in self._claimed.items():
            session.execute(_CLAIM, {**mark, "ids": ids, "pace": pace})
        for why, ids in self._failed.items():
            session.execute(_FAIL, {"ids": ids, "why": why})
            chains.drop(self._work, ids)
        for pace, ids in self._waiting.items():
            session.execute(_MARK, {"ids": ids, "pace": pace})
        self._limits.put_off()

    def _note(self, kept: dict[str, list[int]], key: str, number: int) -> None:
        kept.setdefault(key, []).append(number)
        self.judged += 1


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(
        recipient=row.recipient,
        content=_with_own_task(row),
        method=row.method,
        recipients=tuple(json.loads(row.recipients or "null") or ()),
        key=_key(row),
    )


def _key(row: Row[Any]) -> str:
    """With its birth: a restored database gives a number out again, and the platform knows a key for a day.

    Where the platform took it and then reported that it failed, sending it again is a job of its own.
    """
    key = f"kepu-{row.id}-{row.created_at.timestamp():.0f}"
    return f"{key}-{row.platform_id[-20:]}" if row.platform_id else key


def _with_own_task(row: Row[Any]) -> Content:
    """The content of a row; its card under a task id of its own, because the platform takes each id only once."""
    content = Content.from_json(json.loads(row.content))
    if content.card is None:
        return content
    task_id = f"{content.card.task_id}-{row.id}-{row.attempts + 1}"
    return replace(content, card=replace(content.card, task_id=task_id))


def due_lanes(work: UnitOfWork, elsewhere: Collection[str]) -> tuple[list[str], float | None]:
    """The lanes that have something due, and the seconds until the next of their rows falls due (None: no more).

    Without the lanes of channels that another process serves.
    """
    if holding.is_held(work.session):
        return [], None
    paused = paused_notices(work)
    wish = select(_ROW.lane, func.min(_ROW.not_before)).where(_ROW.state == DeliveryState.QUEUED).group_by(_ROW.lane)
    if paused:
        wish = wish.where(_NOT_PAUSED)
    found = work.session.execute(wish, {"paused": paused} if paused else {})
    rows = [(lane, moment) for lane, moment in found if channel_of(lane) not in elsewhere]
    later: Iterable[float] = ((moment - work.now).total_seconds() for _, moment in rows if moment > work.now)
    return [lane for lane, moment in rows if moment <= work.now], min(later, default=None)


def channel_of(lane: str) -> str:
    """The channel whose lane this is."""
    return lane.partition(":")[0]
