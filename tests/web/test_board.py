"""The board of a notice as staff open it by their link."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, update

from bot.delivery.notices import send
from bot.messaging.types import WORK_GROUP, Incoming
from bot.model import Account, Membership, Notice, Person, Staff, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.web.conftest import Site

BASE = "https://bot.example.org"


@pytest.fixture
def site(database_url: str, make_site: Callable[..., Site]) -> Site:
    return make_site(database_url, server={"public_url": BASE})


def _build(work: UnitOfWork) -> int:
    session = work.session
    staff, contact = Person(name="王芳", created_at=work.now), Person(name="李敏", created_at=work.now)
    units = [Unit(name=name) for name in ("甲协会", "乙<b>学会")]
    session.add_all([staff, contact, *units])
    session.flush()
    session.add_all([
        Staff(person_id=staff.id, role="drafter"),
        Membership(person_id=contact.id, unit_id=units[0].id),
        *(
            Account(
                channel=WORK_GROUP, external_id=name, person_id=person.id, direct=True, first_seen_at=work.now
            )
            for name, person in (("wf", staff), ("li", contact))
        ),
    ])  # fmt: skip
    notice = Notice(kind="监督要求", title="报送进度表", body="请报送。", acknowledge=True, created_at=work.now)
    session.add(notice)
    session.flush()
    send(work, notice)
    return notice.id


async def _say(site: Site, account: str, text: str) -> str:
    now = site.clock.now()
    answer = await site.bot.inbox.receive(
        Incoming(WORK_GROUP, f"{account}{text}", account, now, text=text), patience=60
    )
    return answer.link if answer else ""


async def _get(site: Site, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        return await client.get(path)


async def test_board_shows_units_and_nothing_personal(site: Site) -> None:
    number = site.do(_build)
    link = (await _say(site, "wf", f"看板 {number}")).removeprefix(BASE)
    before = await _get(site, link)
    assert "已完成 0 / 2 个单位" in before.text
    assert before.headers["refresh"] == "30"
    assert "<b>学会" not in before.text
    await _say(site, "li", "收到")
    after = (await _get(site, link)).text
    assert "已完成 1 / 2 个单位" in after
    assert "李敏" not in after
    site.do(lambda work: work.session.execute(update(Notice).values(deliverable="三季度进度表")))
    assert "已完成 0 / 2 个单位" in (await _get(site, link)).text  # the answer is not yet what is asked for


@pytest.mark.parametrize("lost", ["unknown", "role", "time"])
async def test_board_is_closed_to_others(site: Site, lost: str) -> None:
    number = site.do(_build)
    link = (await _say(site, "wf", f"看板 {number}")).removeprefix(BASE)
    assert (await _get(site, link)).status_code == 200
    if lost == "role":
        site.do(lambda work: work.session.execute(delete(Staff)))
    if lost == "time":
        site.clock.moment += timedelta(days=8)
    answer = await _get(site, link + "x" if lost == "unknown" else link)
    assert answer.status_code == (410 if lost == "time" else 404)
    assert "甲协会" not in answer.text


async def test_contact_gets_no_board(site: Site) -> None:
    number = site.do(_build)
    assert await _say(site, "li", f"看板 {number}") == ""
