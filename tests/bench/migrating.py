"""`migrate up` on an empty database beside psql and knex: the same files, one transaction each, in one run."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg
from psycopg.conninfo import conninfo_to_dict

from console.demo.server import Cluster
from console.migrate.files import Folder, default_folder, read_folder
from console.migrate.reports import Event
from console.migrate.terms import Terms
from console.migrate.up import up
from tests.bench.options import Options
from tests.bench.program import compiled
from tests.bench.serving import server
from tests.fixtures.node import installed, node_programs
from tests.fixtures.running import complete, private_folder

LABELS = (
    "001_initial_schema",
    "002_add_audit_logs",
    "003_add_vector_clocks",
    "004_add_patients_table",
    "005_add_timescaledb.plain",
)
"""What is applied."""

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE", "passfile": "PGPASSFILE"}


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, the median of all rounds."""

    ours: float
    """From connecting to the result, inside the process."""
    psql: float
    """psql -f of the same statements and checks, without its start."""
    ours_whole: float
    """The whole process `emr-console migrate up --yes`."""
    knex_whole: float | None
    """The whole process of knex on the same ups; None where npm is not to be had."""


def lines(options: Options) -> Iterator[str]:
    """How long `migrate up` takes beside its peers."""
    compiled()
    with server() as cluster, private_folder() as folder:
        times = measured(cluster, options.times, folder)
    yield (
        f"migrate up, 001-005: {times.ours * 1000:.0f} ms; psql -f {times.psql * 1000:.0f} ms,"
        f" {times.ours / times.psql:.2f} x"
    )
    knex = (
        f"{times.knex_whole * 1000:.0f} ms, {times.ours_whole / times.knex_whole:.2f} x"
        if times.knex_whole
        else "absent"
    )
    yield f"the whole process: {times.ours_whole * 1000:.0f} ms; knex {knex}"


def measured(cluster: Cluster, rounds: int, folder: Path) -> Times:
    """Each of them on a database of its own, in turn, so many times."""
    script = _script(folder / "all.sql")
    migrations, knex = read_folder(default_folder()), _knex()
    found: dict[str, list[float]] = {"ours": [], "psql": [], "whole": [], "knex": []}
    gc.freeze()  # what the bench itself has imported is not looked through while the engine runs
    for _ in range(rounds):
        with _fresh(cluster) as name:
            found["psql"].append(_psql(cluster, name, script))
        with _fresh(cluster) as name:
            found["ours"].append(_ours(cluster, name, migrations))
        with _fresh(cluster) as name:
            found["whole"].append(_timed([_console(), "--quiet", "--dsn", cluster.dsn(name), "migrate", "up", "--yes"]))
        if knex:
            with _fresh(cluster) as name:
                found["knex"].append(_timed(knex[0], cwd=knex[1], env=_environment(cluster.dsn(name))))
    middle = {kind: median(times) if times else None for kind, times in found.items()}
    return Times(middle["ours"] or 0, middle["psql"] or 0, middle["whole"] or 0, middle["knex"])


def _script(path: Path) -> Path:
    """What psql runs: the same ups, each with its checks in one transaction."""
    folder = default_folder()
    parts = [
        f"begin;\n\\i {folder / label}.up.sql\nsavepoint v;\n\\i {folder / label}.verify.sql\nrollback to v;\ncommit;\n"
        for label in LABELS
    ]
    path.write_text("".join(parts), "utf-8")
    return path


def _psql(cluster: Cluster, name: str, script: Path) -> float:
    program = [str(cluster.bindir / "psql"), "-X", "-q", "-d", cluster.dsn(name)]
    return _timed([*program, "-v", "ON_ERROR_STOP=1", "-f", str(script)]) - _timed([*program, "-c", "select 1"])


def _ours(cluster: Cluster, name: str, folder: Folder) -> float:
    def hear(event: Event) -> None:
        """Nobody listens."""

    began = time.perf_counter()
    result = complete(up(cluster.target(name), folder, hear, Terms()))
    assert result.error is None
    return time.perf_counter() - began


def _knex() -> tuple[list[str], Path] | None:
    class Absent(Exception):
        """npm is not to be had."""

    def missing(why: str) -> None:
        raise Absent(why)

    try:
        node, _ = node_programs(missing)  # type: ignore[arg-type]  # here nothing is skipped
        modules = installed(Path(__file__).parents[1] / "knex", missing)  # type: ignore[arg-type]
    except Absent:
        return None
    return [*node, "migrate.mjs", str(default_folder()), *LABELS], modules


def _environment(dsn: str) -> dict[str, str]:
    params = conninfo_to_dict(dsn)
    return os.environ | {name: str(params[key]) for key, name in _VARIABLES.items()}


def _timed(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=cwd, env=env)
    return time.perf_counter() - began


def _console() -> str:
    return str(Path(sys.executable).parent / "emr-console")


@contextmanager
def _fresh(cluster: Cluster) -> Iterator[str]:
    """A new database."""
    name = "bench_migrate"
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        try:
            yield name
        finally:
            connection.execute(f"drop database {name} with (force)")
