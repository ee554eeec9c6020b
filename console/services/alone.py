"""Work that a database bears once at a time: its lock belongs to the session that does it, and its holder is named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.iso import to_second
from console.row import Row

SPACE = 0x454D5230
"""The first of the two integers of our locks (EMR0). The second: 1 the migration engine, 2 the backfill, 3 legal holds
against drops, 4 maintain, 5 sealing the audit log."""

_TRY = Query(__package__, "try_lock")
_UNLOCK = Query(__package__, "unlock")
_HOLDER = Query(__package__, "holder")


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work."""

    key: int
    """The second integer of its lock."""
    lane: str
    """What application_name says of a session that does it."""
    doing: str
    """What its holder is said to be doing, such as `running a backfill`."""
    hint: str
    """What whoever comes second should know."""

    @property
    def lock(self) -> dict[str, int]:
        """The lock as values of a query."""
        return {"space": SPACE, "key": self.key}


class Held(Row):
    """Whether a lock was had."""

    held: bool
    """Whether it was."""


class Holder(Row):
    """The session that has it."""

    pid: int
    """Its process."""
    application: str | None
    """Its application_name, where the operator stands."""
    since: datetime | None
    """When it began."""


@asynccontextmanager
async def alone(session: Session, work: Work) -> AsyncIterator[None]:
    """Hold the lock of this work; ConsoleError with exit 10 names who has it."""
    if not (await session.fetch_one(_TRY, Held, **work.lock)).held:
        raise _taken(work, await session.fetch(_HOLDER, Holder, **work.lock))
    try:
        yield
    finally:
        with suppress(ConsoleError):  # what happened before is the news; the session's end frees the lock, too
            await session.run(_UNLOCK, **work.lock)


def _taken(work: Work, holders: list[Holder]) -> ConsoleError:
    return ConsoleError(
        _sentence(work, holders[0]) if holders else f"Somebody has been {work.doing} here until just now.",
        state="Nothing was changed.",
        hint=work.hint,
        exit=Exit.LOCKED,
    )


def _sentence(work: Work, holder: Holder) -> str:
    """Who is at it already.

    >>> filling = Work(2, "backfill", "running a backfill", "")
    >>> _sentence(filling, Holder(pid=4711, application="emr-console:backfill:ana@ward-7", since=None))
    'ana@ward-7 is running a backfill here (session 4711).'
    """
    who = (holder.application or "").removeprefix(f"emr-console:{work.lane}:") or "Somebody"
    since = f", since {to_second(holder.since)} UTC" if holder.since else ""
    return f"{who} is {work.doing} here (session {holder.pid}{since})."
