"""How long and how often to measure; the same for every benchmark."""

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """``seconds``: of a run at a steady rate. ``messages``: of a run at full speed. ``rounds``: of which the median counts."""

    seconds: int = 20
    messages: int = 20_000
    rounds: int = 3


def add_to(parser: argparse.ArgumentParser) -> None:
    """The flags."""
    usual = Options()
    parser.add_argument("--seconds", type=int, default=usual.seconds, help="a run at a steady rate (%(default)s)")
    parser.add_argument("--messages", type=int, default=usual.messages, help="a run at full speed (%(default)s)")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="rounds; the median counts (%(default)s)")


def chosen(arguments: argparse.Namespace) -> Options:
    return Options(arguments.seconds, arguments.messages, arguments.rounds)
