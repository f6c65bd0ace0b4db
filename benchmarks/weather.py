"""What the platform does wrong in a storm: scripts spread over the run, drawn by a seed."""

import random
from collections import Counter

from benchmarks.stage import Stage

CUSTOM, NOTICE, MASS, PUSH = "message/custom/send", "message/subscribe/bizsend", "message/mass/send", "aibot_send_msg"
KINDS = ("busy", "expired_token", "timeout_after_accept", "drop", "html", "busy")
MANY = 5_000
MASS_TAKES = 2.0  # seconds, in which a kill may fall


def misbehave(stage: Stage, written: int, draw: random.Random) -> Counter[str]:
    """Give the scripts; returns how many calls each kind of fault meets. ``written``: customer-service messages to come.

    A mass send that meets them all waits long, for answers and between its attempts; in a small storm it meets two.
    """
    met: Counter[str] = Counter()

    def script(target: str, outcome: str, times: int = 1, after: int = 0) -> None:
        stage.call("/faults", {"target": target, "outcome": outcome, "times": times, "after": after})
        met[outcome] += times

    for kind in KINDS * 2:
        script(CUSTOM, kind, draw.randint(1, 3), draw.randrange(written // 20, max(2, written // 12)))
    script(CUSTOM, "rate_limit", 2, written // 20)
    for kind in ("busy", "timeout_after_accept", "html", "expired_token"):
        script(NOTICE, kind, 1, draw.randrange(written // 100 + 1))
    on_mass_sends = (f"delay:{MASS_TAKES}", "busy", "timeout_after_accept", f"delay:{MASS_TAKES}", "expired_token")
    for kind in on_mass_sends if written >= MANY else on_mass_sends[:2]:
        script(MASS, kind)
    for kind in ("busy", "timeout_after_accept"):
        script(PUSH, kind, 1, draw.randrange(60))
    return met
