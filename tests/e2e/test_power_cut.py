"""kill -9 in the middle of a broadcast: nobody forgotten, nobody told twice, at most one in doubt."""

import time
from collections import Counter

import pytest

from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Delivery, DeliveryState, Membership, Person, Unit
from bot.settings import load
from bot.store.engine import Database
from tests.e2e.conftest import Start
from tests.e2e.platform import Platform

CONTACTS = 200
OPENIDS = [f"o-contact-{at:04d}" for at in range(CONTACTS)]


@pytest.mark.parametrize("after", [3, 100])
def test_broadcast_survives_a_kill(start: Start, after: int) -> None:
    platform = start()
    _bind_contacts(platform)
    for openid in OPENIDS:
        platform.call("/followers", {"openid": openid, "name": openid[-4:]})
        platform.call(f"/official/{openid}/follow", {"wait": False})
        platform.follower(openid, "谢谢")  # only words open the customer-service window
    platform.direct("wangfang", "广播 监督要求：请各单位核对活动计划，收到请回复")
    platform.direct("wangfang", "提交审核")
    platform.call("/faults", {"target": "message/custom/send", "outcome": "delay:0.01", "times": CONTACTS})
    platform.direct("chenzhiming", "批准 1")
    _wait_until_sent(platform, after)
    platform.stack.kill_bot()
    before = _states(platform)
    platform.stack.start_bot()
    states = _wait_until_settled(platform)
    received = Counter(
        one["chat"] for one in platform.messages() if one["from"] == "bot" and "请各单位核对活动计划" in str(one)
    )
    received = Counter({chat: count for chat, count in received.items() if "o-contact" in chat})
    assert before[DeliveryState.QUEUED] + before[DeliveryState.SENDING] > 0, "the kill came too late to mean anything"
    assert max(received.values()) == 1
    assert states[DeliveryState.AMBIGUOUS] <= 1
    assert states[DeliveryState.SENT] + states[DeliveryState.AMBIGUOUS] == sum(states.values())
    assert len(received) >= CONTACTS - states[DeliveryState.AMBIGUOUS]


def _bind_contacts(platform: Platform) -> None:
    """Two hundred contacts on the official account, as if each had bound long ago."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    database = _database(platform)
    with Session(database.writer) as session:
        now = platform.stack.clock.now()
        unit = session.scalars(select(Unit)).first()
        assert unit is not None
        for openid in OPENIDS:
            person = Person(created_at=now)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=unit.id))
            account = Account(channel=OFFICIAL_ACCOUNT, external_id=openid, person_id=person.id, first_seen_at=now)
            account.following = True
            session.add(account)
        session.commit()
    database.close()


def _wait_until_sent(platform: Platform, count: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if _states(platform)[DeliveryState.SENT] > count:
            return
        time.sleep(0.01)
    raise AssertionError(f"not so many went out: {_states(platform)}")


def _wait_until_settled(platform: Platform) -> Counter[str]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        states = _states(platform)
        if not states[DeliveryState.QUEUED] and not states[DeliveryState.SENDING]:
            return states
        time.sleep(0.2)
    raise AssertionError(f"not settled: {_states(platform)}")


def _states(platform: Platform) -> Counter[str]:
    from sqlalchemy import func, select

    database = _database(platform)
    with database.read() as session:
        wish = select(Delivery.state, func.count()).where(Delivery.purpose == "notice").group_by(Delivery.state)
        found = Counter(dict(session.execute(wish).all()))
    database.close()
    return found


def _database(platform: Platform) -> Database:
    return Database(load(platform.stack.config).database.url)
