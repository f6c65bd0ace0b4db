"""The plan never spends what is not there, tells nobody twice, and no other plan reaches more or spends less."""

import itertools
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import CHINA
from bot.rules import quota_plan
from bot.rules.quota_plan import WAYS, Follower, Quotas, Way, explain, make_plan, open_ways

NOW = datetime(2020, 10, 12, 10, tzinfo=CHINA)
RECENT, LONG_AGO = NOW - timedelta(hours=1), NOW - timedelta(hours=49)


def follower(number: int, **fields: object) -> Follower:
    return Follower(f"o{number}", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "quotas", "way"),
    [
        (Follower("o", passive=True, last_action=RECENT), Quotas(), Way.PASSIVE),
        (Follower("o", last_action=RECENT, consents=1), Quotas(template=9, subscription=9), Way.CUSTOM),
        (Follower("o", last_action=LONG_AGO, consents=1), Quotas(template=9, subscription=9), Way.TEMPLATE),
        (Follower("o", last_action=LONG_AGO, consents=1), Quotas(subscription=9), Way.SUBSCRIPTION),
        (Follower("o", last_action=LONG_AGO), Quotas(subscription=9), None),  # a mass send to one is not taken
    ],
)
def test_one_follower_is_told_by_what_is_least_scarce(one: Follower, quotas: Quotas, way: Way | None) -> None:
    assert make_plan([one], quotas, NOW).ways.get("o") == way


def test_five_minutes_before_the_window_closes_it_counts_as_closed() -> None:
    edge = NOW - timedelta(hours=48) + timedelta(minutes=4)
    assert Way.CUSTOM not in open_ways(Follower("o", last_action=edge), Quotas(), NOW)


def test_whoever_had_four_mass_sends_this_month_gets_no_fifth() -> None:
    fans = [follower(at, mass_received=4 if at == 0 else 3) for at in range(5)]
    plan = make_plan(fans, Quotas(), NOW)
    assert set(plan.ways) == {"o1", "o2", "o3", "o4"}
    assert "本月已收到 4 次群发" in plan.unreachable["o0"]


def test_subscription_account_without_a_mass_send_left_reaches_only_those_who_wrote() -> None:
    fans = [follower(at, last_action=RECENT if at < 2 else None) for at in range(5)]
    plan = make_plan(fans, Quotas(service=False, mass_calls=0), NOW)
    assert plan.spent == {Way.CUSTOM: 2}
    assert len(plan.unreachable) == 3


def test_twenty_thousand_and_one_go_in_three_calls_none_of_them_small() -> None:
    plan = make_plan([follower(at) for at in range(20_001)], Quotas(), NOW)
    assert [len(batch) for batch in plan.batches] == [6667, 6667, 6667]
    assert len({openid for batch in plan.batches for openid in batch}) == 20_001


def test_one_who_could_only_be_mass_sent_gets_company_from_the_scarcest_way() -> None:
    fans = [follower(0), follower(1, last_action=RECENT), follower(2, consents=1, last_action=None)]
    plan = make_plan(fans, Quotas(subscription=1), NOW)
    assert plan.ways == {"o0": Way.MASS, "o1": Way.CUSTOM, "o2": Way.MASS}


def test_template_that_runs_out_is_kept_for_those_whom_nothing_else_reaches() -> None:
    fans = [follower(0, consents=1, mass_received=4), follower(1, mass_received=4)]
    plan = make_plan(fans, Quotas(template=1, subscription=5), NOW)
    assert plan.ways == {"o0": Way.SUBSCRIPTION, "o1": Way.TEMPLATE}


def test_plan_is_told_in_words() -> None:
    fans = [follower(0, last_action=RECENT), follower(1), follower(2), follower(3, mass_received=4)]
    words = explain(make_plan(fans, Quotas(), NOW), Quotas())
    assert words.splitlines() == [
        "客服消息 1 人",
        "群发 2 人，分 1 次发出，每人本月群发次数各减 1",
        "无法送达 1 人：本月已收到 4 次群发，且 48 小时内没有互动",
    ]


def test_words_tell_how_many_messages_each_gets_where_it_is_more_than_one() -> None:
    quotas = Quotas(custom=7, parts=3, mass_calls=0)
    plan = make_plan([follower(at, last_action=RECENT) for at in range(3)], quotas, NOW)
    assert explain(plan, quotas).splitlines() == ["客服消息 2 人，每人分 3 条", "无法送达 1 人：可用的发送额度已用完"]


FOLLOWERS = st.lists(
    st.builds(
        dict,
        last_action=st.sampled_from([None, RECENT, LONG_AGO]),
        passive=st.booleans(),
        consents=st.integers(0, 2),
        mass_received=st.integers(2, 5),
    ),
    max_size=5,
).map(lambda rows: [follower(at, **row) for at, row in enumerate(rows)])
QUOTAS = st.builds(
    Quotas,
    service=st.booleans(),
    custom=st.integers(0, 7),
    parts=st.integers(1, 4),
    template=st.integers(0, 3),
    subscription=st.integers(0, 3),
    mass_calls=st.integers(0, 2),
)


@settings(max_examples=150, deadline=None)
@given(FOLLOWERS, QUOTAS)
def test_no_other_plan_reaches_more_or_spends_less(fans: list[Follower], quotas: Quotas) -> None:
    plan = make_plan(fans, quotas, NOW)
    assert _allowed(plan.ways, fans, quotas)
    assert set(plan.ways) | set(plan.unreachable) == {one.openid for one in fans}
    assert not set(plan.ways) & set(plan.unreachable)
    assert _worth(plan.ways) == max(_worth(other) for other in _every_plan(fans, quotas))
    sent = [openid for batch in plan.batches for openid in batch]
    assert sorted(sent) == sorted(openid for openid, way in plan.ways.items() if way is Way.MASS)
    assert len(plan.batches) <= quotas.mass_calls
    assert all(len(batch) >= 2 for batch in plan.batches)


@given(FOLLOWERS, QUOTAS, st.integers(3, 4))
def test_limits_hold_when_a_call_takes_few(fans: list[Follower], quotas: Quotas, largest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quota_plan, "LARGEST_MASS", largest)
        plan = make_plan(fans, quotas, NOW)
    assert len(plan.batches) <= quotas.mass_calls
    assert all(2 <= len(batch) <= largest for batch in plan.batches)


def _allowed(ways: dict[str, Way], fans: list[Follower], quotas: Quotas) -> bool:
    spent = Counter(ways.values())
    room = {Way.CUSTOM: quotas.custom, Way.TEMPLATE: quotas.template, Way.SUBSCRIPTION: quotas.subscription}
    by_openid = {one.openid: one for one in fans}
    return (
        all(spent[way] * (quotas.parts if way is Way.CUSTOM else 1) <= most for way, most in room.items())
        and spent[Way.MASS] != 1
        and all(way in open_ways(by_openid[openid], quotas, NOW) for openid, way in ways.items())
    )


def _every_plan(fans: list[Follower], quotas: Quotas) -> list[dict[str, Way]]:
    choices = [[None, *open_ways(one, quotas, NOW)] for one in fans]
    made = [
        {one.openid: way for one, way in zip(fans, chosen, strict=True) if way is not None}
        for chosen in itertools.product(*choices)
    ]
    return [ways for ways in made if _allowed(ways, fans, quotas)]


def _worth(ways: dict[str, Way]) -> tuple[int, ...]:
    """Reach first, then as few as possible of each way, the scarcest first."""
    spent = Counter(ways.values())
    return (len(ways), *(-spent[way] for way in reversed(WAYS[1:])))
