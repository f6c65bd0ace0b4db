"""The share of fields right may only rise; ``python -m tests.rules.corpus`` prints it."""

import pytest

from tests.rules.corpus import ATTENDANCE, HALVES, WHEN, cases, scores, share


@pytest.mark.parametrize("half", HALVES)
def test_the_share_of_fields_right(half: str) -> None:
    found = scores(half)
    shares = {"all": share(found), "time": share(found, *WHEN), "attendance": share(found, *ATTENDANCE)}
    least = {"all": 0.95, "time": 0.98, "attendance": 0.98}
    assert {name: one for name, one in shares.items() if one < least[name]} == {}


def test_the_half_that_is_tuned_on_is_read_as_well_as_it_can_be() -> None:
    assert len(cases("tuning")) >= 160
    assert share(scores("tuning")) >= 0.98
