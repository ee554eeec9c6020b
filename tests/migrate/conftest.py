"""The server of these tests, and databases there to begin with.

`on_both` adds the older server to the default run where its version plays a part.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.demo.server import Cluster
from tests.fixtures.databases import fresh
from tests.migrate.servers import applied
from tests.migrate.strangers import Stranger, strange
from tests.migrate.working import write_tables


@pytest.fixture(scope="session", params=["pg18", pytest.param("pg15", marks=pytest.mark.long)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """PostgreSQL 18, and 15 too with --long."""
    found: Cluster = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def with_first(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """The DSN of a database where the migration 001_first of the test's folder is applied, with its table."""
    write_tables(tmp_path, "first")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def with_second(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """The same with 002_second, applied by the same run."""
    write_tables(tmp_path, "first", "second")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def with_third(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """The same with 003_third."""
    write_tables(tmp_path, "first", "second", "third")
    with applied(cluster, tmp_path) as dsn:
        yield dsn


@pytest.fixture
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """One try comes right after the other."""
    monkeypatch.setattr("console.migrate.retrying.jittered", lambda pause: 0.0)


@pytest.fixture(scope="module")
def _lasting(cluster: Cluster) -> Iterator[Stranger]:
    with fresh(cluster) as dsn, strange(dsn) as stranger:
        yield stranger


@pytest.fixture
def stranger(_lasting: Stranger) -> Stranger:
    """One in a database of the module, where the engine is refused and leaves nothing; he begins anew in each test."""
    _lasting.begin_anew()
    return _lasting


@pytest.fixture
def beside(database: str) -> Iterator[Stranger]:
    """One beside whom the engine does its work."""
    with strange(database) as stranger:
        yield stranger
