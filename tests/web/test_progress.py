"""The progress of a notice as a stream: for whoever holds its link, and nobody else."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import delete, update

from bot.delivery.outgoing import by_way
from bot.delivery.reach import Way
from bot.messaging.types import Content
from bot.model import Delivery, Installation, Link, Notice, Person, Staff
from bot.store import links
from bot.store.unit_of_work import UnitOfWork
from tests.web.conftest import Site

BASE = "https://bot.example.org"
WAY = Way("official_account", "custom", "oAmy")


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site(server={"public_url": BASE})


def noticed(site: Site, *, sent: bool) -> str:
    """A notice with two deliveries, and the link to its progress."""

    def act(work: UnitOfWork) -> str:
        notice = Notice(kind="通知", title="t", body="b", state="sent", created_at=work.now, sent_at=work.now)
        work.session.add(notice)
        work.session.flush()
        person = Person(name="王芳", created_at=work.now)
        work.session.add(person)
        work.session.flush()
        work.session.add(Staff(person_id=person.id, role="drafter"))
        for at in range(2):
            by_way(work, WAY, Content("x"), purpose="notice", key=f"k{at}", notice_id=notice.id)
        if sent:
            work.session.execute(update(Delivery).values(state="sent", sent_at=work.now))
        return links.make(work, "progress", life=timedelta(days=1), notice_id=notice.id, person_id=person.id)

    return str(site.do(act)).removeprefix(BASE)


async def asked(site: Site, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        return await client.get(path)


async def test_stream_tells_how_far_it_is_and_ends_with_the_notice(site: Site) -> None:
    answer = await asked(site, noticed(site, sent=True))
    assert answer.headers["content-type"].startswith("text/event-stream")
    [event] = [line for line in answer.text.splitlines() if line.startswith("data: ")]
    seen = json.loads(event.removeprefix("data: "))
    assert (seen["total"], seen["sent"], seen["percent"], seen["over"]) == (2, 2, 100, True)


async def test_stream_opens_only_with_the_link_of_this_notice(site: Site) -> None:
    path = noticed(site, sent=True)
    for wrong in (path[:-1], path.partition("?")[0], path.replace("/1/", "/2/"), path.replace("/1/", "/x/")):
        assert (await asked(site, wrong)).status_code == 404


@pytest.mark.parametrize("lost", ["role", "time", "link"])
async def test_stream_ends_when_its_link_does(site: Site, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    path = noticed(site, sent=False)

    async def meanwhile(_: float) -> None:
        if lost == "time":
            site.clock.moment += timedelta(days=2)
        else:
            site.do(lambda work: work.session.execute(delete(Staff if lost == "role" else Link)))

    monkeypatch.setattr("bot.web.progress.asyncio", SimpleNamespace(sleep=meanwhile))  # not everybody's sleep
    answer = await asked(site, path)
    assert len([line for line in answer.text.splitlines() if line.startswith("data: ")]) == 1
    assert (await asked(site, path)).status_code == 404


async def test_health_says_that_the_installation_is_held(site: Site) -> None:
    def hold(work: UnitOfWork) -> None:
        row = Installation(id=1, name="n", generation=3, held_at=work.now, held_why="数据库可能是从备份恢复的")
        work.session.add(row)

    site.do(hold)
    answer = await site.get("/health")
    assert answer.status_code == 200
    assert answer.json()["held"] == "数据库可能是从备份恢复的"
    assert "kepu_held 1.0" in (await site.get("/metrics")).text


async def test_people_get_a_page_that_asks_for_itself_anew_until_all_is_over(site: Site) -> None:
    path = noticed(site, sent=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        answer = await client.get(path, headers={"accept": "text/html,*/*"})
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["refresh"] == "2"
        assert "script" not in answer.text
        assert "正在发送，已发 0 / 2 条" in answer.text
        site.do(lambda work: work.session.execute(update(Delivery).values(state="sent", sent_at=work.now)))
        answer = await client.get(path, headers={"accept": "text/html"})
        assert "refresh" not in answer.headers
        assert "发送结束，已发 2 / 2 条" in answer.text
        answer = await client.get(path[:-3] + "xxx", headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert "回复“进度 编号”重新领取" in answer.text
