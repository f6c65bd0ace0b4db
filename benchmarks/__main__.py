"""``python -m benchmarks [NAME …]``: runs them all, or those that are named.

A benchmark is a module here with a `run`, and a line below.
"""

import argparse
import os
import platform

from benchmarks import callback, delivery, filings, footprint, options, storm

BENCHMARKS = {
    "callback": callback.run,
    "delivery": delivery.run,
    "filings": filings.run,
    "footprint": footprint.run,
    "storm": storm.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description="The bot side by side with its peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    options.add_to(parser)
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in arguments.names or BENCHMARKS:
        BENCHMARKS[name](options.chosen(arguments))


if __name__ == "__main__":
    main()
