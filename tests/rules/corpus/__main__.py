"""``python -m tests.rules.corpus``: the share of fields right, per half.

``--misses`` lists the wrong ones of the tuning half, never those of the other.
"""

import sys
from collections import Counter

from tests.rules.corpus import ATTENDANCE, HALVES, WHEN, cases, scores, share


def main() -> None:
    for half in HALVES:
        found = scores(half)
        print(
            f"{half:9} {len(cases(half)):3} messages {len(found):4} fields  all {share(found):.1%}"
            f"  time {share(found, *WHEN):.1%}  attendance {share(found, *ATTENDANCE):.1%}"
        )
        total, right = Counter(s.field for s in found), Counter(s.field for s in found if s.right)
        print("          " + "  ".join(f"{f} {right[f]}/{n}" for f, n in total.items()))
        if "--misses" in sys.argv and half == "tuning":
            for miss in (s for s in found if not s.right):
                print(f"  #{miss.case} {miss.field}: expected {miss.expected!r}, got {miss.got!r}")


if __name__ == "__main__":
    main()
