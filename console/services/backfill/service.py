"""Fills tasks.patient_uuid batch by batch along the primary key, each committed: it can be killed and started again at
any moment, because the empty column is all that it goes by."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, LockTimeout, ReadOnlyServer, Refused, UsageError
from console.migrate.tries import jittered
from console.services.alone import Work, alone
from console.services.backfill.models import Batch, Columns, Counts, Outlook, Remaining
from console.services.backfill.throttle import Throttle
from console.services.bulk import service as bulk
from console.services.bulk.models import Deed

UNCHANGED = "Nothing was changed."

FILLING = Work(2, "backfill", "running a backfill", "Let it end: both fill the same tasks.")
"""One backfill a database: two would not harm each other, but each would find the other's rows locked."""

SETTINGS = bulk.SETTINGS | {
    "lock_timeout": "200",
    "statement_timeout": "60000",
    # A plan for any batch would be a plan for a tenth of the table.
    "plan_cache_mode": "force_custom_plan",
}
"""Of a session that fills; times in milliseconds. Only locks on whole tables and on patients are ever waited for."""

TRIES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds between the tries of a batch that did not get a lock."""

RETURNS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each return to the tasks that others were writing."""

LAST = UUID(int=2**128 - 1)
"""No id comes after it."""

COLUMNS = Query(__package__, "columns")
REMAINING = Query(__package__, "remaining")
OUTLOOK = Query(__package__, "outlook")
FILL = Query(__package__, "fill")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to go."""

    batch: int = 500
    """Tasks in one transaction."""
    rate: float | None = None
    """Tasks filled in a second at most; None is as fast as it goes."""
    max_lag: float | None = None
    """Seconds that a standby may be behind; None is the usual, as far as it can be seen."""


class Listener(Protocol):
    """Hears how it goes."""

    def batch(self, counts: Counts, batch: Batch) -> None:
        """A batch is committed, and counted."""

    def note(self, sentence: str) -> None:
        """Something that a person should know."""


async def look(session: Session) -> Outlook:
    """What a backfill would do now; changes nothing."""
    await _require(session)
    return await session.fetch_one(OUTLOOK, Outlook)


async def remaining(session: Session) -> int:
    """How many tasks name no patient. Raises what stands in the way of filling them."""
    await _require(session)
    if (await session.server()).in_recovery:
        raise ReadOnlyServer(
            "This server is a standby and takes no changes.", state=UNCHANGED, hint="Connect to the primary."
        )
    return await _empty(session)


async def _empty(session: Session) -> int:
    return (await session.fetch_one(REMAINING, Remaining)).tasks


async def _require(session: Session) -> None:
    """Stop where there is nothing to fill, nothing to fill it from, or somebody who does not see it all."""
    await session.server()
    columns = await session.fetch_one(COLUMNS, Columns)
    if not columns.linked:
        raise UsageError(
            "This database has no column tasks.patient_uuid.", state=UNCHANGED, hint="Run emr-console migrate up first."
        )
    if not columns.legacy:
        raise UsageError(
            "tasks.patient_id is gone with migration 007: every task has its patient.",
            state=UNCHANGED,
            hint="There is nothing to fill.",
        )
    await bulk.require_every_row(session, "tasks", "patients")


async def backfill(session: Session, pace: Pace, listener: Listener, counts: Counts, reason: str) -> None:
    """Fill every task that has exactly one patient, and record it; `counts` tells at any moment how far it came.

    ConsoleError with exit 10 while another backfill runs here. Whatever stops it, what is counted is committed.
    """
    deed = Deed("backfill", "UPDATE", "TASK", reason)
    async with alone(session, FILLING):
        throttle = Throttle(session, listener.note, rate=pace.rate, max_lag=pace.max_lag)
        await throttle.check(demanded=pace.max_lag is not None)
        await bulk.record(session, deed, "began")
        fill = _Fill(session, pace, listener, throttle, counts)
        try:
            await fill.go_back_to(await fill.walk())
            counts.remaining = await _empty(session)
        except BaseException:
            with suppress(ConsoleError):
                await bulk.record(session, deed, "stopped", counts.as_json())
            raise
        await bulk.record(session, deed, "ended", counts.as_json())


@dataclass(frozen=True, slots=True)
class _Fill:
    """One backfill on its way."""

    session: Session
    pace: Pace
    listener: Listener
    throttle: Throttle
    counts: Counts

    async def walk(self) -> list[UUID]:
        """Go along the primary key to its end; returns the tasks that others were writing."""
        first, locked = UUID(int=0), list[UUID]()
        while True:
            batch = await self._batch(first=first)
            locked += batch.locked
            self.counts.last_id = batch.last or self.counts.last_id
            if batch.last in (None, LAST) or batch.walked < self.pace.batch:
                return locked
            first = UUID(int=batch.last.int + 1)

    async def go_back_to(self, locked: list[UUID]) -> None:
        """Try those again that others were writing, a few times."""
        if locked:
            self.listener.note(f"{len(locked):,} tasks were being written by others; going back to them.")
        for wait in RETURNS:
            if not locked:
                break
            await asyncio.sleep(wait)
            locked = [task for ids in _pieces(locked, self.pace.batch) for task in (await self._batch(ids=ids)).locked]
        self.counts.locked = len(locked)

    async def _batch(self, *, first: UUID | None = None, ids: Sequence[UUID] | None = None) -> Batch:
        began = asyncio.get_running_loop().time()
        batch = await self._tried(first, ids)
        self.counts.add(batch)
        self.listener.batch(self.counts, batch)
        await self.throttle.after(batch.matched, began)
        return batch

    async def _tried(self, first: UUID | None, ids: Sequence[UUID] | None) -> Batch:
        for wait in TRIES:
            try:
                return await self._once(first, ids)
            except LockTimeout as error:
                self.listener.note(f"A batch is tried again. {error.message}")
                await asyncio.sleep(jittered(wait))
        return await self._once(first, ids)

    async def _once(self, first: UUID | None, ids: Sequence[UUID] | None) -> Batch:
        async with self.session.transaction():
            batch = await self.session.fetch_one(FILL, Batch, first=first, ids=ids, batch=self.pace.batch)
            if batch.moved:
                raise Refused(
                    "A trigger moves the clock of a task when its patient is filled in: devices would fetch it again.",
                    hint="Give tasks the trigger of migration 003; see emr-console migrate verify.",
                )
        return batch


def _pieces(ids: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
