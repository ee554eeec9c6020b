"""What several panes' tests share.

`on_both` adds the older server to the default run where its version plays a part: one test at least of each question
whose catalogues, views or statements differ.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from console.demo.server import Cluster
from tests.panes.hospital import hospital_of
from tests.panes.pictures import Picture


@pytest.fixture(scope="session", params=["pg18", pytest.param("pg15", marks=pytest.mark.long)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """PostgreSQL 18, and 15 too with --long."""
    found: Cluster = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def hospital(pg18: Cluster) -> Iterator[str]:
    """One hospital for all of them."""
    with hospital_of(pg18) as dsn:
        yield dsn


@pytest.fixture
def picture(snapshot: SnapshotAssertion, tmp_path: Path) -> Picture:
    """The accepted pictures of a test."""
    return Picture(snapshot, tmp_path)
