"""Every state, every act, every kind of person, through the front door: only the right ones change anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.model import AuditEntry, Filing, FilingTransition, FilingVersion
from tests.handlers.conftest import people
from tests.handlers.words import TEXT, copy_of, filed, said
from tests.office import Office

NUMBER = "2020-0001"
AFTER = "2020-10-24T18:00:00"


def _submitted(office: Office) -> None:
    filed(office)


def _accepted(office: Office) -> None:
    filed(office)
    said(office, "czm", f"通过 {NUMBER}")


def _amended(office: Office) -> None:
    _accepted(office)
    said(office, "limin", f"修改 {NUMBER} 人数150")
    said(office, "limin", "提交")


def _reported(office: Office) -> None:
    _accepted(office)
    office.at(AFTER)
    said(office, "limin", f"总结 {NUMBER} 实到135人")


# How a filing gets into each state.
WAYS: dict[str, Callable[[Office], Any]] = {
    "draft": lambda office: said(office, "limin", TEXT),
    "submitted": _submitted,
    "accepted": _accepted,
    "amended": _amended,
    "returned": lambda office: (_submitted(office), said(office, "czm", f"退回 {NUMBER} 请补充")),
    "withdrawn": lambda office: (_submitted(office), said(office, "limin", f"撤回 {NUMBER}")),
    "cancelled": lambda office: (_submitted(office), said(office, "limin", f"取消 {NUMBER} 因天气")),
    "reported": _reported,
    "verified": lambda office: (_reported(office), said(office, "czm", f"核验 {NUMBER}")),
    "queried": lambda office: (_reported(office), said(office, "czm", f"存疑 {NUMBER} 请补照片")),
}
# What is said to do each act. A change and an amendment are the same words: the state tells which it is.
ACTS = {
    "change": f"修改 {NUMBER} 人数180",
    "submit": f"提交 {NUMBER}",
    "withdraw": f"撤回 {NUMBER} 有变化",
    "cancel": f"取消 {NUMBER} 因天气",
    "report": f"总结 {NUMBER} 实到99人",
    "accept": f"通过 {NUMBER}",
    "return": f"退回 {NUMBER} 请补充",
    "verify": f"核验 {NUMBER}",
    "query": f"存疑 {NUMBER} 请补照片",
}
UNIT = {"change", "submit", "withdraw", "cancel", "report"}
PEOPLE = {
    "limin": "unit",  # who wrote it
    "zhouyang": "unit",  # another contact of the unit
    "wf": "staff",
    "czm": "staff",
    "lq": "staff",
    "third": "nobody",  # a viewer only looks
    "chenjing": "nobody",  # a contact of another unit
    "stranger": "nobody",
}
# The states in which each act changes something.
OPEN_IN = {
    "change": {"draft", "returned", "withdrawn", "submitted", "accepted", "amended"},
    "submit": {"draft", "returned", "withdrawn"},
    "withdraw": {"submitted", "accepted", "amended"},
    "cancel": {"draft", "returned", "withdrawn", "submitted", "accepted", "amended"},
    "report": {"submitted", "accepted", "amended", "reported", "queried"},
    "accept": {"submitted", "amended"},
    "return": {"submitted", "amended"},
    "verify": {"reported", "queried"},
    "query": {"reported", "verified"},
}


@pytest.fixture
def arrive(office_on: Callable[[Path], Office], tmp_path: Path, prepared: dict[str, Path]) -> Callable[[str], Office]:
    """An office in which the one filing is in this state."""
    return lambda state: office_on(copy_of(prepared[state], tmp_path))


@pytest.fixture(scope="module")
def prepared(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A database for each state, made once."""
    made = {}
    for state, way in WAYS.items():
        path = copy_of(migrated_file, tmp_path_factory.mktemp(state))
        office = Office(f"sqlite:///{path}")
        people(office)
        way(office)
        [filing] = office.rows(Filing)
        assert filing.state == state
        office.close()
        made[state] = path
    return made


def picture(office: Office) -> list[Any]:
    """Everything about the filing that an act could change."""
    [one] = office.rows(Filing)
    columns = {column.name: getattr(one, column.name) for column in one.__table__.columns}
    for idle in ("card", "updated_at"):  # which card was shown last is no change of the filing
        columns.pop(idle)
    report = [(row.attendance, row.text, row.links) for row in office.rows(type(one).report.property.mapper.class_)]
    records = [len(office.rows(table)) for table in (FilingTransition, FilingVersion, AuditEntry)]
    return [columns, report, records]


def expected(who: str, act: str, state: str) -> bool:
    return PEOPLE[who] == ("unit" if act in UNIT else "staff") and state in OPEN_IN[act]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", WAYS)
def test_the_wrong_person_or_the_wrong_hour_changes_nothing(
    arrive: Callable[[str], Office], state: str, who: str
) -> None:
    office = arrive(state)
    office.at(AFTER)
    before = picture(office)
    for act, words in ACTS.items():
        if not expected(who, act, state):
            assert said(office, who, words), f"{who} {words}: silence"
            assert picture(office) == before, f"{who} {words} in {state}"


@pytest.mark.parametrize(
    ("state", "act", "who"),
    [(state, act, who) for state in WAYS for act in ACTS for who in PEOPLE if expected(who, act, state)],
)
def test_the_right_person_in_the_right_hour_does_it(
    arrive: Callable[[str], Office], state: str, act: str, who: str
) -> None:
    office = arrive(state)
    office.at(AFTER if act == "report" or state in ("reported", "verified", "queried") else "2020-10-12T11:00:00")
    before = picture(office)
    answer = said(office, who, ACTS[act])
    assert picture(office) != before, answer


@pytest.mark.parametrize("who", ["wf", "third", "chenjing", "stranger"])
@pytest.mark.parametrize("act", ["submit", "change", "cancel", "skip", "choose"])
def test_buttons_of_a_card_in_the_group_are_only_for_its_unit(
    arrive: Callable[[str], Office], who: str, act: str
) -> None:
    for state in ("draft", "submitted", "accepted"):
        office = arrive(state)
        before = picture(office)
        office.click(who, f"filing.{act}:{NUMBER}" + (":start:1" if act in ("skip", "choose") else ""))
        assert picture(office) == before


@pytest.mark.parametrize("who", ["limin", "third", "chenjing", "stranger"])
def test_buttons_of_a_review_are_only_for_staff(arrive: Callable[[str], Office], who: str) -> None:
    office = arrive("submitted")
    before = picture(office)
    for act in ("accept", "return"):
        office.click(who, f"filing.{act}:{NUMBER}")
    assert picture(office) == before


def test_former_contact_has_no_say_any_more(arrive: Callable[[str], Office]) -> None:
    from sqlalchemy import delete

    from bot.model import Membership, Person

    office = arrive("accepted")
    [limin] = office.rows(Person, Person.name == "李敏")
    office.do(lambda work: work.session.execute(delete(Membership).where(Membership.person_id == limin.id)))
    before = picture(office)
    for words in (*ACTS.values(), f"历史 {NUMBER}", f"查 {NUMBER}"):
        assert "垃圾分类" not in said(office, "limin", words)
    assert picture(office) == before
