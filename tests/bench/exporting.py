"""`audit export` beside `psql \\copy` of the same SELECT, and how much memory it takes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg

from console.db.database import Database
from console.services.audit import overview, search
from console.services.audit.export.models import Wanted
from console.services.audit.export.reading import statement
from tests.bench.kept import kept
from tests.bench.options import Options
from tests.fixtures.running import complete
from tests.targets import target

BUDGETS = {"csv": 1.4, "jsonl": 3.0, "fhir": 6.0}
"""How many times psql's time each format may take."""

QUERY = "since:all"


@dataclass(frozen=True, slots=True)
class Export:
    """One format."""

    format: str
    """Its name."""
    seconds: float
    """The whole process, the median of all rounds."""
    psql: float
    """psql's whole process on the SELECT of the CSV."""
    rows: int
    """Events."""
    memory: int
    """The most that was resident at once, bytes."""

    def __str__(self) -> str:
        times, budget = self.seconds / self.psql, BUDGETS[self.format]
        return (
            f"audit export, {self.format:<5} {self.rows:,} rows: {self.seconds:.2f} s; psql \\copy {self.psql:.2f} s,"
            f" {times:.2f} x (budget {budget} x); {self.memory / 1e6:.0f} MB"
        )


def lines(options: Options) -> Iterator[str]:
    """Each format on a database with so much synthetic data, in turn with psql, so many times."""
    with kept(options) as (cluster, dsn):
        yield from map(str, compared(dsn, cluster.bindir / "psql", options.times))


def compared(dsn: str, psql: Path, rounds: int) -> list[Export]:
    """The same on a database that is there; every export is recorded in its audit log."""
    copied: list[float] = []
    found: dict[str, list[tuple[float, int]]] = {format_: [] for format_ in BUDGETS}
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            copied.append(_psql(dsn, psql, Path(folder) / "peer.csv"))
        for format_, runs in found.items():
            with TemporaryDirectory() as folder:
                runs.append(_ours(dsn, format_, Path(folder) / f"ours.{format_}"))
    with psycopg.connect(dsn) as connection:
        (rows,) = connection.execute("select count(*) from audit_logs").fetchone() or (0,)
    return [
        Export(format_, median(run[0] for run in runs), median(copied), rows, max(run[1] for run in runs))
        for format_, runs in found.items()
    ]


def _psql(dsn: str, psql: Path, output: Path) -> float:
    command = f"\\copy {_select(dsn)} to '{output}' with (format csv, header)"
    began = perf_counter()
    subprocess.run([psql, "-X", "-q", "-d", dsn, "-c", command], check=True)
    return perf_counter() - began


def _select(dsn: str) -> str:
    """The SELECT of the CSV over the whole span, on one line."""

    async def ready() -> str:
        async with Database(target(dsn)) as db:
            found = await search.ready(db, QUERY)
            return statement(found, Wanted(QUERY, "csv", Path(), ""), *await overview.span(db, found))

    whole = " ".join(complete(ready()).split())
    return whole.removeprefix("copy ").removesuffix(" to stdout (format csv)")


def _ours(dsn: str, format_: str, output: Path) -> tuple[float, int]:
    """Seconds and the most memory of one whole process."""
    program = [str(Path(sys.executable).parent / "emr-console"), "--quiet", "--dsn", dsn, "audit", "export", QUERY]
    began = perf_counter()
    child = subprocess.Popen(
        [*program, "--format", format_, "--output", str(output), "--reason", "measured by the bench"],
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return perf_counter() - began, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
