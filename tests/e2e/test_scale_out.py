"""The work shared by eight processes on PostgreSQL: two of each role, as they are run on two machines."""

import base64
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.fleet import PAIRS, Fleet
from benchmarks.relay import relay
from benchmarks.stage import TEXT, Stage, custom, push
from bot.demo import world
from bot.messaging.types import GROUP_WEBHOOK
from bot.model import Attachment, AttachmentState, Filing, InboxMessage, ScheduleRun
from tests.databases import copy_database, url_of
from tests.e2e.platform import Platform
from tests.nursery import Nursery
from tests.photos import photo
from tests.waiting import wait_until

GROUP = f"group:{world.GROUP}"
FOLLOWERS = 700  # more than 500, so that both workers have several under way at once
WEBHOOK, PER_MINUTE, PUSHED = "群0000", 20, 25
REQUIREMENT = "广播 监督要求：请各单位10月14日18:00前报送三季度进度表，收到请回复"


@pytest.fixture
def stage(tmp_path: Path, postgres: str, peopled: str, nursery: Nursery) -> Stage:
    copy_database(postgres, peopled, "scaled_out")
    stage = Stage(tmp_path, followers=FOLLOWERS, webhooks=1, launch=nursery.launch)
    stage.stack.set_clock(world.START)
    stage.open(database_url=url_of(postgres, "scaled_out"))
    return stage


def test_two_of_each_share_the_work_and_stand_in_for_each_other(stage: Stage) -> None:
    fleet, platform = Fleet(stage.stack), Platform(stage.stack)
    try:
        fleet.start(PAIRS)
        platform.wait_until_online()
        assert {fleet.health(name)["status"] for name in PAIRS} == {"ok"}, "started at once, and none held"
        robots = [fleet.health(name)["channels"]["work_group"] for name in PAIRS if name.startswith("gateway")]
        assert sorted(robots) == ["connected", "standby"]
        wait_until(lambda: fleet.health("web-a")["gateway"] == "connected")
        _doctor_asks_who_has_the_robot(stage)
        with relay(stage.stack.port, [fleet.ports["web-a"], fleet.ports["web-b"]]) as seen:
            _callback_through_both_webs_is_handled_once(stage, platform)
            assert min(seen[fleet.ports[name]] for name in ("web-a", "web-b")) > 0
        _photo_that_the_gateway_hears_of_is_fetched_by_a_worker(stage, platform)
        _broadcast_reaches_everybody_once(stage, platform)
        _schedules_fire_once(stage, platform)
        _worker_that_dies_is_stood_in_for_and_limits_hold(stage, fleet)
        _gateway_that_dies_is_stood_in_for(fleet, platform)
        assert set(fleet.stop().values()) == {-signal.SIGTERM}, "they stopped in good order"
    finally:
        fleet.stop()
        stage.stack.stop()


def _doctor_asks_who_has_the_robot(stage: Stage) -> None:
    """It opens no second connection, which would throw the running one out."""
    command = [sys.executable, "-m", "bot", "doctor"]
    said = subprocess.run(command, env=stage.stack.environment, capture_output=True, text=True, timeout=30).stdout
    assert "✔ 企业微信机器人：运行中的机器人已接通长连接" in said


def _callback_through_both_webs_is_handled_once(stage: Stage, platform: Platform) -> None:
    """Two at once and one more, as the platform repeats them."""
    contact = world.CONTACTS[0].openid
    before = _count(stage, InboxMessage)
    platform.call("/faults", {"target": "callbacks", "outcome": "repeat", "times": 1})
    answer = platform.follower(contact, "报备：10月24日9点 垃圾分类讲座 莞城文化广场 120人 李敏13800138000")
    assert answer is not None
    assert "2020-0001" in answer["text"]
    assert (_count(stage, InboxMessage) - before, _count(stage, Filing)) == (1, 1)


def _photo_that_the_gateway_hears_of_is_fetched_by_a_worker(stage: Stage, platform: Platform) -> None:
    media = [{"type": "image", "filename": "", "base64": base64.b64encode(photo(7)).decode()}]
    platform.call("/direct/limin/say", {"text": "", "media": media})
    wait_until(lambda: _count(stage, Attachment, Attachment.state == AttachmentState.KEPT) == 1)
    fetched = [name for name in ("worker-a", "worker-b") if "attachment_settled" in _log(stage, name)]
    assert fetched, "by a worker, and not by the gateway"


def _broadcast_reaches_everybody_once(stage: Stage, platform: Platform) -> None:
    """From the gateway, which hears staff, to the group by itself and to followers by a worker."""
    since = platform.last()
    platform.direct("wangfang", REQUIREMENT)
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 1")
    wait_until(lambda: stage.states().get("sent", 0) >= 4 and not _under_way(stage))
    # Whatever went anywhere but to staff; in what words is the business of other tests.
    got = Counter(one["chat"] for one in platform.messages(since) if not one["chat"].startswith("direct:"))
    # Into the group by the robot and by its webhook; to the two contacts who follow the account.
    assert got == {GROUP: 2} | {f"official:{one.openid}": 1 for one in world.CONTACTS if one.openid}


def _schedules_fire_once(stage: Stage, platform: Platform) -> None:
    since = platform.last()
    platform.set_clock("2020-10-14T09:00:01")
    platform.wait("direct:zhangqiang", since, text="还没有回执通知 1")
    wait_until(lambda: _count(stage, ScheduleRun, ScheduleRun.name == "chase direct") >= 1 and not _under_way(stage))
    told = [one for one in platform.messages(since) if "还没有回执通知 1" in one["text"]]
    # Whoever speaks for two units is asked for each of them.
    assert max(Counter((one["chat"], one["text"]) for one in told).values()) == 1


def _worker_that_dies_is_stood_in_for_and_limits_hold(stage: Stage, fleet: Fleet) -> None:
    before = stage.states()["sent"]
    stage.call("/windows", {})
    stage.call("/faults", {"target": "message/custom/send", "outcome": "delay:0.05", "times": FOLLOWERS})
    rows = [push(GROUP_WEBHOOK, WEBHOOK, lane=f"{GROUP_WEBHOOK}:{WEBHOOK}") for _ in range(PUSHED)]
    stage.queue(rows + [custom(openid) for openid in stage.openids])
    wait_until(lambda: stage.states().get("sent", 0) > FOLLOWERS // 5)
    assert stage.states().get("queued", 0) > FOLLOWERS // 5, "the kill comes too late to mean anything"
    fleet.kill("worker-a")
    wait_until(lambda: stage.states().get("queued") == PUSHED - PER_MINUTE and not stage.states().get("sending"), 40)
    platform = Platform(stage.stack)
    platform.set_clock("2020-10-14T09:03:00")
    wait_until(lambda: not _under_way(stage))
    states = stage.states()
    got = Counter(one["chat"] for one in platform.messages() if TEXT in one["text"])
    webhook = got.pop(GROUP)
    doubtful = states.get("ambiguous", 0)
    assert doubtful <= 16 + 1, "more in doubt than the dead worker may have had under way"
    assert max(got.values()) == 1, "somebody was told twice"
    assert states["sent"] + doubtful == before + FOLLOWERS + PUSHED
    assert PUSHED - 1 <= webhook <= PUSHED
    codes = {name: call["codes"] for name, call in stage.call("/state")["calls"].items() if "send" in name}
    assert not any("45009" in found for found in codes.values()), f"the robot's limit was passed: {codes}"


def _gateway_that_dies_is_stood_in_for(fleet: Fleet, platform: Platform) -> None:
    holder = fleet.holder()
    [standby] = {"gateway-a", "gateway-b"} - {holder}
    fleet.kill(holder)
    died = time.monotonic()
    wait_until(lambda: fleet.holder() == standby, 15)
    print(f"the standby was connected {time.monotonic() - died:.1f} s after kill -9 of the gateway")
    assert "2020-0001" in platform.in_group("limin", "我的报备")["text"]


def _log(stage: Stage, name: str) -> str:
    return (stage.stack.folder / f"{name}.log").read_text()


def _under_way(stage: Stage) -> int:
    states = stage.states()
    return states.get("queued", 0) + states.get("sending", 0)


def _count(stage: Stage, table: type, *where: object) -> int:
    database = stage.database()
    with database.read() as session:
        found = session.scalar(select(func.count()).select_from(table).where(*where)) or 0
    database.close()
    return found
