"""Measures the budgets beside peers, each subject in one run: python -m tests.bench [SUBJECT ...]."""

import argparse
import platform
import sys

from tests.bench import exporting, migrating, starting, storing
from tests.bench.options import Options, Subject

SUBJECTS: dict[str, Subject] = {
    "starting": starting.lines,
    "migrating": migrating.lines,
    "storing": storing.lines,
    "exporting": exporting.lines,
}
"""What can be measured, in the order in which it is."""


def main() -> None:
    """Print the lines of what was asked for, by default of everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; by default all")
    parser.add_argument("--sessions", type=int, default=200, help="sessions on the server")
    parser.add_argument("--statements", type=int, default=5_000, help="statements that pg_stat_statements holds")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each screen is watched")
    parser.add_argument("--times", type=int, default=5, help="runs of which the median or the best counts")
    parser.add_argument("--scale", type=float, default=0.05, help="synthetic data of the exports; 1.0 is 10 M rows")
    parser.add_argument("--chunks", type=int, default=5_000, help="chunks, and partitions, of the storage lists")
    given = vars(parser.parse_args())
    chosen = given.pop("subjects") or list(SUBJECTS)
    if unknown := set(chosen) - set(SUBJECTS):
        parser.error(f"unknown subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    sys.stdout.write(f"{platform.machine()}, Python {platform.python_version()}, PostgreSQL 18\n")
    for name in chosen:
        sys.stdout.write(f"\n== {name}\n")
        for line in SUBJECTS[name](Options(**given)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
