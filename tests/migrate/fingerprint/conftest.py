"""One empty database on each server, which every test leaves as it was."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from console.db.session import Session
from console.demo.server import Cluster
from tests.fixtures.databases import fresh
from tests.targets import target


@pytest.fixture(scope="module")
def empty(cluster: Cluster) -> Iterator[str]:
    """The DSN of a database for the module."""
    with fresh(cluster) as dsn:
        yield dsn


@pytest.fixture
async def session(empty: str) -> AsyncIterator[Session]:
    """A session in a transaction that is rolled back."""
    async with await Session.open(target(empty), "test") as opened:
        opened.never_prepare()
        async with undone(opened):
            yield opened


@asynccontextmanager
async def undone(session: Session) -> AsyncIterator[None]:
    """A transaction that is rolled back, whatever comes of it."""
    await session.execute("begin")
    try:
        yield
    finally:
        await session.execute("rollback")
