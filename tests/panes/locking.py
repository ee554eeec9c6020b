"""Sessions that lock and wait on a real server, and the tree that the console makes of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from console.db.database import Database
from console.panes.locks import service
from console.panes.locks.models import Snapshot
from console.panes.locks.tree import Branch, grow
from tests.targets import target

Connection = psycopg.AsyncConnection[tuple[object, ...]]


class Scene:
    """One database with sessions that are known by their application names."""

    def __init__(self, dsn: str, db: Database) -> None:
        self.dsn = dsn
        self.db = db
        self.sessions: dict[str, Connection] = {}
        self._waiting: dict[str, asyncio.Task[object]] = {}

    async def does(self, name: str, *statements: str) -> Connection:
        """A session does this to the end; it is opened when it is first named."""
        if name not in self.sessions:
            connection = await psycopg.AsyncConnection.connect(self.dsn, application_name=name, autocommit=True)
            await connection.execute("set deadlock_timeout = '10min'")  # so that a circle stays to be seen
            self.sessions[name] = connection
        for statement in statements:
            await self.sessions[name].execute(statement.encode())
        return self.sessions[name]

    async def waits(self, name: str, statement: str) -> None:
        """A session asks for what it cannot have yet; goes on once the server says that it waits."""
        connection = await self.does(name)
        self._waiting[name] = asyncio.create_task(connection.execute(statement.encode()))
        await self.until({name})

    async def all_wait(self, names: list[str], statement: str) -> None:
        """The same of many at once."""
        for name in names:
            self._waiting[name] = asyncio.create_task((await self.does(name)).execute(statement.encode()))
        await self.until(set(names))

    async def until(self, names: set[str]) -> None:
        """Ask until all of these wait."""
        while not names <= {party.application for party in (await self.look()).parties if party.waits}:
            pass

    async def look(self) -> Snapshot:
        """What the pane would get now."""
        return await service.snapshot(self.db)

    async def tree(self) -> list[Branch]:
        """The tree of this database alone; other tests share the server."""
        database = psycopg.conninfo.conninfo_to_dict(self.dsn)["dbname"]
        return grow([party for party in (await self.look()).parties if party.database == database])

    async def drawn(self) -> list[str]:
        """The tree as lines of text."""
        tree = await self.tree()
        names = {branch.party.id: branch.party.application or branch.party.gid or "" for branch in tree}
        return [
            f"{branch.lines}{branch.again}: {' '.join(names[each] for each in branch.others)}"
            if branch.again
            else f"{branch.lines}{names[branch.party.id]}"
            for branch in tree
        ]

    async def end(self) -> None:
        """Nobody waits any more, nobody is connected."""
        for task in self._waiting.values():
            task.cancel()
        if self._waiting:
            await asyncio.wait(self._waiting.values())
        for connection in self.sessions.values():
            await connection.close()


@asynccontextmanager
async def scene(dsn: str) -> AsyncIterator[Scene]:
    """A scene with a table t of twenty rows."""
    async with Database(target(dsn)) as db:
        made = Scene(dsn, db)
        try:
            rows = "insert into t select n, '-' from generate_series(1, 20) n"
            await made.does("owner", "create table t (id int primary key, v text)", rows)
            yield made
        finally:
            await made.end()
