"""What the tests of the embedded server share: a cluster of a module's own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from console.demo.home import prepare
from console.demo.server import Cluster
from tests.fixtures.running import SETTINGS, complete, private_folder


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with private_folder() as made:
        yield made


@pytest.fixture(scope="module")
def made(pg18: Cluster, folder: Path) -> Cluster:
    """A cluster of its own."""
    cluster = Cluster(pg18.bindir, folder / "home", settings=SETTINGS)
    prepare(cluster.home, cluster.account)
    complete(cluster.create())
    return cluster


@pytest.fixture
async def stopped(made: Cluster) -> AsyncIterator[Cluster]:
    """That one while no server runs in it."""
    assert made.pid is None
    yield made
    await made.stop()
