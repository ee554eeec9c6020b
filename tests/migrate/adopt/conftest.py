"""Databases that the real knex has made."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from console.demo.server import Cluster
from console.migrate.files import default_folder
from tests.fixtures.availability import Missing
from tests.fixtures.databases import fresh
from tests.fixtures.node import installed, node_programs
from tests.migrate.servers import copied

Knex = Callable[..., str]
"""Applies migrations by their labels to a database; one call is one batch."""

FIRST_FOUR = ("001_initial_schema", "002_add_audit_logs", "003_add_vector_clocks", "004_add_patients_table")
_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE", "passfile": "PGPASSFILE"}


@pytest.fixture(scope="session")
def knex(missing: Missing) -> Knex:
    """npm's knex on our SQL files."""
    node, _ = node_programs(missing)
    modules = installed(Path(__file__).parents[2] / "knex", missing)

    def latest(dsn: str, *labels: str, folder: Path | None = None) -> str:
        params = conninfo_to_dict(dsn)
        environment = {name: str(params[key]) for key, name in _VARIABLES.items()}
        command = [*node, "migrate.mjs", str(folder or default_folder()), *labels]
        done = subprocess.run(command, cwd=modules, env=os.environ | environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return latest


@pytest.fixture(scope="module")
def first_four(cluster: Cluster, knex: Knex) -> Iterator[str]:
    """The DSN of a database where knex has applied 001-004."""
    with fresh(cluster) as dsn:
        assert knex(dsn, *FIRST_FOUR) == "Batch 1 run: 4 migrations"
        yield dsn


@pytest.fixture
def from_knex(cluster: Cluster, first_four: str) -> Iterator[str]:
    """The DSN of a copy of it."""
    with copied(cluster, first_four) as dsn:
        yield dsn
