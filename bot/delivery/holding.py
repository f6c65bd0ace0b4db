"""Held: a database that was restored from a backup, or copied elsewhere, must not send by itself.

The database's ``generation`` grows at every start, every hour, and before anything goes out; a small file in the storage
folder notes it as well. A database behind its file is an older state of itself: what it believes is still to be sent may
long have been. A database without its file stands somewhere else. Either starts held until an operator releases it.
"""

import asyncio
import json
import os
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.errors import ConfigError
from bot.model import Delivery, DeliveryState, Installation, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

log = structlog.get_logger()

MARKER = "installation.json"
HOURLY = timedelta(hours=1).total_seconds()
# While something goes out; so much of it a restored backup could repeat without being noticed.
WHILE_SENDING = 10.0

_TO_GO = (DeliveryState.WAITING, DeliveryState.QUEUED, DeliveryState.SENDING)
_HELD = select(Installation.held_at, Installation.held_why)


@dataclass(frozen=True, slots=True)
class Marker:
    """What the file in the storage folder says."""

    name: str
    generation: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What would go out after a release."""

    deliveries: int
    notices: int


def read_marker(folder: Path) -> Marker | None:
    """None where there is no file; raises `ConfigError` for one that cannot be read."""
    path = folder / MARKER
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Marker(str(held["name"]), int(held["generation"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(f"读不了 {path}。它记着本安装的编号；如已损坏请删除它，再运行 kepu-bot release。") from None


def write_marker(folder: Path, marker: Marker) -> None:
    """Whole or not at all, and on the disk when this returns."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{MARKER}.{secrets.token_hex(4)}.tmp"
    with beside.open("w", encoding="utf-8") as out:
        json.dump({"name": marker.name, "generation": marker.generation}, out)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(folder / MARKER)


def check_in(work: UnitOfWork) -> Marker:
    """At a start: hold the installation where its database is not the one that last ran here.

    Gives what the file is to say once this is committed.
    """
    marker = read_marker(work.settings.storage.folder)  # first: the file is never ahead of what is read after it
    row = work.session.scalars(select(Installation).with_for_update()).first()
    if row is None:
        row = Installation(id=1, name=str(uuid.uuid4()), generation=0, held_why="")
        work.session.add(row)
        if marker is not None and _has_sent(work.session):
            row.name = marker.name
            _hold(work, row, "数据库比运行记录旧，可能是从备份恢复的")
    elif marker is None and row.generation > 0:
        _hold(work, row, "存放目录里没有本安装的运行记录，数据库可能是复制来的")
    elif marker is not None and marker.name != row.name:
        _hold(work, row, "存放目录属于另一套安装，数据库可能是复制来的")
    elif marker is not None and marker.generation > row.generation:
        _hold(work, row, "数据库比运行记录旧，可能是从备份恢复的")
    if row.held_at is not None:
        # The file stays as it is: it is what tells the two apart.
        return marker or Marker("", 0)
    row.generation += 1
    return Marker(row.name, row.generation)


def is_held(session: Session) -> bool:
    """Whether nothing may go out."""
    found = session.execute(_HELD).first()
    return found is not None and found[0] is not None


def why_held(session: Session) -> str:
    """The reason, in Chinese; empty where it is not held."""
    found = session.execute(_HELD).first()
    return found[1] if found is not None and found[0] is not None else ""


def waiting(session: Session) -> Waiting:
    """What a release would let out: queued deliveries, and notices with an hour."""
    queued = select(func.count()).where(Delivery.state.in_(_TO_GO))
    timed = select(func.count()).where(Notice.state == NoticeState.SCHEDULED)
    return Waiting(session.scalar(queued) or 0, session.scalar(timed) or 0)


def release(work: UnitOfWork, *, discard: bool) -> Marker:
    """An operator says that this is the one installation that is to send. Gives what the file is to say.

    ``discard``: what was queued is not sent any more, because it went out after the backup was made.
    """
    row = work.session.scalars(select(Installation).with_for_update()).one()
    marker = _readable_marker(work.settings.storage.folder)
    dropped = 0
    if discard:
        change = update(Delivery).where(Delivery.state.in_(_TO_GO))
        change = change.values(state=DeliveryState.RECALLED, error="恢复备份后未再发送").returning(Delivery.id)
        dropped = len(list(work.session.execute(change)))
    row.generation = max(row.generation, marker.generation if marker else 0) + 1
    row.name = str(uuid.uuid4())  # the place this came from keeps the old name, and would be held here
    work.audit("operator", "installation.release", f"installation:{row.id}", why=row.held_why, discarded=dropped)
    row.held_at, row.held_why = None, ""
    work.wake = True
    return Marker(row.name, row.generation)


def grow(work: UnitOfWork) -> Marker | None:
    """One generation more; None where the installation is held."""
    row = work.session.scalars(select(Installation).with_for_update()).first()
    if row is None or row.held_at is not None:
        return None
    row.generation += 1
    return Marker(row.name, row.generation)


async def start(writer: Writer) -> None:
    """Check in; the file is written after the commit, so it is never ahead of the database."""
    marker = await writer.run(check_in)
    if why := await writer.run(lambda work: why_held(work.session)):
        log.error("held", why=why, advice="nothing goes out; look at it and run `kepu-bot release`")
    else:
        await asyncio.to_thread(write_marker, writer.files.folder, marker)


async def renew(writer: Writer) -> None:
    """Note one generation more, in the database and in the file."""
    marker = await writer.run(grow)
    if marker is not None:
        await asyncio.to_thread(write_marker, writer.files.folder, marker)


def _hold(work: UnitOfWork, row: Installation, why: str) -> None:
    if row.held_at is None:
        row.held_at, row.held_why = work.now, why
        work.audit("system", "installation.hold", f"installation:{row.id}", why=why)


def _has_sent(session: Session) -> bool:
    return session.scalar(select(Delivery.id).limit(1)) is not None


def _readable_marker(folder: Path) -> Marker | None:
    try:
        return read_marker(folder)
    except ConfigError:
        return None
