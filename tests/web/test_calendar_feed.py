"""The calendar feed as a phone's calendar subscribes to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import delete, update

from bot.clock import CHINA
from bot.messaging.types import WORK_GROUP, Incoming
from bot.model import Account, Filing, Membership, Person, Staff, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.web.conftest import Site

BASE = "https://bot.example.org"


class Town:
    """Two units, a contact of the first, and a member of staff; a filing of each unit."""

    def __init__(self, site: Site) -> None:
        self.site = site
        site.do(self._build)

    async def link(self, account: str, text: str = "日历") -> str:
        message = Incoming(
            WORK_GROUP, f"{account}{text}{self.site.clock.now()}", account, self.site.clock.now(), text=text
        )
        answer = await self.site.bot.inbox.receive(message, patience=60)
        assert answer
        return answer.link.removeprefix(BASE)

    async def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.site.web), base_url=BASE) as client:
            return await client.request(method, path, headers=headers)

    async def titles(self, path: str) -> list[str]:
        answer = await self.get(path)
        assert answer.status_code == 200
        return [str(one["summary"]) for one in Calendar.from_ical(answer.content).walk("VEVENT")]

    def change(self, number: str, **values: Any) -> None:
        wish = update(Filing).where(Filing.number == number).values(**values)
        self.site.do(lambda work: work.session.execute(wish))

    def _build(self, work: UnitOfWork) -> None:
        units = [Unit(name="环保协会"), Unit(name="长安图书馆")]
        people = {"limin": Person(name="李敏", created_at=work.now), "wf": Person(name="王芳", created_at=work.now)}
        work.session.add_all([*units, *people.values()])
        work.session.flush()
        accounts = {}
        for userid, person in people.items():
            accounts[userid] = Account(
                channel=WORK_GROUP, external_id=userid, person_id=person.id, direct=True, first_seen_at=work.now
            )
        work.session.add_all(accounts.values())
        work.session.flush()
        work.session.add(Membership(person_id=people["limin"].id, unit_id=units[0].id))
        work.session.add(Staff(person_id=people["wf"].id, role="viewer"))
        for number, unit in enumerate(units, 1):
            work.session.add(
                Filing(
                    number=f"2020-000{number}", state="accepted", account_id=accounts["limin"].id, unit_id=unit.id,
                    name=f"{unit.name}讲座", start=datetime(2020, 10, 23 + number, 9, tzinfo=CHINA), place="文化广场",
                    contact_phone="13800138000", created_at=work.now, updated_at=work.now, submitted_at=work.now,
                )
            )  # fmt: skip


@pytest.fixture
def town(database_url: str, make_site: Callable[..., Site]) -> Town:
    return Town(make_site(database_url, server={"public_url": BASE}))


async def test_staff_see_all_and_a_contact_their_own_unit(town: Town) -> None:
    assert await town.titles(await town.link("wf")) == ["环保协会讲座", "长安图书馆讲座"]
    assert await town.titles(await town.link("limin")) == ["环保协会讲座"]


async def test_feed_is_a_calendar_with_no_telephone(town: Town) -> None:
    answer = await town.get(await town.link("wf"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert b"13800138000" not in answer.content
    assert "X-WR-CALNAME:2020年度科普专项活动" in answer.text
    assert "X-WR-CALNAME:环保协会科普活动" in (await town.get(await town.link("limin"))).text


async def test_unchanged_feed_is_not_sent_again(town: Town) -> None:
    path = await town.link("wf")
    etag = (await town.get(path)).headers["etag"]
    for asked in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await town.get(path, **{"if-none-match": asked})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    town.change("2020-0001", name="新名称", updated_at=town.site.clock.now() + timedelta(minutes=1))
    fresh = await town.get(path, **{"if-none-match": etag})
    assert fresh.status_code == 200
    assert fresh.headers["etag"] != etag


async def test_head_says_the_same_without_the_calendar(town: Town) -> None:
    path = await town.link("wf")
    assert (await town.get(path, "HEAD")).headers["etag"] == (await town.get(path)).headers["etag"]


async def test_cancelled_activity_is_shown_as_such_for_a_while(town: Town) -> None:
    path = await town.link("limin")
    town.change("2020-0001", state="cancelled")
    assert await town.titles(path) == ["【已取消】环保协会讲座"]
    town.site.clock.moment += timedelta(days=31)
    assert await town.titles(path) == []


async def test_cancelled_draft_was_never_an_activity(town: Town) -> None:
    town.change("2020-0001", state="cancelled", submitted_at=None)
    assert await town.titles(await town.link("limin")) == []


async def test_renewed_address_shuts_the_old_one(town: Town) -> None:
    old = await town.link("wf")
    new = await town.link("wf", "日历 重置")
    assert (await town.get(old)).status_code == 404
    assert (await town.get(new)).status_code == 200


@pytest.mark.parametrize(("account", "table"), [("wf", Staff), ("limin", Membership)])
async def test_feed_ends_with_the_right_to_see_it(town: Town, account: str, table: Any) -> None:
    path = await town.link(account)
    town.site.do(lambda work: work.session.execute(delete(table)))
    assert (await town.get(path)).status_code == 404


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 2000, ".ics"])
async def test_unknown_address_says_nothing(town: Town, secret: str) -> None:
    answer = await town.get(f"/calendar/{secret}")
    assert (answer.status_code, answer.content) == (404, b"")
