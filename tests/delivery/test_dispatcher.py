"""The dispatcher: what goes when, in which order, and never two of a lane at once."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.errors import PlatformError
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, Button, Card, Content
from bot.model import Delivery
from tests.delivery.post import Post, later, queue, queue_mass, reaches, row, running, told
from tests.logs import Logged
from tests.office import Office
from tests.waiting import until


async def test_deliveries_of_a_lane_go_one_after_the_other_in_their_order(office: Office) -> None:
    post = Post()
    for number in range(8):
        queue(office, str(number), to=f"G{number % 3}")
    async with running(office, post):
        await until(lambda: len(post.sent) == 8)
    assert post.texts == [str(number) for number in range(8)]
    assert post.most_at_once == 1


async def test_lane_that_hangs_holds_up_no_other(office: Office) -> None:
    group, mail = Post(), Post(APPRISE)
    gate = group.hold("hangs")
    hanging = queue(office, "hangs")
    async with running(office, group, mail):
        await until(lambda: group.under_way == ["hangs"])
        await reaches(office, queue(office, "mail", to="值班邮箱", channel=APPRISE), "sent")
        assert row(office, hanging).state == "sending"
        gate.set()
        await reaches(office, hanging, "sent")


async def test_urgent_delivery_goes_before_those_that_wait(office: Office) -> None:
    post = Post()
    gate = post.hold("first")
    queue(office, "first")
    async with running(office, post):
        await until(lambda: post.under_way == ["first"])
        queue(office, "waits")
        queue(office, "urgent", urgent=True)
        gate.set()
        await until(lambda: len(post.sent) == 3)
    assert post.texts == ["first", "urgent", "waits"]


async def test_new_delivery_goes_at_once_and_not_with_the_next_sweep(office: Office) -> None:
    post = Post()
    async with running(office, post):
        await asyncio.sleep(0.1)  # it found nothing and waits for its sweep, a minute away
        await reaches(office, queue(office, "new"), "sent")


async def test_sent_delivery_says_when_and_under_which_number(office: Office) -> None:
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = ["34182"]
    number = queue_mass(office, "to all")
    async with running(office, post):
        sent = await reaches(office, number, "sent")
    assert (sent.platform_id, sent.sent_at, sent.attempts) == ("34182", office.clock.now(), 1)
    assert sent.recipients == ["oAmy", "oBob"]  # kept until the platform says what became of it
    assert post.sent[0].recipients == ("oAmy", "oBob")


async def test_nothing_but_the_urgent_goes_in_quiet_hours(office: Office) -> None:
    office.at("2020-10-12T20:59:00")
    post = Post()
    gate = post.hold("before nine")
    queue(office, "before nine")
    held = queue(office, "too late")  # queued in time, but its turn comes in the quiet hours
    async with running(office, post) as dispatcher:
        await until(lambda: post.under_way == ["before nine"])
        office.at("2020-10-12T21:00:00")
        at_night = queue(office, "at night")
        queue(office, "answer", urgent=True)
        gate.set()
        await until(lambda: len(post.sent) == 2)
        await until(lambda: row(office, held).not_before.hour == 8)
        assert post.texts == ["before nine", "answer"]
        office.at("2020-10-13T07:59:59")
        dispatcher.wake()
        await asyncio.sleep(0.1)
        assert len(post.sent) == 2
        later(office, dispatcher, 1)
        await reaches(office, held, "sent")
        await reaches(office, at_night, "sent")


async def test_delivery_that_is_of_no_use_any_more_is_not_sent(office: Office) -> None:
    number = queue(office, "reminder", useful_for=timedelta(hours=1))
    office.at("2020-10-12T11:00:01")
    post = Post()
    async with running(office, post):
        expired = await reaches(office, number, "failed")
        await reaches(office, queue(office, "next", useful_for=timedelta(hours=1)), "sent")
    assert expired.error == "已过有效时间，未发送"
    assert post.texts == ["next"]


async def test_limit_of_the_platform_is_kept_over_a_restart(office: Office) -> None:
    post = Post()
    post.limit = 3
    numbers = [queue(office, str(number)) for number in range(7)]
    async with running(office, post):
        await until(lambda: len(post.sent) == 3 and row(office, numbers[-1]).not_before > office.clock.now())
        other = queue(office, "another chat", to="G2")
        await reaches(office, other, "sent")
    assert post.texts == ["0", "1", "2", "another chat"]
    async with running(office, post) as dispatcher:
        later(office, dispatcher, 30)
        await asyncio.sleep(0.1)
        assert len(post.sent) == 4
        later(office, dispatcher, 31)
        await until(lambda: len(post.sent) == 7)
        later(office, dispatcher, 61)
        await until(lambda: len(post.sent) == 8)
    assert post.texts[4:] == ["3", "4", "5", "6"]


async def test_delivery_for_a_channel_that_is_gone_from_the_settings_fails(office: Office) -> None:
    number = queue(office, "x", to="镇街群", channel=GROUP_WEBHOOK)
    async with running(office, Post()):
        assert (await reaches(office, number, "failed")).error == "该渠道未配置"


async def test_card_goes_under_a_task_of_its_own_with_every_attempt(office: Office) -> None:
    post = Post()
    post.answers = [PlatformError("busy", retry=True)]
    content = Content("x", card=Card("回执", "notice-12", (Button("收到", "acknowledge:12"),)))
    first, second = (queue(office, text, content=content) for text in ("a", "b"))
    async with running(office, post) as dispatcher:
        await reaches(office, second, "sent")
        later(office, dispatcher, 60)
        await reaches(office, first, "sent")
    tasks = [one.content.card.task_id for one in post.sent if one.content.card]
    assert len(set(tasks)) == len(tasks) == 3
    assert all(one.startswith("notice-12-") and len(one) <= 128 for one in tasks)


async def test_orderly_stop_finishes_what_is_under_way_and_takes_nothing_new(office: Office) -> None:
    post = Post()
    gate = post.hold("under way")
    first, second = queue(office, "under way"), queue(office, "waits")
    async with running(office, post):
        await until(lambda: post.under_way == ["under way"])
        asyncio.get_running_loop().call_later(0.1, gate.set)
    assert (row(office, first).state, row(office, second).state) == ("sent", "queued")
    assert told(office) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("steps", range(6))
async def test_stop_that_meets_a_wake_is_a_stop_all_the_same(office: Office, steps: int) -> None:
    dispatcher = Dispatcher(office.writer, {})
    running = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0.1)  # it waits for its sweep
    dispatcher.wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    running.cancel()
    ended, _ = await asyncio.wait({running}, timeout=2)
    assert ended


async def test_channel_that_breaks_leaves_its_delivery_in_doubt_and_goes_on(office: Office, logged: Logged) -> None:
    post = Post()
    post.answers = [RuntimeError("boom")]
    broken, following = queue(office, "负责人13800138000"), queue(office, "next")
    async with running(office, post):
        doubtful = await reaches(office, broken, "ambiguous")
        await reaches(office, following, "sent")
    assert "RuntimeError" in doubtful.error
    assert "channel_broke" in logged.text
    assert "13800138000" not in logged.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_dispatcher_survives_a_database_that_is_away_for_a_moment(office: Office) -> None:
    post = Post()
    async with running(office, post) as dispatcher:
        await reaches(office, queue(office, "before"), "sent")
        office.do(lambda work: work.session.connection().exec_driver_sql("ALTER TABLE delivery RENAME TO away"))
        dispatcher.wake()
        await asyncio.sleep(0.1)
        office.do(lambda work: work.session.connection().exec_driver_sql("ALTER TABLE away RENAME TO delivery"))
        await reaches(office, queue(office, "after"), "sent")
    assert len(office.rows(Delivery)) == 2
