"""By which way each follower of the official account is told: everybody who can be, spending what is scarce last.

The ways, scarce first (the platform's own limits are in `Quotas`): mass send · subscription notice · template message ·
customer-service message · passive reply. Followers who may be told by the same ways are one class, so the plan is a
flow from a few classes to five ways, and 20,000 followers cost no more than 20. Pure: knows no rows and no network.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations_with_replacement

# Customer-service messages are allowed for 48 hours after the last action; a little is kept in hand.
OPEN_WINDOW = timedelta(hours=48) - timedelta(minutes=5)
MASS_A_MONTH = 4  # to one follower, from a service account
LARGEST_MASS = 10_000  # openids in one call


class Way(StrEnum):
    """How a follower is told; in the order in which they are preferred."""

    PASSIVE = "passive"
    CUSTOM = "custom"
    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"
    MASS = "mass"


WAYS = tuple(Way)


@dataclass(frozen=True, slots=True)
class Follower:
    """One recipient. ``mass_received``: mass sends that arrived in the running month."""

    openid: str
    last_action: datetime | None = None
    passive: bool = False  # the follower has just written, and the answer is still to be given
    consents: int = 0  # subscription notices agreed to and not used
    mass_received: int = 0


@dataclass(frozen=True, slots=True)
class Quotas:
    """What is left, as the platform says and as we count, the smaller of both. ``template``: one is approved for this.

    ``parts``: how many customer-service messages carry this to one follower; by every other way it is one.
    """

    service: bool = True  # a service account; else a subscription account
    custom: int = 500_000
    parts: int = 1
    template: int = 0
    subscription: int = 0
    mass_calls: int = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """``ways``: openid → way. ``unreachable``: openid → why (Chinese). ``batches``: the openids of each mass call."""

    ways: dict[str, Way]
    unreachable: dict[str, str]
    batches: list[list[str]]
    spent: dict[Way, int] = field(default_factory=dict)


def make_plan(followers: Iterable[Follower], quotas: Quotas, now: datetime) -> Plan:
    """The plan that reaches the most followers and, among those, spends the least of what is scarce.

    Fewest mass sends first, then fewest subscription notices, then template messages, then customer-service messages.
    Nobody is planned twice; a follower named twice counts once.
    """
    known = {one.openid: one for one in followers}
    classes: dict[frozenset[Way], list[str]] = defaultdict(list)
    for one in known.values():
        classes[open_ways(one, quotas, now)].append(one.openid)
    ways = _hand_out(classes, _best_flow({ways: len(members) for ways, members in classes.items()}, _room(quotas)))
    masses = [openid for openid in known if ways.get(openid) is Way.MASS]
    missed = {openid: _why(known[openid], quotas, now) for openid in known if openid not in ways}
    spent = {way: sum(1 for one in ways.values() if one is way) for way in WAYS}
    return Plan(ways, missed, _batches(masses), {way: count for way, count in spent.items() if count})


def open_ways(one: Follower, quotas: Quotas, now: datetime) -> frozenset[Way]:
    """The ways that lead to this follower now, leaving aside how much of each is left."""
    found = {Way.PASSIVE} if one.passive else set()
    if one.last_action is not None and now - one.last_action < OPEN_WINDOW:
        found.add(Way.CUSTOM)
    if quotas.template:
        found.add(Way.TEMPLATE)
    if quotas.subscription and one.consents > 0:
        found.add(Way.SUBSCRIPTION)
    if quotas.mass_calls and (not quotas.service or one.mass_received < MASS_A_MONTH):
        found.add(Way.MASS)
    return frozenset(found)


def _room(quotas: Quotas) -> dict[Way, int]:
    return {
        Way.PASSIVE: 10**9,
        Way.CUSTOM: max(0, quotas.custom) // quotas.parts,
        Way.TEMPLATE: max(0, quotas.template),
        Way.SUBSCRIPTION: max(0, quotas.subscription),
        Way.MASS: max(0, quotas.mass_calls) * LARGEST_MASS,
    }


_Flow = dict[tuple[frozenset[Way], Way], int]


def _cheapest_flow(counts: dict[frozenset[Way], int], room: dict[Way, int]) -> _Flow:
    """How many of each class go by each way: a maximal flow of minimal cost, by cheapest augmenting paths.

    A unit by one way costs more than any number of units by a cheaper one, so costs compare as wished.
    """
    total = sum(counts.values()) + 1
    cost = {way: (total**at if at else 0) for at, way in enumerate(WAYS)}
    flow: _Flow = {(ways, way): 0 for ways in counts for way in ways}
    waiting, left = dict(counts), dict(room)
    while True:
        path = _cheapest_path(counts, flow, waiting, left, cost)
        if path is None:
            return flow
        start, steps, end = path
        amount = min(waiting[start], left[end], *(flow[back] for back in steps[1::2])) if steps else 0
        for at, edge in enumerate(steps):
            flow[edge] += amount if at % 2 == 0 else -amount
        waiting[start] -= amount
        left[end] -= amount


_Path = tuple[frozenset[Way], list[tuple[frozenset[Way], Way]], Way]


def _cheapest_path(
    counts: dict[frozenset[Way], int], flow: _Flow, waiting: dict[frozenset[Way], int], left: dict[Way, int],
    cost: dict[Way, int],
) -> _Path | None:  # fmt: skip
    """From a class that waits to a way with room; every second step takes some of another class away from a way."""
    best: dict[Way, tuple[int, frozenset[Way], list[tuple[frozenset[Way], Way]]]] = {}
    for start, count in waiting.items():
        for way in start if count else ():
            if way not in best or cost[way] < best[way][0]:
                best[way] = (cost[way], start, [(start, way)])
    for _ in WAYS:  # Bellman and Ford: a path visits each way once at most
        for full, (spent, start, steps) in list(best.items()):
            for other in counts:
                if full not in other or not flow[other, full]:
                    continue
                for way in other - {full}:
                    price = spent - cost[full] + cost[way]
                    visited = {edge[1] for edge in steps}
                    if way not in visited and (way not in best or price < best[way][0]):
                        best[way] = (price, start, [*steps, (other, full), (other, way)])
    ends = [(spent, way) for way, (spent, _, _) in best.items() if left[way]]
    if not ends:
        return None
    _, end = min(ends, key=lambda one: (one[0], WAYS.index(one[1])))
    return best[end][1], best[end][2], end


def _hand_out(classes: dict[frozenset[Way], list[str]], flow: _Flow) -> dict[str, Way]:
    ways: dict[str, Way] = {}
    for members_ways, members in classes.items():
        at = 0
        for way in WAYS:
            count = flow.get((members_ways, way), 0)
            ways.update(dict.fromkeys(members[at : at + count], way))
            at += count
    return ways


def _best_flow(counts: dict[frozenset[Way], int], room: dict[Way, int]) -> _Flow:
    """The cheapest flow in which no mass send goes to one alone, which the platform does not take.

    Where the cheapest would, the best of those with nobody and with two is taken: two of every pair of classes are
    set down for the mass send and the others dealt out anew, because company from one way frees it for somebody else.
    """
    flow = _cheapest_flow(counts, room)
    if sum(amount for (_, way), amount in flow.items() if way is Way.MASS) != 1:
        return flow
    without = room | {Way.MASS: 0}
    tried = [_cheapest_flow(counts, without)]
    for pair in combinations_with_replacement([ways for ways in counts if Way.MASS in ways], 2):
        left = Counter(counts)
        left.subtract(pair)
        if min(left.values()) < 0:
            continue
        dealt = _cheapest_flow(dict(left), without)
        for ways in pair:
            dealt[ways, Way.MASS] = dealt.get((ways, Way.MASS), 0) + 1
        tried.append(dealt)
    return max(tried, key=_worth)


def _worth(flow: _Flow) -> tuple[int, ...]:
    """Reach first, then as few as possible of each way, the scarcest first."""
    spent = Counter[Way]()
    for (_, way), amount in flow.items():
        spent[way] += amount
    return (spent.total(), *(-spent[way] for way in reversed(WAYS[1:])))


def _batches(openids: Sequence[str]) -> list[list[str]]:
    """As few calls as possible, of nearly equal size, so that none is of one."""
    calls = -(-len(openids) // LARGEST_MASS)
    return [list(openids[at::calls]) for at in range(calls)]


def _why(one: Follower, quotas: Quotas, now: datetime) -> str:
    """Why nobody could be found a way for this follower."""
    ways = open_ways(one, quotas, now)
    if not ways:
        if quotas.mass_calls and quotas.service and one.mass_received >= MASS_A_MONTH:
            return f"本月已收到 {MASS_A_MONTH} 次群发，且 48 小时内没有互动"
        return "48 小时内没有互动，也没有可用的群发、模板或订阅通知"
    if ways == {Way.MASS}:
        return "只能群发，而群发至少要有两个人" if quotas.mass_calls else "群发次数已用完"
    return "可用的发送额度已用完"


NAMES: dict[str, str] = {
    Way.PASSIVE: "随回复送达",
    Way.CUSTOM: "客服消息",
    Way.TEMPLATE: "模板消息",
    Way.SUBSCRIPTION: "订阅通知",
    Way.MASS: "群发",
}


def explain(plan: Plan, quotas: Quotas) -> str:
    """The plan in words: how many by each way, what is left of what is scarce, and who is not reached and why."""
    lines = []
    for way, count in plan.spent.items():
        line = f"{NAMES[way]} {count} 人"
        if way is Way.MASS:
            line += f"，分 {len(plan.batches)} 次发出，" + (
                "每人本月群发次数各减 1" if quotas.service else f"今天还剩 {quotas.mass_calls - len(plan.batches)} 次"
            )
        elif way is Way.CUSTOM and quotas.parts > 1:
            line += f"，每人分 {quotas.parts} 条"
        elif way is Way.TEMPLATE:
            line += f"，今天还剩 {quotas.template - count} 条"
        elif way is Way.SUBSCRIPTION:
            line += "，各用掉一次订阅"
        lines.append(line)
    reasons: dict[str, int] = defaultdict(int)
    for why in plan.unreachable.values():
        reasons[why] += 1
    lines += [f"无法送达 {count} 人：{why}" for why, count in reasons.items()]
    return "\n".join(lines) or "公众号上没有要发送的对象"
