"""The platform's word on a mass send or a template message, whenever and however often it comes."""

import asyncio
from typing import Any

import pytest

from bot.delivery import receipts
from bot.messaging.types import OFFICIAL_ACCOUNT, Incoming
from bot.model import Delivery, JobReceipt
from tests.delivery.fans import follow, publish, to_fans
from tests.delivery.post import Post, queue, reaches, row, running, told
from tests.office import Office
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FINE = {"status": "send success", "total_count": "2", "sent_count": "1", "error_count": "1"}
BAD = {"status": "err(20013)", "total_count": "2", "sent_count": "0", "error_count": "2"}


@pytest.fixture
def office(office: Office) -> Office:
    office.staff("chen", "陈志明", "approver")
    follow(office, "oAmy", "oBob")
    return office


def _event(office: Office, detail: dict[str, str], *, at: str = "1", event: str = "mass_finished") -> None:
    held = {"msg_id": "34182", **detail}
    now = office.clock.now()
    office.bring(Incoming(OFFICIAL_ACCOUNT, f"e{at}", "o-admin", now, kind="event", event=event, detail=held))


async def _mass(office: Office, post: Post, *, during: Any = None) -> int:
    """A notice by one mass send, accepted as job 34182; gives the delivery's number."""
    number = await asyncio.to_thread(publish, office)
    [mass] = to_fans(office, number)
    gate = post.hold(mass.content["text"])
    post.answers = ["34182"]
    async with running(office, post):
        await until(lambda: bool(post.under_way))
        if during is not None:
            await asyncio.to_thread(during)
        gate.set()
        await until(lambda: row(office, mass.id).state not in ("queued", "sending"))
    return mass.id


async def test_good_word_is_noted_and_whom_it_named_is_dropped(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))
    assert row(office, number).recipients == ["oAmy", "oBob"]
    await asyncio.to_thread(_event, office, FINE)
    sent = row(office, number)
    assert (sent.state, sent.error, sent.recipients) == ("sent", "平台报告 1 人未送达", None)
    [kept] = office.rows(JobReceipt)
    assert (kept.total, kept.sent, kept.failed, kept.applied) == (2, 1, 1, True)


@pytest.mark.parametrize(("word", "state"), [(FINE, "sent"), (BAD, "failed")])
async def test_word_that_comes_before_the_answer_is_not_lost(office: Office, word: dict[str, str], state: str) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT), during=lambda: _event(office, word))
    assert row(office, number).state == state


async def test_word_that_comes_again_undoes_nothing_that_staff_decided(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))
    await asyncio.to_thread(_event, office, BAD)
    assert "平台报告：err(20013)" in told(office)[0]
    await asyncio.to_thread(office.say, "chen", f"算已发 {number}")
    await asyncio.to_thread(_event, office, BAD, at="2")
    assert row(office, number).state == "sent"
    assert len(told(office)) == 1


async def test_failed_mass_send_goes_again_to_those_it_was_meant_for_as_a_job_of_its_own(office: Office) -> None:
    post = Post(OFFICIAL_ACCOUNT)
    number = await _mass(office, post)
    await asyncio.to_thread(_event, office, BAD)
    await asyncio.to_thread(office.say, "chen", f"重发 {number}")
    post.answers = ["34183"]
    async with running(office, post):
        await until(lambda: row(office, number).platform_id == "34183")
    first, second = [one for one in post.sent if one.method == "mass"]
    assert first.recipients == second.recipients == ("oAmy", "oBob")
    assert first.key != second.key  # under the same key the platform would name the job that failed
    assert len(second.key) <= 64


async def test_template_message_that_failed_is_told(office: Office) -> None:
    number = queue(office, "提醒", to="oAmy", channel=OFFICIAL_ACCOUNT, method="template")
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = ["34182"]
    async with running(office, post):
        await reaches(office, number, "sent")
    blocked = {"status": "failed:user block"}
    await asyncio.to_thread(_event, office, blocked, event="template_finished")
    assert (row(office, number).state, row(office, number).error) == ("failed", "平台报告：failed:user block")


async def test_word_that_met_another_process_halfway_is_taken_up_later(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))

    def meet(work: Any) -> None:
        work.session.add(JobReceipt(method="mass", platform_id="34182", status="err(20013)", at=work.now))

    await asyncio.to_thread(office.do, meet)
    await asyncio.to_thread(office.do, receipts.catch_up)
    assert row(office, number).state == "failed"


async def test_mass_send_without_a_word_for_two_hours_is_shown_to_staff(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))
    notice = row(office, number).notice_id
    assert "没有收到" not in (await asyncio.to_thread(office.say, "chen", f"进度 {notice}")).text  # type: ignore[union-attr]
    office.at("2020-10-12T12:10:00")
    shown = await asyncio.to_thread(office.say, "chen", f"进度 {notice}")
    assert shown is not None
    assert "1 次群发已交给平台超过 2 小时，还没有收到结果" in shown.text
    office.at("2020-10-13T08:00:00")
    await asyncio.to_thread(office.tick)
    office.at("2020-10-13T08:10:30")
    await asyncio.to_thread(office.tick)
    assert "1 次群发没有收到平台的结果" in [one for one in told(office) if "简报" in one][0]  # noqa: RUF015


async def test_progress_tells_what_the_platform_counted(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))
    await asyncio.to_thread(_event, office, FINE)
    shown = await asyncio.to_thread(office.say, "chen", f"进度 {row(office, number).notice_id}")
    assert shown is not None
    assert "群发：平台报告送达 1 人，未送达 1 人" in shown.text


async def test_whom_a_mass_send_named_is_dropped_after_a_week_and_then_it_cannot_go_again(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))
    await asyncio.to_thread(_event, office, BAD)
    office.at("2020-10-20T10:00:00")
    await asyncio.to_thread(office.do, receipts.forget_lists)
    assert row(office, number).recipients is None
    answer = await asyncio.to_thread(office.say, "chen", f"重发 {number}")
    assert answer is not None
    assert "名单" in answer.text
    assert row(office, number).state == "failed"


async def test_whoever_leaves_is_on_no_list(office: Office) -> None:
    number = await _mass(office, Post(OFFICIAL_ACCOUNT))
    await asyncio.to_thread(office.event, "oAmy", "unsubscribe")
    assert row(office, number).recipients == ["oBob"]
    assert "oAmy" not in str(office.rows(Delivery, Delivery.id == number)[0].__dict__)
