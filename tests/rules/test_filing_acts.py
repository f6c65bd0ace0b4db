"""Which way the life of a filing goes, and who may do what: every state, every act, every side."""

import itertools
from datetime import timedelta

import pytest

from bot.model import FilingState
from bot.rules.filing import MOVES, STAFF_ACTS, UNIT_ACTS, may, may_move, report_is_due, same_day
from tests.rules.cases import at

STATES = [str(one) for one in FilingState]
# Written out once more, as the office would say it: a column an act, a letter who may (u: the unit, s: staff).
ACTS = ("change", "submit", "amend", "withdraw", "cancel", "report", "accept", "return", "verify", "query")
WHO = {
    "draft": "u u . . u . . . . .",
    "submitted": ". . u u u u s s . .",
    "accepted": ". . u u u u . . . .",
    "amended": ". . u u u u s s . .",
    "returned": "u u . . u . . . . .",
    "withdrawn": "u u . . u . . . . .",
    "cancelled": ". . . . . . . . . .",
    "reported": ". . . . . u . . s s",
    "verified": ". . . . . . . . . s",
    "queried": ". . . . . u . . s .",
}
# What an act makes of the filing; where the office accepted, a change is amended, else it stays submitted.
LEADS_TO = {
    "submit": "submitted", "amend": "amended", "withdraw": "withdrawn", "cancel": "cancelled", "report": "reported",
    "accept": "accepted", "return": "returned", "verify": "verified", "query": "queried",
}  # fmt: skip


@pytest.mark.parametrize(("state", "act"), list(itertools.product(STATES, ACTS)))
def test_who_may_do_what(state: str, act: str) -> None:
    letter = WHO[state].split()[ACTS.index(act)]
    assert may(act, state, unit=True) == (letter == "u")
    assert may(act, state, staff=True) == (letter == "s")
    assert may(act, state, unit=True, staff=True) == (letter != ".")
    assert not may(act, state)


def test_every_act_is_in_the_table() -> None:
    assert {*UNIT_ACTS, *STAFF_ACTS} == set(ACTS)
    assert set(WHO) == set(STATES) == set(MOVES)


@pytest.mark.parametrize(("state", "act"), list(itertools.product(STATES, LEADS_TO)))
def test_an_act_that_is_open_leads_somewhere_and_nothing_else_does(state: str, act: str) -> None:
    open_ = may(act, state, unit=True, staff=True)
    # A report that is sent again stays reported; what is not yet accepted stays submitted when it changes;
    # what was returned or withdrawn becomes a draft on its way to being submitted.
    stays = (act, state) in {("report", "reported"), ("amend", "submitted")}
    through_draft = act == "submit" and state in ("returned", "withdrawn")
    if stays:
        return
    assert may_move(state, "draft" if through_draft else LEADS_TO[act]) == open_


def test_unknown_act_is_nobodys() -> None:
    assert not may("delete", "draft", unit=True, staff=True)


@pytest.mark.parametrize("state", STATES)
def test_report_is_due_only_of_an_accepted_activity_that_is_over(state: str) -> None:
    end = at("10-24 11:30")
    due = state in ("accepted", "amended")
    assert report_is_due(state, end, end) == due
    assert not report_is_due(state, end, end - timedelta(seconds=1))
    assert not report_is_due(state, None, end)


def test_same_day_is_a_day_in_china() -> None:
    from datetime import UTC

    assert same_day(at("10-24 00:00").astimezone(UTC), at("10-24 23:59"))
    assert not same_day(at("10-24 23:59"), at("10-25 00:00"))
    assert same_day(None, None)
    assert not same_day(None, at("10-24 09:00"))
