"""How far a notice is, and when the last of it will go."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.delivery import chains
from bot.delivery.progress import Progress, progress
from bot.model import Delivery, DeliveryState, Notice
from bot.store.unit_of_work import UnitOfWork
from tests.delivery.test_large_runs import fill
from tests.office import Office


def seen(office: Office, number: int) -> Progress:
    with office.session() as session:
        return progress(session, session.get_one(Notice, number), office.clock.now())


def sent(office: Office, count: int, moment: datetime) -> None:
    def act(work: UnitOfWork) -> None:
        first = select(Delivery.id).where(Delivery.state == "queued").order_by(Delivery.id).limit(count)
        change = update(Delivery).where(Delivery.id.in_(list(work.session.scalars(first))))
        work.session.execute(change.values(state="sent", sent_at=moment))

    office.do(act)


def test_nothing_sent_yet_gives_no_hour(office: Office) -> None:
    now = seen(office, fill(office, 100))
    assert (now.total, now.waiting, now.percent, now.ends_at, now.over) == (100, 100, 0, None, False)


def test_speed_of_the_last_half_minute_gives_the_hour(office: Office) -> None:
    number = fill(office, 100)
    sent(office, 20, office.clock.now() - timedelta(seconds=20))
    now = seen(office, number)
    assert (now.sent, now.waiting, now.percent, now.per_minute) == (20, 80, 20, 60)
    assert now.ends_at == office.clock.now() + timedelta(seconds=80)


def test_what_waits_for_a_limit_gives_the_hour_of_its_last(office: Office) -> None:
    number = fill(office, 10)
    last = office.clock.now() + timedelta(minutes=35)
    office.do(lambda work: work.session.execute(update(Delivery).values(not_before=last)))
    assert seen(office, number).ends_at == last
    office.staff("chen", "陈志明", "approver")
    answer = office.say("chen", f"进度 {number}")
    assert answer is not None
    assert "预计 10:35 发完" in answer.text


def test_everything_at_its_end_is_over_also_where_some_is_in_doubt(office: Office) -> None:
    number = fill(office, 4)
    sent(office, 3, office.clock.now())
    office.do(lambda work: work.session.execute(update(Delivery).where(Delivery.id == 4).values(state="ambiguous")))
    now = seen(office, number)
    assert (now.over, now.percent, now.doubtful, now.ends_at) == (True, 100, 1, None)


@pytest.mark.parametrize("why", [chains.NOT_ALONE, chains.TOLD_OTHERWISE])
def test_part_that_stayed_with_another_is_not_counted_as_taken_back(office: Office, why: str) -> None:
    number = fill(office, 4)

    def act(work: UnitOfWork) -> None:
        first, second, third, fourth = work.session.scalars(select(Delivery).order_by(Delivery.id))
        first.state, fourth.state = DeliveryState.FAILED, DeliveryState.RECALLED
        for one in (second, third):
            one.state, one.error = DeliveryState.RECALLED, why

    office.do(act)
    look = seen(office, number)
    assert (look.total, look.failed, look.recalled, look.over) == (2, 1, 1, True)
