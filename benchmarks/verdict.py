"""Whether the promises held in a storm: everybody in a final state, nobody told twice, no quota passed."""

import contextlib
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from benchmarks.audience import Audience
from benchmarks.stage import Stage
from bot.messaging.types import WORK_GROUP
from bot.model import Delivery, DeliveryState

MARK = "三季度进度表"  # in every form of the notice
REPEATED = "45065"  # a mass send that had come through already: harmless
FINAL = {
    DeliveryState.SENT, DeliveryState.AMBIGUOUS, DeliveryState.FAILED, DeliveryState.UNREACHABLE,
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What the storm came to, in recipients; a mass send counts as many as it names."""

    recipients: int
    kills: int
    planning_seconds: float
    seconds: float
    sent: int
    sent_by_mass_send: int
    doubtful: int
    doubtful_but_arrived: int
    failed: int
    unreachable: int
    resumed: int
    calls: int
    refused: int


def judge(
    stage: Stage,
    plan: dict[int, list[str]],
    fans: Audience,
    scripted: Counter[str],
    *,
    kills: int,
    planned: float,
    seconds: float,
    resumed: int,
) -> Figures:
    """The figures; raises `AssertionError` where a promise is broken."""
    ends, by_mass = _ends(stage, plan)
    everybody = {f"group:{one}" for one in stage.groups} | {f"direct:{one}" for one in stage.userids}
    everybody |= {f"official:{one}" for one in stage.openids}
    assert set(ends) == everybody, (
        f"left out: {list(everybody - set(ends))[:5]}, strange: {list(set(ends) - everybody)[:5]}"
    )
    assert set(ends.values()) <= FINAL, f"not ended: {Counter(ends.values())}"
    got = _arrivals(stage, everybody)
    twice = [chat for chat, count in got.items() if count > 1]
    assert not twice, f"told twice: {twice[:5]} of {len(twice)}"
    lost = [chat for chat, state in ends.items() if state == DeliveryState.SENT and not got[chat]]
    assert not lost, f"counted as sent and not arrived: {lost[:5]} of {len(lost)}"
    ghosts = [
        chat for chat, state in ends.items() if state in (DeliveryState.FAILED, DeliveryState.UNREACHABLE) and got[chat]
    ]
    assert not ghosts, f"arrived and counted as not: {ghosts[:5]} of {len(ghosts)}"
    unreachable = {chat for chat, state in ends.items() if state == DeliveryState.UNREACHABLE}
    assert unreachable == {f"official:{one}" for one in fans.exhausted}, (
        "another was given up than who cannot be reached"
    )
    calls = {name: one for name, one in stage.call("/state")["calls"].items() if "send" in name}
    codes: Counter[str] = Counter()
    for one in calls.values():
        codes.update(one["codes"])
    assert codes["45047"] == codes["45028"] == codes["45015"] == codes["43101"] == 0, f"a quota was passed: {codes}"
    assert codes["45009"] <= scripted["rate_limit"], f"a limit was passed: {codes}"
    states = Counter(ends.values())
    return Figures(
        recipients=len(ends), kills=kills, planning_seconds=planned, seconds=seconds, sent=states[DeliveryState.SENT],
        sent_by_mass_send=by_mass, doubtful=states[DeliveryState.AMBIGUOUS],
        doubtful_but_arrived=sum(got[chat] for chat, state in ends.items() if state == DeliveryState.AMBIGUOUS),
        failed=states[DeliveryState.FAILED], unreachable=len(unreachable), resumed=resumed,
        calls=sum(one["count"] for one in calls.values()), refused=codes.total() - codes["0"] - codes[REPEATED],
    )  # fmt: skip


def plan_of(stage: Stage) -> dict[int, list[str]]:
    """Delivery → the chats that it is to reach; nobody is planned twice. Asked at once: a mass send forgets its openids."""
    columns = (Delivery.id, Delivery.channel, Delivery.recipient, Delivery.recipients)
    with contextlib.closing(stage.database()) as database, database.read() as session:
        rows = session.execute(select(*columns).where(Delivery.purpose == "notice")).all()
    groups = set(stage.groups)
    plan = {
        number: [_chat(channel, one, groups) for one in (recipients or [recipient])]
        for number, channel, recipient, recipients in rows
    }
    times = Counter(chat for chats in plan.values() for chat in chats)
    assert max(times.values()) == 1, f"planned twice: {times.most_common(3)}"
    return plan


def _ends(stage: Stage, plan: dict[int, list[str]]) -> tuple[dict[str, DeliveryState], int]:
    """Chat → how its delivery ended; and how many a mass send reached."""
    columns = (Delivery.id, Delivery.method, Delivery.state)
    with contextlib.closing(stage.database()) as database, database.read() as session:
        rows = session.execute(select(*columns).where(Delivery.purpose == "notice")).all()
    ends = {chat: state for number, _, state in rows for chat in plan[number]}
    by_mass = [plan[number] for number, method, state in rows if method == "mass" and state == DeliveryState.SENT]
    return ends, sum(map(len, by_mass))


def _arrivals(stage: Stage, everybody: set[str]) -> Counter[str]:
    seen = stage.call("/messages?since=0")["messages"]
    got: Counter[str] = Counter()
    for one in seen:
        if one["from"] == "bot" and one["chat"] in everybody and MARK in str((one["text"], one["card"])):
            got[one["chat"]] += 1
    return got


def _chat(channel: str, recipient: str, groups: set[str]) -> str:
    if channel != WORK_GROUP:
        return f"official:{recipient}"
    return f"group:{recipient}" if recipient in groups else f"direct:{recipient}"
