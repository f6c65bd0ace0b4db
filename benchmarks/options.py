"""How long and how often to measure; the same for every benchmark."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """``seconds``: of a run at a steady rate. ``messages``: of a run at full speed. ``rounds``: of which the median counts.

    ``scaled_out``: the storm meets two processes of each role on PostgreSQL instead of one process on SQLite.
    """

    seconds: int = 20
    messages: int = 20_000
    rounds: int = 3
    scaled_out: bool = False


def add_to(parser: argparse.ArgumentParser) -> None:
    """The flags."""
    usual = Options()
    parser.add_argument("--seconds", type=int, default=usual.seconds, help="a run at a steady rate (%(default)s)")
    parser.add_argument("--messages", type=int, default=usual.messages, help="a run at full speed (%(default)s)")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="rounds; the median counts (%(default)s)")
    parser.add_argument("--scaled-out", action="store_true", help="storm: two processes of each role, on PostgreSQL")


def chosen(arguments: argparse.Namespace) -> Options:
    return Options(arguments.seconds, arguments.messages, arguments.rounds, arguments.scaled_out)
