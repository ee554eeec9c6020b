"""The console beside pg_activity on one server: first live rows, bytes on the line, CPU and memory."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from console.demo.server import Cluster
from tests.bench.options import Options
from tests.bench.program import Costs, cpu_of, watch
from tests.bench.serving import server

BIN = Path(sys.executable).parent
SIZES = ((120, 40), (80, 24))


def lines(options: Options) -> Iterator[str]:
    """The start of the program, then each program at each size."""
    version = cpu_of([str(BIN / "emr-console"), "--version"], times=7)
    yield f"emr-console --version: {version * 1000:.0f} ms CPU"
    yield f"program      size     ready  until ready    afterwards     CPU    memory   ({options.sessions} sessions)"
    with crowded(options.sessions) as cluster:
        env = {"PGPASSFILE": str(cluster.passfile)}
        for size in SIZES:
            for name, (command, alive) in programs(cluster).items():
                costs = watch(command, alive, size=size, seconds=options.seconds, times=options.times, env=env)
                yield _line(name, size, costs)


@contextmanager
def crowded(sessions: int) -> Iterator[Cluster]:
    """A server with so many sessions, every tenth of them in a transaction."""
    with server({"max_connections": str(sessions + 20)}) as cluster, ExitStack() as stack:
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


def _line(name: str, size: tuple[int, int], costs: Costs) -> str:
    return (
        f"{name:<12} {size[0]:>3}x{size[1]:<3} {costs.ready:>6.2f} s {costs.bytes_ready / 1000:>7.1f} kB"
        f" {costs.bytes_per_second:>8.0f} B/s {costs.cpu_percent:>5.2f} % {costs.memory / 1e6:>6.1f} MB"
    )
