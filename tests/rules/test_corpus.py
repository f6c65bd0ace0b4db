"""The share of fields right may only rise; ``python -m tests.rules.corpus`` prints it."""

import pytest

from tests.rules.corpus import scores, share

WHEN = ("start", "end", "occurrences", "all_day")


@pytest.mark.parametrize(("half", "least"), [("tuning", 0.98), ("held_out", 0.95)])
def test_the_share_of_fields_right(half: str, least: float) -> None:
    found = scores(half)
    assert share(found) >= least
    assert share(found, *WHEN) >= least
    assert share(found, "attendance") >= least
