"""One run of the engine: the session that holds the lock, does the work and keeps the ledger."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import console
from console.db import operator
from console.db.operator import Operator
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError
from console.iso import to_second
from console.migrate import knex, lock, settings
from console.migrate.beside import Second
from console.migrate.models import Presence
from console.migrate.reports import Event, EventKind, Report
from console.migrate.requirements import require_server
from console.migrate.server_models import Identity
from console.migrate.settings import Kept
from console.migrate.standing import Standing
from console.migrate.tries import START
from console.migrate.trust import opened, require_trusted

LANE = "migrate"
"""What application_name says between two files."""

IDENTITY = Query(__package__, "identity")
"""Which backend of which database a session is on."""

OWN_WARNING = "EM002"
"""The SQLSTATE by which a migration warns of what a person has to know."""

_START = Query(__package__, "start_run")
_FINISH = Query(__package__, "finish_run")
_CLOSE_DEAD = Query(__package__, "close_dead_run")


@dataclass(slots=True)
class Run:
    """What every step of one run shares."""

    target: Target
    """Which database."""
    session: Session
    """The one session that does the work."""
    second: Second
    """The one that looks on."""
    report: Report
    """Who hears what happens."""
    kept: Kept
    """Its role and search path, which no file may change for the next."""
    id: UUID = field(default_factory=uuid4)
    """Its identity in the ledger."""
    operator: Operator = field(default_factory=operator.current)
    """Who runs it."""
    batch: int | None = None
    """Its number among the runs that applied something."""
    knex: bool = False
    """Whether knex's table is to be kept true."""
    knex_locked: bool = False
    """Whether we set knex's lock."""
    changed: bool = False
    """Whether anything of what it did stays."""
    presence: Presence | None = None
    """Which ledgers there were when the lock was taken, all in known hands."""
    identity: Identity | None = None
    """Which backend of which database it began on."""
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    """When it began, by the loop's clock."""

    def tell(self, kind: EventKind, version: str | None = None, **what: Any) -> None:
        """Report one event."""
        elapsed = asyncio.get_running_loop().time() - self.began
        self.report(Event(kind, round(elapsed, 3), version, **what))

    def hear(self, sqlstate: str, warning: str) -> None:
        """Pass a file's own warning on; others, such as an application's triggers give, may hold what rows hold."""
        if sqlstate == OWN_WARNING:
            self.tell("note", message=f"{warning[:1].upper()}{warning[1:]}.")


@asynccontextmanager
async def locked(target: Target, report: Report, *, role: str | None, lock_wait: float) -> AsyncIterator[Run]:
    """A session with our settings that holds the engine's lock, given back at the end."""
    async with await opened(target, LANE, settings=START, role=role) as session, Second(target) as second:
        require_server(await session.server())
        run = Run(target, session, second, report, await settings.begin(session, role))
        session.hear(run.hear)
        await lock.acquire(session, lock_wait)
        try:
            run.presence = await require_trusted(session)
            run.identity = await session.fetch_one(IDENTITY, Identity)
            yield run
        finally:
            with suppress(ConsoleError):  # what happened before is the news; the session's end frees the lock, too
                await lock.release(session)


async def start(run: Run, kind: str, standing: Standing, *, target: str | None, reason: str | None) -> None:
    """Write that this run begins, together with knex's lock."""
    async with run.session.transaction():
        run.knex_locked = standing.presence.knex_lock and await knex.take_lock(run.session)
        await run.session.run(
            _START,
            id=run.id,
            kind=kind,
            target=target,
            batch=run.batch,
            reason=reason,
            operator=run.operator.user,
            host=run.operator.host,
            client_pid=os.getpid(),
            tool_version=console.__version__,
            knex_locked=run.knex_locked,
        )
    run.knex = standing.presence.knex


async def finish(run: Run, outcome: str) -> None:
    """Write that the run has ended, and let knex run again."""
    async with run.session.transaction():
        if run.knex_locked:
            await knex.free_lock(run.session)
        await run.session.run(_FINISH, id=run.id, outcome=outcome)


async def bury(run: Run, standing: Standing) -> None:
    """Close runs without an end: we hold their lock, so their sessions are gone and rolled back.

    Also where there is nothing to do: one that died after its last COMMIT left knex locked, and nobody else lets it go.
    """
    for dead in standing.books.runs:
        async with run.session.transaction():
            if dead.knex_locked:
                await knex.free_lock(run.session)
            await run.session.run(_CLOSE_DEAD, id=dead.id, operator=str(run.operator))
        knex_too = " and knex's lock, which it had set, was cleared" if dead.knex_locked else ""
        run.tell(
            "note",
            message=f"A run of {dead.operator}@{dead.host} that began {to_second(dead.started_at)} UTC had died;"
            f" what it had not committed was rolled back{knex_too}.",
        )
