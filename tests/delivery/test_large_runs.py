"""Large runs: several at once, one a recipient, shared by several dispatchers; small ones stay one at a time."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.delivery import claiming
from bot.delivery.dispatcher import Dispatcher
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content
from bot.model import Delivery, DeliveryState, Notice, NoticeKind, NoticeState
from bot.store.unit_of_work import UnitOfWork
from tests.delivery.post import Post, queue, reaches, row, running
from tests.office import Office
from tests.waiting import until


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of a hundred is large."""
    monkeypatch.setattr(claiming, "LARGE", 50)


def fill(office: Office, count: int, *, channel: str = OFFICIAL_ACCOUNT, recipients: int = 0) -> int:
    """A notice of so many customer-service messages; gives its number. ``recipients``: among whom they are shared."""

    def act(work: UnitOfWork) -> int:
        notice = Notice(
            kind=NoticeKind.GENERAL, title="停电通知", body="b", state=NoticeState.SENT, created_at=work.now,
            sent_at=work.now,
        )  # fmt: skip
        work.session.add(notice)
        work.session.flush()
        rows = [
            {
                "purpose": "notice", "channel": channel, "lane": channel, "method": "custom",
                "recipient": f"o{at % (recipients or count):05d}", "content": Content(str(at)).to_json(),
                "state": DeliveryState.QUEUED, "notice_id": notice.id, "dedupe_key": f"k{at}", "urgent": False,
                "not_before": work.now, "attempts": 0, "pace_key": "", "platform_id": "", "error": "",
                "created_at": work.now, "claimed_by": "",
            }
            for at in range(count)
        ]  # fmt: skip
        work.session.execute(insert(Delivery), rows)
        work.wake = True
        return notice.id

    return int(office.do(act))


def states(office: Office) -> Counter[str]:
    return Counter(one.state for one in office.rows(Delivery) if one.purpose == "notice")


async def test_large_run_goes_several_at_once_and_everybody_gets_it_once(office: Office) -> None:
    post = Post(OFFICIAL_ACCOUNT)
    gates = [post.hold(str(at)) for at in range(100)]
    fill(office, 150)
    async with running(office, post):
        await until(lambda: len(post.under_way) == office.settings.notices.parallel)
        await asyncio.sleep(0.1)
        assert len(post.under_way) == states(office)["sending"] == office.settings.notices.parallel
        for gate in gates:
            gate.set()
        await until(lambda: states(office) == {"sent": 150}, 20)
    assert Counter(post.texts) == {str(at): 1 for at in range(150)}


async def test_large_run_of_another_channel_stays_one_at_a_time(office: Office) -> None:
    post = Post(WORK_GROUP)
    fill(office, 60, channel=WORK_GROUP)
    async with running(office, post):
        await until(lambda: states(office) == {"sent": 60}, 20)
    assert post.most_at_once == 1


async def test_messages_of_one_recipient_keep_their_order_in_a_large_run(office: Office) -> None:
    post = Post(OFFICIAL_ACCOUNT)
    fill(office, 120, recipients=7)
    async with running(office, post):
        await until(lambda: states(office) == {"sent": 120}, 20)
    for recipient in {one.recipient for one in post.sent}:
        got = [int(one.content.text) for one in post.sent if one.recipient == recipient]
        assert got == sorted(got)


async def test_two_dispatchers_share_a_large_run_without_sending_twice(office: Office) -> None:
    first, second = Post(OFFICIAL_ACCOUNT), Post(OFFICIAL_ACCOUNT)
    fill(office, 200)
    other = Dispatcher(office.writer, {OFFICIAL_ACCOUNT: second}, jitter=random.Random(2))
    async with running(office, first):
        task = asyncio.create_task(other.run())
        await until(lambda: states(office) == {"sent": 200}, 20)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert Counter(first.texts + second.texts) == {str(at): 1 for at in range(200)}


async def test_two_dispatchers_never_have_two_of_a_small_lane_under_way(office: Office) -> None:
    first, second = Post(), Post()
    gates = [post.hold("0") for post in (first, second)]
    numbers = [queue(office, str(at), to=f"G{at}") for at in range(3)]
    other = Dispatcher(office.writer, {WORK_GROUP: second}, jitter=random.Random(2))
    async with running(office, first) as dispatcher:
        task = asyncio.create_task(other.run())
        await until(lambda: first.under_way or second.under_way)
        for _ in range(5):
            dispatcher.wake()
            other.wake()
            await asyncio.sleep(0.02)
        assert len(first.under_way + second.under_way) == 1
        for gate in gates:
            gate.set()
        await reaches(office, numbers[-1], "sent")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert sorted(first.texts + second.texts) == ["0", "1", "2"]


async def test_rows_of_a_dead_process_are_taken_up_and_those_of_a_living_one_are_not(office: Office) -> None:
    dead, alive = queue(office, "dead"), queue(office, "alive", to="G2")
    now = datetime.now(UTC)

    def claimed(work: UnitOfWork) -> None:
        for number, until_ in ((dead, now - timedelta(seconds=1)), (alive, now + timedelta(minutes=5))):
            change = update(Delivery).where(Delivery.id == number)
            held = {"state": DeliveryState.SENDING, "claimed_by": "another", "leased_until": until_}
            work.session.execute(change.values(**held))

    from bot.delivery.leases import settle_interrupted

    office.do(claimed)
    office.do(settle_interrupted)
    assert (row(office, dead).state, row(office, alive).state) == ("ambiguous", "sending")


async def test_rate_limit_rests_the_whole_run_and_wears_out_no_attempts(office: Office) -> None:
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [PlatformError("too fast", code=45009, retry=True, after=60.0)]
    fill(office, 100)
    async with running(office, post) as dispatcher:
        await until(lambda: any(one.error for one in office.rows(Delivery)))
        await until(lambda: states(office)["sending"] == 0)
        tried = len(post.sent)
        assert tried <= 2 * office.settings.notices.parallel
        office.at(office.clock.now() + timedelta(seconds=90))
        dispatcher.wake()
        await until(lambda: states(office) == {"sent": 100}, 20)
    assert max(one.attempts for one in office.rows(Delivery)) == 2


async def test_waiting_for_a_limit_each_row_has_its_own_hour_in_order(office: Office) -> None:
    post = Post()
    post.limit = 3
    numbers = [queue(office, str(at)) for at in range(10)]
    async with running(office, post):
        await until(lambda: len(post.sent) == 3 and row(office, numbers[-1]).not_before > office.clock.now())
    hours = [(row(office, number).not_before - office.clock.now()).total_seconds() for number in numbers[3:]]
    assert hours == [61.0, 61.0, 61.0, 122.0, 122.0, 122.0, 183.0]


async def test_lane_that_another_process_serves_from_now_on_is_left_after_what_is_under_way(office: Office) -> None:
    post = Post()
    gate = post.hold("0")
    numbers = [queue(office, str(at)) for at in range(3)]
    async with running(office, post) as dispatcher:
        await until(lambda: post.under_way == ["0"])
        dispatcher.leave({WORK_GROUP})
        gate.set()
        await reaches(office, numbers[0], "sent")
        await asyncio.sleep(0.1)
        assert [row(office, number).state for number in numbers[1:]] == ["queued", "queued"]
        dispatcher.leave(())
        await reaches(office, numbers[-1], "sent")


@pytest.mark.parametrize("channel", [WORK_GROUP])
async def test_lane_of_a_channel_that_another_process_serves_is_left_alone(office: Office, channel: str) -> None:
    number = queue(office, "x", channel=channel)
    dispatcher = Dispatcher(office.writer, {}, elsewhere={channel})
    task = asyncio.create_task(dispatcher.run())
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert row(office, number).state == "queued"
