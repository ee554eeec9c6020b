"""A session for a backup, and the one moment that all of it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.migrate import settings, trust
from console.migrate.backup.models import Snapshot
from console.migrate.tries import START

LANE = "backup"
"""What application_name says."""

LOCK_WAIT = 15_000
"""Milliseconds that a backup waits for somebody's exclusive lock on a table."""

_SNAPSHOT = Query(__package__, "snapshot")


@asynccontextmanager
async def opened(target: Target, role: str | None) -> AsyncIterator[Session]:
    """A session of its own, as the role that the backup is made under."""
    async with await trust.opened(target, LANE, settings=START, role=role) as session:
        await settings.begin(session, role)
        yield session


@asynccontextmanager
async def reading(session: Session) -> AsyncIterator[None]:
    """A read-only transaction that sees one moment to its end."""
    async with session.transaction():
        await session.execute(
            f"set transaction isolation level repeatable read, read only; set local lock_timeout = {LOCK_WAIT}"
        )
        yield


async def export(session: Session) -> Snapshot:
    """The moment of the current transaction, for other sessions to share as long as it lasts."""
    return await session.fetch_one(_SNAPSHOT, Snapshot)
