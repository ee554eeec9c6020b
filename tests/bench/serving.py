"""The servers of the bench: PostgreSQL 18, each in a folder of its own, gone afterwards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from console.demo import binaries
from console.demo.account import unprivileged
from console.demo.server import Cluster
from tests.fixtures.running import private_folder, running


@contextmanager
def server(settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """One with these settings."""
    with private_folder() as folder:
        bindir = binaries.within_reach(unprivileged(), folder)
        with running(bindir, folder, dict(settings or {})) as cluster:
            yield cluster
