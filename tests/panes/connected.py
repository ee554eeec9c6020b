"""Other people's connections, and the sessions that the pane sees of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import psycopg

from console.db.database import Database
from console.panes.sessions import service
from console.panes.sessions.models import Backend, Session


def backend(pid: int = 1, **changed: object) -> Backend:
    """A backend of which only the given is special."""
    plain = dict.fromkeys(Backend.model_fields) | {"pid": pid, "blocked_by": [], "state": "idle", "has_written": False}
    return Backend.model_validate(plain | changed)


@asynccontextmanager
async def connections(dsn: str, *names: str) -> AsyncIterator[list[psycopg.AsyncConnection]]:
    """Other people's connections, one for each application name."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                await psycopg.AsyncConnection.connect(dsn, application_name=name, autocommit=True)
            )
            for name in names
        ]


async def seen(db: Database, dsn: str) -> dict[str, Session]:
    """The sessions of this test's database by application name."""
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    sessions = (await service.snapshot(db)).sessions
    return {s.backend.application or "": s for s in sessions if s.backend.database == name}


async def until_waiting(db: Database, dsn: str, names: set[str]) -> dict[str, Session]:
    """The sessions as soon as all the named ones wait for somebody."""
    while True:
        found = await seen(db, dsn)
        if names <= {name for name, session in found.items() if session.backend.blocked_by}:
            return found


@asynccontextmanager
async def waiting(
    connection: psycopg.AsyncConnection, statement: str | bytes = "select * from t"
) -> AsyncIterator[None]:
    """A connection that waits for table t, cancelled at the end."""
    sent = statement if isinstance(statement, bytes) else statement.encode()
    task = asyncio.create_task(connection.execute(sent))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
