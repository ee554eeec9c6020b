"""Measures the budgets beside peers, each subject in one run: python -m tests.bench [SUBJECT ...]."""

import argparse
import platform
import sys
from os import getloadavg
from pathlib import Path

from tests.bench import exporting, latency, migrating, monitoring, restarting, searching, soak, starting, storing
from tests.bench.options import Options, Subject

SUBJECTS: dict[str, Subject] = {
    "starting": starting.lines,
    "monitoring": monitoring.lines,
    "latency": latency.lines,
    "restarting": restarting.lines,
    "migrating": migrating.lines,
    "storing": storing.lines,
    "searching": searching.lines,
    "exporting": exporting.lines,
    "soak": soak.lines,
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
    parser.add_argument(
        "--scale", type=float, default=0.05, help="synthetic data of searches and exports; 1.0 is 10 M rows"
    )
    parser.add_argument("--chunks", type=int, default=5_000, help="chunks, and partitions, of the storage lists")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the soak goes on")
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="where databases are kept; default the cache")
    given = vars(parser.parse_args())
    chosen = given.pop("subjects") or list(SUBJECTS)
    if unknown := set(chosen) - set(SUBJECTS):
        parser.error(f"unknown subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    sys.stdout.write(
        f"{platform.machine()}, Python {platform.python_version()}, PostgreSQL 18, load {getloadavg()[0]:.1f}\n"
    )
    for name in chosen:
        sys.stdout.write(f"\n== {name}\n")
        for line in SUBJECTS[name](Options(**given)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
