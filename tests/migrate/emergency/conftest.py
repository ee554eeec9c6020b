"""Three small migrations, a database where they are applied, and a place for backups."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.server import Cluster
from tests.migrate.servers import applied
from tests.migrate.working import write_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three migrations that each make one table with a row."""
    path = tmp_path / "migrations"
    path.mkdir()
    write_tables(path, "first", "second", "third")
    return path


@pytest.fixture
def three(cluster: Cluster, folder: Path) -> Iterator[str]:
    """A database where the three are applied."""
    with applied(cluster, folder) as dsn:
        yield dsn


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """Where backups go."""
    path = tmp_path / "backups"
    path.mkdir(mode=0o700)
    return path
