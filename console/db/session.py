"""One connection: opened with its settings, asked, written through, closed; the driver never shows.

The console's three lanes are such sessions (console/db/database.py); the migration engine, generate, roles and traffic
open their own.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Self, TypeVar

from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import PipelineStatus, TransactionStatus
from psycopg.rows import TupleRow, class_row, tuple_row
from pydantic import BaseModel

from console.db import connecting, handover, tls
from console.db.committing import committed
from console.db.copying import CopyWriter, blocks
from console.db.handover import Handover
from console.db.identifiers import quote
from console.db.pipeline import Answers, Request, ask
from console.db.query import Query
from console.db.server import FACTS, Server
from console.db.sqlstate import translated
from console.db.target import Target
from console.db.tracing import Masked, trace
from console.errors import ConnectionLost, ConsoleError

M = TypeVar("M", bound=BaseModel)


class Session:
    """One connection to one database.

    Every error comes out as one of console.errors. A cancelled task cancels its statement on the server, and the
    session stays usable. On a server that is one session for all clients (`single_session`) settings cannot be given
    at start; there a read-only session wraps what it asks into BEGIN READ ONLY with settings for that alone.
    """

    def __init__(
        self,
        connection: AsyncConnection[TupleRow],
        target: Target,
        facts: connecting.Facts,
        settings: Mapping[str, str],
        *,
        read_only: bool,
    ) -> None:
        self._connection = connection
        self._target = target
        self._settings = dict(settings)
        self._server: Server | None = None
        self._turn = asyncio.Lock()
        self.read_only = read_only
        """Whether the server refuses writes here."""
        self.pid = facts.pid
        """The server process, 0 where one backend serves all connections."""

    @classmethod
    async def open(
        cls,
        target: Target,
        lane: str,
        *,
        settings: Mapping[str, str] | None = None,
        read_only: bool = False,
    ) -> Self:
        """Connect, and check with the server that the settings hold.

        `lane` becomes part of application_name. `settings` are PostgreSQL's, values in the units of pg_settings
        (milliseconds for times). Raises ConnectionFailed, or UsageError behind a connection pooler.
        """
        wanted = dict(settings or {})
        if read_only:
            wanted["default_transaction_read_only"] = "on"
        connection, facts = await connecting.connect(target, lane, wanted)
        session = cls(connection, target, facts, wanted, read_only=read_only)
        if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
            # Such a database takes any bytes; asked for UTF-8 it would refuse an answer in which one name is none.
            await session.adjust({"client_encoding": "SQL_ASCII"})
        return session

    @property
    def target(self) -> Target:
        """Which database it goes to."""
        return self._target

    @property
    def single_session(self) -> bool:
        """Whether every connection of this server is the same backend."""
        return self.pid == 0

    @property
    def closed(self) -> bool:
        """Whether the connection is gone, closed by us or broken."""
        return self._connection.closed

    async def ended(self) -> bool:
        """Whether it is gone, also by the server's doing while nobody asked anything; the server is not asked."""
        if not self.closed and not self._turn.locked() and connecting.cut(self._connection.pgconn):
            await self.close()
        return self.closed

    @property
    def major(self) -> int:
        """The server's major version, which it has told at the start."""
        return self._connection.info.server_version // 10000

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, healthy or failed."""
        return self._connection.info.transaction_status in (
            TransactionStatus.INTRANS,
            TransactionStatus.INERROR,
        )

    @property
    def settled(self) -> bool:
        """Whether nothing is left open of what was asked before; between two questions it is so."""
        pgconn = self._connection.pgconn
        idle = pgconn.transaction_status == TransactionStatus.IDLE
        return idle and pgconn.pipeline_status == PipelineStatus.OFF

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings that hold, in the units of pg_settings."""
        return self._settings

    async def adjust(self, settings: Mapping[str, str]) -> None:
        """Change settings for what follows; by SET, because opening it has proved that nobody shares it."""
        if not (self.single_session and self.read_only):  # there they come with each transaction
            for name, value in settings.items():
                await self.execute("select set_config(%(name)s, %(value)s, false)", name=name, value=value)
        self._settings.update(settings)

    def forget_server(self) -> None:
        """Read the facts again at the next call: something has changed them."""
        self._server = None

    async def server(self) -> Server:
        """Facts about server, database and role; read at the first call.

        Raises Refused when the database calls itself production and the line does not prove who answers.
        """
        if self._server is None:
            found = await self.fetch_one(FACTS, Server)
            tls.check(self._target, found.environment)
            self._server = found
        return self._server

    async def fetch(self, query: Query, model: type[M], /, **params: object) -> list[M]:
        """All rows of a query as frozen models."""
        async with self._asking(), self._connection.cursor(row_factory=class_row(model)) as cursor:
            await self._send(cursor, query, params)
            return await cursor.fetchall()

    async def fetch_one(self, query: Query, model: type[M], /, **params: object) -> M:
        """The only row of a query; another number of rows is a ConsoleError."""
        rows = await self.fetch(query, model, **params)
        if len(rows) != 1:
            raise ConsoleError(f"The query {query.name} answered {len(rows)} rows where one was expected.")
        return rows[0]

    async def pipeline(self, *requests: Request[Any]) -> Answers:
        """Several queries in one round trip; each has rows or an error of its own."""
        async with self._asking():
            for request in requests:
                trace.debug("%d %s", self.pid, request.query)
            return await ask(self._connection, requests)

    async def run(self, query: Query, /, **params: object) -> int:
        """Execute a query for its effect; returns the rows affected, -1 where the server counts none."""
        async with self._asking(), self._connection.cursor() as cursor:
            await self._send(cursor, query, params)
            return cursor.rowcount

    async def execute(self, statement: str, /, **params: object) -> int:
        """Execute one statement; without parameters its text goes to the server as it is.

        Returns the rows affected, -1 where the server counts none.
        """
        async with self._asking(), self._connection.cursor() as cursor:
            trace.debug("%d %s", self.pid, Masked(statement))
            await cursor.execute(statement.encode(), params or None)
            return cursor.rowcount

    async def rows(self, statement: str, /, **params: object) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows of a statement whose columns are not ours to know, such as a verify file's."""
        async with self._asking(), self._connection.cursor(row_factory=tuple_row) as cursor:
            trace.debug("%d %s", self.pid, Masked(statement))
            await cursor.execute(statement.encode(), params or None)
            if cursor.description is None:
                return [], []
            return [column.name for column in cursor.description], await cursor.fetchall()

    @asynccontextmanager
    async def transaction(self, *, read_only: bool = False, snapshot: bool = False) -> AsyncIterator[Self]:
        """BEGIN, and COMMIT at the end or ROLLBACK on any error; with `snapshot` all of it sees the same rows.

        A connection lost at COMMIT is ConnectionLost: whether it was committed has to be looked up. A task that is
        cancelled during COMMIT learns by CommittedAnyway that it was.
        """
        isolation = " isolation level repeatable read" if snapshot else ""
        try:
            await self.execute(f"begin{isolation}{' read only' if read_only else ''}")
            yield self
        except BaseException:  # also a BEGIN that was answered although it was given up
            if self.in_transaction:
                await self.execute("rollback")
            raise
        await committed(self.execute("commit"))

    def copy_in(self, table: str, columns: Sequence[str]) -> AbstractAsyncContextManager[CopyWriter]:
        """COPY rows into a table; `table` is already quoted where it must be, `columns` are plain names."""
        names = ", ".join(quote(column) for column in columns)
        return self._copying(f"copy {table} ({names}) from stdin")

    @asynccontextmanager
    async def _copying(self, statement: str) -> AsyncIterator[CopyWriter]:
        async with (
            self._asking(),
            self._connection.cursor() as cursor,
            cursor.copy(statement.encode()) as copy,
        ):
            yield CopyWriter(copy)

    async def copy_out(self, statement: str) -> AsyncGenerator[tuple[int, bytes], None]:
        """What COPY .. TO STDOUT answers: so many rows, whole ones, and their bytes, about BLOCK of them at once.

        Closed or cancelled before its end, it stops the server and ends the session: how much of the answer is still
        on its way nobody knows then.
        """
        trace.debug("%d %s", self.pid, Masked(statement))
        try:
            async with (
                self._asking(),
                self._connection.cursor() as cursor,
                cursor.copy(statement.encode()) as copy,
            ):
                async for block in blocks(copy):
                    yield block
        except BaseException:
            await self._connection.close()
            raise

    def handover(self) -> Handover:
        """What a program such as pg_dump needs to reach the very same server and database."""
        return handover.of(self._connection.pgconn, self._target.params["options"])

    def hear(self, listener: Callable[[str, str], None]) -> None:
        """Tell somebody what the server warns of from now on: the SQLSTATE, and the sentence, which may hold values."""
        self._connection.add_notice_handler(lambda said: listener(said.sqlstate or "", said.message_primary or ""))

    def never_prepare(self) -> None:
        """Keep no prepared statements, where a DEALLOCATE ALL may take them away behind the driver's back."""
        self._connection.prepare_threshold = None

    async def close(self) -> None:
        """End the session; closing twice is fine."""
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _send(self, cursor: AsyncCursor[Any], query: Query, params: Mapping[str, object]) -> None:
        trace.debug("%d %s", self.pid, query)
        await cursor.execute(query.text(self.major).encode(), params)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Our errors instead of the driver's, one asker at a time, and on a single-session server our settings."""
        if self.closed:
            raise ConnectionLost("The connection to the server is closed.", hint="Try again: a new one is made then.")
        with translated():
            # One at a time: a task that is being cancelled still reads its answer's end when the next one asks.
            async with self._turn:
                if not (self.single_session and self.read_only):
                    yield
                    return
                await connecting.begin_read_only(self._connection, self._settings)
                try:
                    yield
                finally:
                    await self._connection.execute("rollback")
