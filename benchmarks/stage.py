"""A stage for large runs: the simulated platform with many followers, groups and webhooks, and a bot connected to it."""

import json
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.demo import world
from bot.demo.config import config_for
from bot.demo.stack import Launch, Stack
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content
from bot.model import Account, Delivery, DeliveryState, Membership, Notice, NoticeKind, NoticeState, Person, Unit
from bot.settings import load
from bot.store import migrate
from bot.store.engine import Database

TEXT = "请各单位于10月15日18:00前报送三季度进度表，收到请回复。"


class Stage:
    """One folder with both processes; nothing runs until `open`."""

    def __init__(
        self, folder: Path, *, followers: int = 0, groups: int = 1, contacts: int = 0, webhooks: int = 0,
        launch: Launch | None = None,
    ) -> None:  # fmt: skip
        self.stack = Stack(folder, launch=launch)
        self.openids = [f"o-large-{at:020d}" for at in range(followers)]
        self.groups = [world.GROUP, *(f"wrStage{at:04d}" for at in range(1, groups))]
        self.userids = [f"unit{at:04d}" for at in range(contacts)]
        self.webhooks = {f"群{at:04d}": f"stage-key-{at:04d}" for at in range(webhooks)}

    def open(self, *, database_url: str = "", writing: Sequence[str] | None = None) -> None:
        """Lay everything out, make the tables, start the platform; the bot is left to the caller.

        ``writing``: the followers who may be sent customer-service messages; all of them where it is left out.
        """
        played = world.world()
        rows = played["official_account"]["followers"]
        rows += [{"openid": openid, "name": openid[-6:]} for openid in self.openids]
        played["work"]["users"] += [{"userid": one, "name": one, "talked": True} for one in self.userids]
        [known] = played["work"]["groups"]
        played["work"]["groups"] += [{**known, "chat_id": one, "name": one} for one in self.groups[1:]]
        known["webhooks"] = [{"key": key, "name": name} for name, key in self.webhooks.items()]
        self.stack.write(played, config_for(self.stack, database_url=database_url, quiet_hours="") + self._more())
        self.stack.start_sandbox()
        self.call("/windows", {} if writing is None else {"openids": list(writing)})
        database = self.database()
        migrate.upgrade(database)
        database.close()

    def _more(self) -> str:
        groups = "".join(f'[[work_group.groups]]\nname = "{one}"\nchat_id = "{one}"\n\n' for one in self.groups[1:])
        address = f"{self.stack.sandbox_url}/cgi-bin/webhook/send?key="
        hooks = "".join(
            f'[[group_webhooks]]\nname = "{name}"\nurl = "{address}{key}"\n\n' for name, key in self.webhooks.items()
        )
        return f"\n{groups}{hooks}"

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The platform's control API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.stack.sandbox_url}/_sandbox{path}", data=data)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def token(self) -> str:
        """An access token of the simulated platform."""
        wish = {"grant_type": "client_credential", "appid": world.APP_ID, "secret": world.APP_SECRET}
        request = urllib.request.Request(
            f"{self.stack.sandbox_url}/cgi-bin/stable_token", data=json.dumps(wish).encode()
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["access_token"])

    def database(self) -> Database:
        return Database(load(self.stack.config).database.url)

    def queue(self, rows: Sequence[dict[str, Any]]) -> int:
        """Put these deliveries of one notice into the database; gives the notice's number."""
        now = self.stack.clock.now()
        database = self.database()
        with Session(database.writer) as session:
            notice = Notice(
                kind=NoticeKind.GENERAL, title="报送三季度进度表", body=TEXT, state=NoticeState.SENT, created_at=now,
                sent_at=now,
            )  # fmt: skip
            session.add(notice)
            session.flush()
            usual = {
                "purpose": "notice", "method": "push", "recipients": None, "content": Content(TEXT).to_json(),
                "state": DeliveryState.QUEUED, "notice_id": notice.id, "attempts": 0, "urgent": False,
                "not_before": now, "pace_key": "", "platform_id": "", "error": "", "created_at": now,
                "claimed_by": "",
            }  # fmt: skip
            numbered = [{**usual, **row, "dedupe_key": f"stage:{notice.id}:{at}"} for at, row in enumerate(rows)]
            session.execute(insert(Delivery), numbered)
            number = notice.id
            session.commit()
        database.close()
        return number

    def people(self, units: int) -> None:
        """Units with a contact each, in WeCom."""
        now = self.stack.clock.now()
        database = self.database()
        with Session(database.writer) as session:
            for at, userid in enumerate(self.userids[:units]):
                person = Person(name=userid, phone="", created_at=now)
                unit = Unit(name=f"第{at + 1}科普协会", town="莞城街道")
                session.add_all([Membership(person=person, unit=unit)])
                session.add(
                    Account(
                        channel=WORK_GROUP, external_id=userid, person=person, direct=True, following=False,
                        first_seen_at=now, last_action_at=now,
                    )
                )  # fmt: skip
            session.commit()
        database.close()

    def states(self) -> dict[str, int]:
        """How many of the notice's deliveries are in each state."""
        from sqlalchemy import func

        database = self.database()
        with database.read() as session:
            wish = select(Delivery.state, func.count()).where(Delivery.purpose == "notice").group_by(Delivery.state)
            found = {str(state): count for state, count in session.execute(wish)}
        database.close()
        return found


def custom(openid: str) -> dict[str, Any]:
    """A customer-service message."""
    return {"channel": OFFICIAL_ACCOUNT, "lane": OFFICIAL_ACCOUNT, "method": "custom", "recipient": openid}


def push(channel: str, recipient: str, lane: str = "") -> dict[str, Any]:
    """A push to a chat or a webhook."""
    return {"channel": channel, "lane": lane or channel, "recipient": recipient}
