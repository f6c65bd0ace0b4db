"""A small storm; `python -m benchmarks storm` runs the large one and prints its figures."""

from pathlib import Path

from benchmarks.storm import GROUPS, UNITS, storm
from tests.nursery import Nursery

FOLLOWERS = 2_000


def test_large_notice_survives_a_misbehaving_platform_and_two_kills(tmp_path: Path, nursery: Nursery) -> None:
    seen = storm(tmp_path, followers=FOLLOWERS, kills=2, seed=7, launch=nursery.launch)
    assert seen.recipients == GROUPS + UNITS + FOLLOWERS
    assert seen.sent + seen.doubtful + seen.unreachable == seen.recipients, "nobody is left, none failed"
    assert seen.unreachable == FOLLOWERS // 20, "those who have had their four mass sends"
    assert seen.sent_by_mass_send == FOLLOWERS // 20 * 11
    # Sixteen followers and one chat at most for each kill, and the calls whose answers the scripts took away: of three
    # kinds twice, one to three times each; two subscription notices and a push.
    assert seen.doubtful <= 2 * (16 + 1) + 3 * 2 * 3 + 2 + 1
    assert seen.refused > 0
