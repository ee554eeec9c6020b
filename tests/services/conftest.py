"""The server of these tests; `on_both` adds the older one to the default run where its version plays a part."""

import pytest

from console.demo.server import Cluster
from tests.schema.conftest import climbed as climbed
from tests.schema.conftest import ladder as ladder


@pytest.fixture(scope="session", params=["pg18", pytest.param("pg15", marks=pytest.mark.long)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """PostgreSQL 18, and 15 too with --long."""
    found: Cluster = request.getfixturevalue(request.param)
    return found
