"""The bot under test: a configuration, and an office of units, filings, notices, contacts and followers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.messages import openid
from bot.clock import CHINA
from bot.demo.world import AES_KEY, APP_ID, APP_SECRET, PROGRAMME, TOKEN
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Filing, FilingState, Membership, Notice, NoticeKind, NoticeState, Person, Project, Unit
from bot.model.base import Base
from bot.settings import load
from bot.store import migrate
from bot.store.engine import Database

CONTACTS_A_UNIT = 20
FILINGS_A_UNIT = 6
NOTICES = 8
FIRST_DAY = datetime(2020, 9, 1, 9, tzinfo=CHINA)  # long over: nothing of this falls due during a run

# An address that refuses: nothing may go out during a run.
CONFIGURATION = """
[database]
url = "sqlite:///{database}"

[server]
port = {port}
public_url = "https://bot.example.org"

[official_account]
app_id = "{app_id}"
app_secret = "{app_secret}"
token = "{token}"
encoding_aes_key = "{aes_key}"
api_base_url = "http://127.0.0.1:9"

[programme]
name = "{programme}"
year = 2020
"""


def lay_out(folder: Path, port: int, accounts: int) -> Path:
    """Write the configuration and fill a new database with so many contacts and as many followers besides.

    Gives the configuration's path.
    """
    config, database = folder / "config.toml", folder / "kepu.db"
    config.write_text(
        CONFIGURATION.format(
            database=database, port=port, programme=PROGRAMME,
            app_id=APP_ID, app_secret=APP_SECRET, token=TOKEN, aes_key=AES_KEY,
        ),
        encoding="utf-8",
    )  # fmt: skip
    opened = Database(load(config).database.url)
    migrate.upgrade(opened)
    with Session(opened.writer) as session:
        session.add_all(_notices())
        session.add_all(_account("follower", number, None) for number in range(accounts))
        for number in range(-(-accounts // CONTACTS_A_UNIT)):
            first = number * CONTACTS_A_UNIT
            session.add_all(_unit(number, range(first, min(first + CONTACTS_A_UNIT, accounts))))
        session.commit()
    opened.close()
    return config


def _unit(number: int, contacts: range) -> Iterator[Base]:
    unit = Unit(name=f"第{number + 1}科普协会", town="莞城街道")
    project = Project(unit=unit, year=2020, name="科普进万家", code=f"KP2020-{number:04d}", amount_fen=8_000_000)
    accounts = []
    for contact in contacts:
        person = Person(name="李敏", phone="13800138000", created_at=FIRST_DAY)
        yield Membership(person=person, unit=unit)
        accounts.append(_account("contact", contact, person))
    yield from accounts
    for count in range(FILINGS_A_UNIT):
        day = FIRST_DAY + timedelta(days=7 * count)
        yield Filing(
            number=f"2020-{number * FILINGS_A_UNIT + count + 1:04d}", state=FilingState.REPORTED, unit=unit,
            project=project, account=accounts[0], person=accounts[0].person, name=f"垃圾分类进社区讲座第{count + 1}场",
            start=day, end=day + timedelta(hours=2), place="莞城文化广场", town="莞城街道", kind="讲座", attendance=120,
            contact_name="李敏", contact_phone="13800138000", created_at=FIRST_DAY, updated_at=FIRST_DAY,
            submitted_at=FIRST_DAY,
        )  # fmt: skip


def _account(kind: str, number: int, person: Person | None) -> Account:
    return Account(
        channel=OFFICIAL_ACCOUNT, external_id=openid(kind, number), person=person, following=True, direct=True,
        first_seen_at=FIRST_DAY, last_action_at=FIRST_DAY,
    )  # fmt: skip


def _notices() -> Iterator[Base]:
    for number in range(NOTICES):
        sent = FIRST_DAY + timedelta(days=number)
        yield Notice(
            kind=NoticeKind.REQUIREMENT, title=f"关于报送第{number + 1}批活动计划的通知", body="请各单位按时报送。",
            state=NoticeState.SENT, public=True, created_at=sent, sent_at=sent,
        )  # fmt: skip
