"""What several panes' tests share."""

from collections.abc import Iterator

import pytest

from console.demo.server import Cluster
from tests.panes.hospital import hospital_of


@pytest.fixture(scope="session")
def hospital(pg18: Cluster) -> Iterator[str]:
    """One hospital for all of them."""
    with hospital_of(pg18) as dsn:
        yield dsn
