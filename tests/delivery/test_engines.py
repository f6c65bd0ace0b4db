"""What wakes the work where several processes share it: by PostgreSQL, without waiting for anybody's sweep."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.engines import procrastinate
from bot.delivery.engines.base import GATEWAY, WORKER
from bot.delivery.engines.procrastinate import Procrastinate
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Delivery
from tests.databases import admin
from tests.delivery.post import Post, queue, reaches
from tests.office import Office
from tests.waiting import until

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
CHANNELS = {GATEWAY: WORK_GROUP, WORKER: OFFICIAL_ACCOUNT}


@asynccontextmanager
async def process(office: Office, place: str, post: Post | None = None) -> AsyncIterator[Procrastinate]:
    """A process that serves one place with a dispatcher, and sweeps once a minute; "" for one that only queues."""
    engine = Procrastinate(office.database.url, {place} - {""})
    run = engine.run
    if post is not None:
        elsewhere = set(CHANNELS.values()) - {post.name}
        run = Dispatcher(office.writer, {post.name: post}, engine=engine, elsewhere=elsewhere).run
    task = asyncio.create_task(run())
    try:
        await asyncio.sleep(0)
        await until(lambda: _listening(office) or not place)
        yield engine
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_process_that_serves_nothing_wakes_those_that_do(office: Office) -> None:
    groups, account = Post(WORK_GROUP), Post(OFFICIAL_ACCOUNT)
    async with process(office, GATEWAY, groups), process(office, WORKER, account), process(office, "") as web:
        await asyncio.sleep(0.3)  # they have looked, and would look again in a minute
        office.writer.on_commit(web.wake)
        numbers = [queue(office, "push"), queue(office, "custom", channel=OFFICIAL_ACCOUNT, method="custom")]
        for number in numbers:
            await reaches(office, number, "sent")
    assert (groups.texts, account.texts) == (["push"], ["custom"])


async def test_job_is_there_once_however_much_was_queued_and_gone_when_it_is_done(office: Office) -> None:
    async with process(office, "") as web:
        office.writer.on_commit(web.wake)
        for number in range(5):
            queue(office, str(number))
            await until(lambda: _jobs(office) == {(GATEWAY, "todo"): 1, (WORKER, "todo"): 1})
    post = Post(WORK_GROUP)
    async with process(office, GATEWAY, post):
        await until(lambda: len(post.sent) == 5 and _jobs(office) == {(WORKER, "todo"): 1})


async def test_second_process_helps_where_one_is_not_done_soon(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procrastinate, "NOT_SOON", 0.2)
    first, second = Post(OFFICIAL_ACCOUNT), Post(OFFICIAL_ACCOUNT)
    gates = [post.hold("slow") for post in (first, second)]
    async with process(office, WORKER, first), process(office, WORKER, second), process(office, "") as web:
        await asyncio.sleep(0.3)
        office.writer.on_commit(web.wake)
        queue(office, "slow", channel=OFFICIAL_ACCOUNT, method="custom", to="o1")
        queue(office, "next", channel=OFFICIAL_ACCOUNT, method="custom", to="o2")
        await until(lambda: _jobs(office).get((WORKER, "doing")) == 2)  # the other holds a job of its own, and looks
        for gate in gates:
            gate.set()
        await until(lambda: len(first.sent + second.sent) == 2)
        await until(lambda: not _jobs(office).get((WORKER, "doing")))


async def test_what_a_process_leaves_in_good_order_another_goes_on_with(office: Office) -> None:
    leaving, staying = Post(OFFICIAL_ACCOUNT), Post(OFFICIAL_ACCOUNT)
    gate = leaving.hold("0")
    async with process(office, "") as web, process(office, WORKER, leaving):
        office.writer.on_commit(web.wake)
        numbers = [queue(office, str(at), channel=OFFICIAL_ACCOUNT, method="custom", to=f"o{at}") for at in range(3)]
        await until(lambda: leaving.under_way == ["0"] and _jobs(office).get((WORKER, "doing")))
        asyncio.get_running_loop().call_later(0.2, gate.set)
    await until(lambda: _jobs(office).get((WORKER, "todo")) == 1)
    async with process(office, WORKER, staying):
        await reaches(office, numbers[-1], "sent")
    assert (leaving.texts, staying.texts) == (["0"], ["1", "2"])


async def test_job_of_a_process_that_died_is_found_by_another(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SILENT", 0.5), ("HEARTBEAT", 0.1)):
        monkeypatch.setattr(procrastinate, name, value)
    office.do(lambda work: work.session.execute(text(_DEAD)))
    async with process(office, ""):
        await until(lambda: _jobs(office) == {(WORKER, "todo"): 1})


async def test_wakes_are_heard_again_after_a_moment_without_the_database(
    office: Office, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(procrastinate, "PAUSE", 0.1)
    post, name = Post(OFFICIAL_ACCOUNT), office.database.url.database
    async with process(office, WORKER, post) as worker, process(office, "") as web:
        await asyncio.sleep(0.3)
        admin(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin(postgres, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        await until(worker._failed.is_set)
        admin(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await until(lambda: _listening(office))
        office.writer.on_commit(web.wake)
        await until(lambda: _woken(office, post))
    assert post.texts[0] == "0"


def _woken(office: Office, post: Post) -> bool:
    """Whether it has come; the web, too, needs a moment to be there again, so each time there is something new."""
    queue(office, str(len(office.rows(Delivery))), channel=OFFICIAL_ACCOUNT, method="custom")
    return bool(post.sent)


_DEAD = """
    WITH dead AS (
        INSERT INTO procrastinate.procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id
    )
    INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id)
    SELECT 'worker', 'wake', 'worker', 'doing', id FROM dead
"""


def _jobs(office: Office) -> dict[tuple[str, str], int]:
    wish = text("SELECT queue_name, status::text, count(*) FROM procrastinate.procrastinate_jobs GROUP BY 1, 2")
    with office.database.read() as session:
        return Counter({(queue, status): count for queue, status, count in session.execute(wish)})


def _listening(office: Office) -> bool:
    wish = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' AND datname = current_database()"
    with office.database.read() as session:
        return bool(session.scalar(text(wish)))
