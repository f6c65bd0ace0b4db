"""From one notice to its rows: every group, contact and follower exactly once, and nobody twice for a repetition."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import notices as planning
from bot.delivery import quotas, targets
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account, Acknowledgement, Delivery, Notice, NoticeState, Unit
from bot.rules import quota_plan
from bot.store.unit_of_work import UnitOfWork
from tests.delivery.post import Post, running
from tests.office import GROUP, Office
from tests.waiting import until

LONG_BODY = "请报送进度表，并附说明。" * 150


def _notice(office: Office, **fields: Any) -> int:
    def act(work: UnitOfWork) -> int:
        held = {
            "kind": "通知",
            "title": "报送进度表",
            "body": "请报送进度表。",
            "state": NoticeState.SUBMITTED,
        } | fields
        notice = Notice(created_at=work.now, **held)
        work.session.add(notice)
        work.session.flush()
        return notice.id

    return int(office.do(act))


def _send(office: Office, number: int) -> list[Delivery]:
    office.do(lambda work: planning.send(work, work.session.get_one(Notice, number)))
    return office.rows(Delivery, Delivery.notice_id == number)


def _follow(office: Office, *openids: str, following: bool = True, **columns: Any) -> None:
    def act(work: UnitOfWork) -> None:
        for openid in openids:
            at = work.now
            held = {"first_seen_at": at, "last_action_at": at} | columns
            work.session.add(
                Account(
                    channel=OFFICIAL_ACCOUNT,
                    external_id=openid,
                    following=following,
                    **held,
                )
            )

    office.do(act)


def test_notice_for_the_units_goes_to_the_group_and_to_their_followers_one_by_one(office: Office) -> None:
    for name in ("甲协会", "乙学会"):
        office.unit(name)
    office.contact("li", "李敏", "甲协会")
    office.contact("oChen", "陈静", "甲协会", "乙学会", channel=OFFICIAL_ACCOUNT)
    office.contact("oHe", "何伟", "乙学会", channel=OFFICIAL_ACCOUNT)
    _follow(office, "oPublic")
    rows = _send(office, _notice(office, acknowledge=True))
    found = Counter((one.channel, one.method, one.recipient) for one in rows)
    assert found == {
        (WORK_GROUP, "push", GROUP): 1,
        (OFFICIAL_ACCOUNT, "custom", "oChen"): 1,
        (OFFICIAL_ACCOUNT, "custom", "oHe"): 1,
    }
    assert {one.purpose for one in rows} == {"notice"}


def test_contact_whose_units_are_all_closed_is_left_alone(office: Office) -> None:
    for name in ("开着的", "已关闭的"):
        office.unit(name)
    office.contact("oOpen", "开", "开着的", channel=OFFICIAL_ACCOUNT)
    office.contact("oBoth", "两", "开着的", "已关闭的", channel=OFFICIAL_ACCOUNT)
    office.contact("oShut", "关", "已关闭的", channel=OFFICIAL_ACCOUNT)
    office.do(lambda work: work.session.query(Unit).filter_by(name="已关闭的").update({"active": False}))
    rows = _send(office, _notice(office, acknowledge=True))
    assert {one.recipient for one in rows if one.channel == OFFICIAL_ACCOUNT} == {"oOpen", "oBoth"}
    assert len(office.rows(Acknowledgement)) == 1


def test_notice_for_everybody_is_one_mass_send_to_those_who_have_not_written_lately(office: Office) -> None:
    _follow(office, "oAmy", "oBob", "oCat", last_action_at=None)
    _follow(office, "oDan")
    _follow(office, "oGone", following=False)
    number = _notice(office, kind="申报指南", public=True)
    rows = _send(office, number)
    [everybody] = [one for one in rows if one.method == "mass"]
    assert sorted(everybody.recipients or []) == ["oAmy", "oBob", "oCat"]
    assert f"https://bot.example.org/notices/{number}" in everybody.content["text"]
    assert [
        (one.method, one.recipient) for one in rows if one.channel == OFFICIAL_ACCOUNT and one.method != "mass"
    ] == [("custom", "oDan")]


def test_more_followers_than_one_call_takes_are_split_and_each_is_in_one_part(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota_plan, "LARGEST_MASS", 10)
    _follow(office, *(f"o{number:03}" for number in range(31)), last_action_at=None)
    rows = [one for one in _send(office, _notice(office, public=True)) if one.channel == OFFICIAL_ACCOUNT]
    reached = Counter(openid for one in rows for openid in (one.recipients or [one.recipient]))
    assert reached == {f"o{number:03}": 1 for number in range(31)}
    assert all(2 <= len(one.recipients or [1, 1]) <= 10 for one in rows)


def test_repetition_makes_no_second_row_and_no_second_debt(office: Office) -> None:
    office.unit("甲协会")
    office.contact("oChen", "陈静", "甲协会", channel=OFFICIAL_ACCOUNT)
    number = _notice(office, acknowledge=True)
    first = [one.id for one in _send(office, number)]
    assert [one.id for one in _send(office, number)] == first
    assert len(office.rows(Acknowledgement)) == 1


def test_preview_counts_what_then_goes_out(office: Office) -> None:
    for name in ("甲协会", "乙学会"):
        office.unit(name)
    office.contact("oChen", "陈静", "甲协会", channel=OFFICIAL_ACCOUNT)
    office.contact("oOld", "旧", "乙学会", channel=OFFICIAL_ACCOUNT)
    office.do(lambda work: work.session.query(Account).filter_by(external_id="oOld").update({"last_action_at": None}))
    number = _notice(office, acknowledge=True)
    reach = office.do(lambda work: planning.preview(work, work.session.get_one(Notice, number)))
    found = reach.targets
    assert (len(found.groups), len(found.units), reach.contacts, reach.closed) == (1, 2, 1, 1)
    assert office.rows(Delivery) == []
    states = Counter(one.state for one in _send(office, number))
    assert states == {"queued": 2, "unreachable": 1}


def test_follower_who_had_four_mass_sends_this_month_is_listed_and_not_lost(office: Office) -> None:
    _follow(office, "oFour", last_action_at=None, mass_month="2020-10", mass_count=4)
    _follow(office, "oLast", last_action_at=None, mass_month="2020-09", mass_count=4)
    _follow(office, "oThree", last_action_at=None, mass_month="2020-10", mass_count=3)
    rows = _send(office, _notice(office, public=True))
    [everybody] = [one for one in rows if one.method == "mass"]
    assert sorted(everybody.recipients or []) == ["oLast", "oThree"]
    [lost] = [one for one in rows if one.state == "unreachable"]
    assert (lost.recipient, "本月已收到 4 次群发" in lost.error) == ("oFour", True)


def test_long_message_counts_with_each_of_its_parts_against_the_quota(office: Office) -> None:
    _follow(office, "oAmy", "oBob", "oCat", "oDan")
    office.do(lambda work: quotas.keep(work, quotas.PATHS["custom"], daily_limit=7))
    to_followers = office.do(lambda work: targets.read(work, "粉丝"))
    rows = _send(office, _notice(office, targets=to_followers, body=LONG_BODY))
    parts = Counter(one.recipient for one in rows if one.method == "custom")
    assert parts == {"oAmy": 3, "oBob": 3}, "six messages of seven"
    [others] = [one for one in rows if one.method == "mass"]
    assert sorted(others.recipients or []) == ["oCat", "oDan"]


@pytest.mark.parametrize(
    ("base", "body", "limit", "to_contact"),
    [
        ("https://bot.example.org", "{{单位}}请报送。", 3, 2),
        ("https://bot.example.org", LONG_BODY, 4, 1),  # the rest stands on a page of their own
        ("", LONG_BODY, 7, 3),
    ],
)
def test_what_contacts_are_sent_counts_message_by_message_before_the_followers(
    make_office: Callable[..., Office], base: str, body: str, limit: int, to_contact: int
) -> None:
    office = make_office({"server": {"public_url": base}})
    office.unit("甲协会")
    office.unit("乙学会")
    office.contact("oHe", "何伟", "甲协会", "乙学会", channel=OFFICIAL_ACCOUNT)
    _follow(office, "oAmy", "oBob", "oCat")
    office.do(lambda work: quotas.keep(work, quotas.PATHS["custom"], daily_limit=limit))
    to_both = office.do(lambda work: targets.read(work, "甲协会、乙学会、粉丝"))
    rows = _send(office, _notice(office, targets=to_both, body=body, acknowledge=False))
    sent = Counter(one.recipient for one in rows if one.method == "custom")
    assert sent["oHe"] == to_contact
    assert sent.total() <= limit
    assert len(sent) == 2, "one follower is told beside the contact"
    [others] = [one for one in rows if one.method == "mass"]
    assert len(others.recipients or []) == 2


def test_subscription_account_sends_to_everybody_at_once_and_only_once_a_day(
    make_office: Callable[..., Office],
) -> None:
    account = {"app_id": "wx1", "app_secret": "s" * 32, "token": "token", "encoding_aes_key": "a" * 43}
    office = make_office({"official_account": account | {"kind": "subscription"}})
    _follow(office, "oAmy", "oBob", last_action_at=None)
    _follow(office, "oCat")
    [everybody] = [one for one in _send(office, _notice(office, public=True)) if one.channel == OFFICIAL_ACCOUNT]
    assert (everybody.method, everybody.recipients) == ("mass", None)
    second = [one for one in _send(office, _notice(office, public=True)) if one.channel == OFFICIAL_ACCOUNT]
    assert Counter((one.method, one.state) for one in second) == {("custom", "queued"): 1, ("custom", "unreachable"): 2}


def test_notice_with_targets_goes_to_these_alone_and_asks_only_them(office: Office) -> None:
    for name in ("甲协会", "乙学会"):
        office.unit(name)
    office.contact("li", "李敏", "甲协会")
    office.contact("he", "何伟", "乙学会")
    number = _notice(office, acknowledge=True)
    office.do(lambda work: setattr(work.session.get_one(Notice, number), "targets", targets.read(work, "甲协会")))
    [row] = _send(office, number)
    assert (row.channel, row.recipient) == (WORK_GROUP, "li")  # in direct chat, because no group is told
    assert len(office.rows(Acknowledgement)) == 1


People = st.lists(
    st.tuples(
        st.sets(st.sampled_from("甲乙丙"), max_size=3), st.sets(st.sampled_from("wxyz"), max_size=3), st.booleans()
    ),
    max_size=6,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=People, public=st.booleans(), fans=st.integers(0, 5))
def test_whoever_there_is_each_is_reached_exactly_once(
    make_office: Callable[..., Office], people: list[tuple[set[str], set[str], bool]], public: bool, fans: int
) -> None:
    office = make_office()
    office.do(_clear)
    for name in "甲乙丙":
        office.unit(name)
    expected = set()
    for number, (units, accounts, in_chat) in enumerate(people):
        channel = WORK_GROUP if in_chat else OFFICIAL_ACCOUNT
        office.contact(f"p{number}", "某", *units, channel=channel)
        for more in accounts:
            _follow(office, f"p{number}{more}")
            office.do(lambda work, n=number, m=more: _belongs(work, f"p{n}", f"p{n}{m}"))  # type: ignore[misc]
        if units and (accounts or not in_chat):
            expected.add(number)
    _follow(office, *(f"fan{number}" for number in range(fans)))
    rows = [one for one in _send(office, _notice(office, public=public)) if one.channel != WORK_GROUP]
    if public:
        reached = Counter(openid for one in rows for openid in (one.recipients or [one.recipient]))
        with office.session() as session:
            followers = session.query(Account).filter_by(channel=OFFICIAL_ACCOUNT, following=True).all()
            assert reached == {one.external_id: 1 for one in followers}
    else:
        assert Counter(int(one.recipient[1]) for one in rows) == dict.fromkeys(expected, 1)
    office.close()


def _belongs(work: UnitOfWork, holder: str, other: str) -> None:
    accounts = {
        one.external_id: one for one in work.session.query(Account).filter(Account.external_id.in_((holder, other)))
    }
    accounts[other].person_id = accounts[holder].person_id


def _clear(work: UnitOfWork) -> None:
    from bot.model.base import Base

    for table in reversed(Base.metadata.sorted_tables):
        work.session.execute(table.delete())


async def test_mass_send_that_went_is_counted_for_each_who_got_it(office: Office) -> None:
    _follow(office, "oAmy", "oBob", last_action_at=None, mass_month="2020-09", mass_count=4)
    number = _notice(office, public=True)
    await asyncio.to_thread(_send, office, number)
    async with running(office, Post(OFFICIAL_ACCOUNT)):
        await until(lambda: office.rows(Delivery, Delivery.method == "mass")[0].state == "sent")
    assert [(one.mass_month, one.mass_count) for one in office.rows(Account)] == [("2020-10", 1), ("2020-10", 1)]
