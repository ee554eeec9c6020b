"""Databases that the real knex has made, from our SQL files."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from console.demo.server import Cluster
from console.migrate.files import default_folder
from tests.fixtures.availability import Missing
from tests.fixtures.databases import fresh
from tests.fixtures.node import installed, node_programs
from tests.migrate.servers import copied

FIRST_FOUR = ("001_initial_schema", "002_add_audit_logs", "003_add_vector_clocks", "004_add_patients_table")
_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE", "passfile": "PGPASSFILE"}


@pytest.fixture(scope="module")
def first_four(cluster: Cluster, missing: Missing) -> Iterator[str]:
    """The DSN of a database where knex has applied 001-004."""
    node, _ = node_programs(missing)
    modules = installed(Path(__file__).parents[2] / "knex", missing)
    with fresh(cluster) as dsn:
        params = conninfo_to_dict(dsn)
        environment = {name: str(params[key]) for key, name in _VARIABLES.items()}
        command = [*node, "migrate.mjs", str(default_folder()), *FIRST_FOUR]
        done = subprocess.run(command, cwd=modules, env=os.environ | environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == "Batch 1 run: 4 migrations"
        yield dsn


@pytest.fixture
def from_knex(cluster: Cluster, first_four: str) -> Iterator[str]:
    """The DSN of a copy of it."""
    with copied(cluster, first_four) as dsn:
        yield dsn
