"""Databases that the real knex has made."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from console.migrate.files import default_folder
from tests.fixtures.availability import Missing
from tests.fixtures.node import installed, node_programs

Knex = Callable[..., str]
"""Applies migrations by their labels to a database; one call is one batch."""

_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE", "passfile": "PGPASSFILE"}


@pytest.fixture
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
