"""Which servers a test runs on, and databases there in which something has been done already."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from console.demo.server import Cluster
from tests.fixtures.databases import blank, clone, fresh
from tests.fixtures.running import complete
from tests.migrate.working import go_up

on_both = pytest.mark.parametrize("cluster", ["pg18", "pg15"], indirect=True, scope="session")
"""For tests of what differs by version, above all catalogues, locks, dumps: they run on 18 and 15 always."""

_numbers = count(1)


@contextmanager
def copied(cluster: Cluster, dsn: str) -> Iterator[str]:
    """A copy of a database that nobody is connected to."""
    with fresh(cluster, str(conninfo_to_dict(dsn)["dbname"])) as copy:
        yield copy


@contextmanager
def applied(cluster: Cluster, folder: Path) -> Iterator[str]:
    """A database where the migrations of a folder are applied, which happens once a run for the same files.

    For fixtures that are no coroutines: the engine runs in a loop of its own.
    """
    files = tuple((file.name, file.read_text("utf-8")) for file in sorted(folder.glob("*.sql")))
    with fresh(cluster, _template(cluster, files)) as dsn:
        yield dsn


@cache
def _template(cluster: Cluster, files: tuple[tuple[str, str], ...]) -> str:
    """The name of such a database to clone from."""
    name = f"applied_{next(_numbers)}"
    clone(cluster, name, blank(cluster))
    with tempfile.TemporaryDirectory() as folder:
        for file, text in files:
            (Path(folder) / file).write_text(text, "utf-8")
        result = complete(go_up(cluster.dsn(name), Path(folder)))
    assert result.error is None, result.error
    return name
