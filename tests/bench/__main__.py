"""Measures the console beside its peer on one server in one run, and prints a table: python -m tests.bench."""

import argparse
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from console.demo import binaries
from console.demo.account import unprivileged
from console.demo.server import Cluster
from tests.bench import exporting
from tests.bench.migrating import Times, measured
from tests.bench.program import Costs, cpu_of, watch
from tests.fixtures.running import private_folder, running

BIN = Path(sys.executable).parent
SIZES = ((120, 40), (80, 24))


@contextmanager
def server(sessions: int) -> Iterator[Cluster]:
    """PostgreSQL 18 with so many sessions, every tenth of them in a transaction."""
    with private_folder() as folder, ExitStack() as stack:
        bindir = binaries.within_reach(unprivileged(), folder)
        cluster = stack.enter_context(running(bindir, folder, {"max_connections": str(sessions + 20)}))
        for number in range(sessions):
            name = f"emr-service-{number % 7}"
            other = stack.enter_context(psycopg.connect(cluster.dsn("postgres"), application_name=name))
            other.autocommit = number % 10 > 0
            other.execute("select 'a value', 4711")
        yield cluster


def programs(cluster: Cluster) -> dict[str, tuple[list[str], str]]:
    """What is measured: its command, and what its screen shows once it is alive."""
    where = cluster.params("postgres")
    peer = ["--host", where["host"], "--port", where["port"], "-U", where["user"], "-d", "postgres"]
    ours = [str(BIN / "emr-console"), "--dsn", cluster.dsn("postgres"), "--pane", "sessions"]
    return {
        "emr-console": (ours, r"idle in tx"),
        "pg_activity": ([str(BIN / "pg_activity"), *peer], r"RUNNING QUERIES"),
    }


def report(name: str, size: tuple[int, int], costs: Costs) -> str:
    """One line of the table."""
    return (
        f"{name:<12} {size[0]:>3}x{size[1]:<3} {costs.ready:>6.2f} s {costs.bytes_ready / 1000:>7.1f} kB"
        f" {costs.bytes_per_second:>8.0f} B/s {costs.cpu_percent:>5.2f} % {costs.memory / 1e6:>6.1f} MB"
    )


def migrating(times: Times) -> str:
    """How long `migrate up` takes beside its peers."""
    knex = (
        f"{times.knex_whole * 1000:.0f} ms, {times.ours_whole / times.knex_whole:.2f} x"
        if times.knex_whole
        else "absent"
    )
    return (
        f"migrate up, 001-005: {times.ours * 1000:.0f} ms; psql -f {times.psql * 1000:.0f} ms,"
        f" {times.ours / times.psql:.2f} x\n"
        f"the whole process: {times.ours_whole * 1000:.0f} ms; knex {knex}\n"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--sessions", type=int, default=100, help="sessions on the server")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each screen is watched")
    parser.add_argument("--times", type=int, default=5, help="starts of which the best counts")
    parser.add_argument("--scale", type=float, default=0.05, help="synthetic data of the exports; 1.0 is 10 M rows")
    args = parser.parse_args()
    out = sys.stdout.write
    out(f"{platform.machine()}, Python {platform.python_version()}, PostgreSQL 18, {args.sessions} sessions\n\n")
    version = cpu_of([str(BIN / "emr-console"), "--version"], times=7)
    out(f"emr-console --version: {version * 1000:.0f} ms CPU\n\n")
    out("program      size     ready  until ready    afterwards     CPU    memory\n")
    with server(args.sessions) as cluster:
        env = {"PGPASSFILE": str(cluster.passfile)}
        for size in SIZES:
            for name, (command, alive) in programs(cluster).items():
                costs = watch(command, alive, size=size, seconds=args.seconds, times=args.times, env=env)
                out(report(name, size, costs) + "\n")
        with private_folder() as folder:
            out("\n" + migrating(measured(cluster, args.times, folder)))
        for export in exporting.measured(cluster, args.times, args.scale):
            out(f"{export}\n")


if __name__ == "__main__":
    main()
