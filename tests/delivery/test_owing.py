"""Who owes what, and chasing only those, at most once a day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.clock import CHINA
from bot.delivery import notices as planning
from bot.delivery import owing
from bot.delivery.owing import Chased
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Activity, Filing, FilingState, Notice, NoticeState, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.office import GROUP, Office

DEADLINE = datetime(2020, 10, 14, 18, 0, tzinfo=CHINA)


@pytest.fixture
def office(office: Office) -> Office:
    """Three units; one has two contacts, one has a contact whom no way leads to."""
    for name in ("甲协会", "乙学会", "丙中心"):
        office.unit(name)
    office.contact("li", "李敏", "甲协会")
    office.contact("oChen", "陈静", "甲协会", channel=OFFICIAL_ACCOUNT)
    office.contact("he", "何伟", "乙学会")
    office.contact("zhang", "张强", "丙中心", direct=False)
    return office


def _notice(office: Office, **fields: Any) -> int:
    def act(work: UnitOfWork) -> int:
        held = {
            "kind": "监督要求",
            "title": "报送进度表",
            "body": "请报送。",
            "acknowledge": True,
            "deadline": DEADLINE,
        }
        notice = Notice(created_at=work.now, state=NoticeState.SUBMITTED, **(held | fields))
        work.session.add(notice)
        work.session.flush()
        planning.send(work, notice)
        return notice.id

    return int(office.do(act))


def _chase(office: Office, number: int) -> Chased:
    done: Chased = office.do(lambda work: owing.chase(work, work.session.get_one(Notice, number), work.now))
    return done


def _names(office: Office, number: int) -> list[str]:
    notice = office.rows(Notice, Notice.id == number)[0]
    return list(office.do(lambda work: [one.name for one in owing.units_of(work, notice)]))


def test_every_active_unit_owes_until_it_answers(office: Office) -> None:
    number = _notice(office)
    assert set(_names(office, number)) == {"甲协会", "乙学会", "丙中心"}
    office.say("li", "收到", chat=GROUP)
    assert set(_names(office, number)) == {"乙学会", "丙中心"}
    office.do(lambda work: work.session.query(Unit).filter_by(name="乙学会").update({"active": False}))
    assert _names(office, number) == ["丙中心"]


def test_only_those_who_owe_are_chased_and_who_is_out_of_reach_is_named(office: Office) -> None:
    number = _notice(office)
    office.say("he", "收到", chat=GROUP)
    done = _chase(office, number)
    assert (done.reached, done.already, done.unreachable) == (1, 0, ["丙中心"])
    chased = office.outbox("chase", None)
    assert {one.recipient for one in chased} == {"li", "oChen"}
    assert all("甲协会" in one.content["text"] for one in chased)


def test_nobody_is_chased_twice_a_day(office: Office) -> None:
    number = _notice(office)
    _chase(office, number)
    before = len(office.outbox("chase", None))
    office.at("2020-10-12T20:00:00")
    done = _chase(office, number)
    assert (done.reached, done.already) == (0, 2)
    assert len(office.outbox("chase", None)) == before
    office.at("2020-10-13T09:00:00")
    assert _chase(office, number).reached == 2
    assert len(office.outbox("chase", None)) == 2 * before


def test_button_of_a_chase_answers_for_that_unit(office: Office) -> None:
    number = _notice(office)
    _chase(office, number)
    [card] = [one.content["card"] for one in office.outbox("chase", None) if one.recipient == "he"]
    office.click("he", card["buttons"][0]["key"])
    assert "乙学会" not in _names(office, number)


def test_answer_meant_for_a_unit_that_has_answered_is_not_taken_for_the_other(office: Office) -> None:
    office.contact("both", "王两", "甲协会", "乙学会")
    number = _notice(office)
    office.click("both", f"acknowledge:{number}:{office.rows(Unit, Unit.name == '甲协会')[0].id}")
    office.click("both", f"acknowledge:{number}:{office.rows(Unit, Unit.name == '甲协会')[0].id}")
    assert "乙学会" in _names(office, number)
    office.say("both", "1")
    assert "乙学会" not in _names(office, number)


def test_unit_that_answered_meanwhile_is_not_chased_from_the_queue(office: Office) -> None:
    number = _notice(office)
    office.at("2020-10-12T22:00:00")  # the chase would wait for the morning
    _chase(office, number)
    office.say("li", "收到", chat=GROUP)
    waiting = {one.recipient for one in office.outbox("chase")}
    assert waiting == {"he"}


def test_group_is_reminded_by_units_and_mentions_once_a_day(office: Office) -> None:
    office.contact("both", "王两", "甲协会", "乙学会")
    number = _notice(office)
    for _ in range(2):
        office.do(lambda work: owing.chase_in_group(work, work.session.get_one(Notice, number), work.now))
    [row] = office.outbox("chase", None)
    assert row.recipient == GROUP
    assert all(name in row.content["text"] for name in ("甲协会", "乙学会", "丙中心"))
    assert sorted(row.content["mentions"]) == ["both", "he", "li", "zhang"]  # each once
    for private in ("李敏", "oChen", "王两"):
        assert private not in row.content["text"]


def test_notice_that_was_called_back_is_owed_no_more(office: Office) -> None:
    number = _notice(office)
    office.do(lambda work: work.session.query(Notice).update({"state": NoticeState.WITHDRAWN}))
    assert number not in office.do(lambda work: [one.id for one in owing.awaiting(work)])


@pytest.mark.parametrize(
    ("last_day", "filed", "owed"),
    [
        (date(2020, 10, 12), False, True),
        (date(2020, 10, 14), False, True),  # two working days off
        (date(2020, 10, 15), False, False),
        (date(2020, 10, 9), False, True),  # past
        (date(2020, 10, 12), True, False),
    ],
)
def test_planned_activity_is_owed_when_its_last_day_is_near(
    office: Office, last_day: date, filed: bool, owed: bool
) -> None:
    number = _filing(office) if filed else None

    def act(work: UnitOfWork) -> list[str]:
        unit = work.session.query(Unit).first()
        assert unit is not None
        work.session.add(
            Activity(
                unit_id=unit.id,
                name="讲座",
                planned_on=last_day + timedelta(days=3),
                last_filing_day=last_day,
                filing_id=number,
            )
        )
        work.session.flush()
        return [one.name for one in owing.unfiled(work, work.now.date())]

    assert office.do(act) == (["讲座"] if owed else [])


def _filing(office: Office, state: str = FilingState.ACCEPTED, end: datetime | None = None) -> int:
    office.say("li", "报备 10月24日上午9:00-11:00，莞城文化广场，垃圾分类讲座，预计120人，负责人李敏 13800138000")
    [filing] = office.rows(Filing)

    def act(work: UnitOfWork) -> None:
        held = work.session.get_one(Filing, filing.id)
        held.state = state
        if end is not None:
            held.start, held.end = end - timedelta(hours=2), end

    office.do(act)
    return int(filing.id)


@pytest.mark.parametrize(
    ("state", "days", "owed"),
    [
        (FilingState.ACCEPTED, 4.9, False),
        (FilingState.ACCEPTED, 5.1, True),
        (FilingState.SUBMITTED, 5.1, True),
        (FilingState.REPORTED, 5.1, False),
        (FilingState.CANCELLED, 5.1, False),
        (FilingState.DRAFT, 5.1, False),
        (FilingState.ACCEPTED, 66, False),  # history
    ],
)
def test_report_is_owed_when_its_days_are_over(office: Office, state: str, days: float, owed: bool) -> None:
    number = _filing(office, state, office.clock.now() - timedelta(days=days))
    found = office.do(lambda work: [one.id for one in owing.unreported(work)])
    assert found == ([number] if owed else [])
