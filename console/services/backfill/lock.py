"""One backfill a database: its lock belongs to the session that fills, so that it is free when that session is gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.services.backfill.models import Held, Holder

LANE = "backfill"
"""What application_name says of a session that fills."""

KEY = {"space": 0x454D5230, "key": 2}
"""Two integers (EMR0, 2); the migration engine's lock is (EMR0, 1)."""

TRY = Query(__package__, "try_lock")
UNLOCK = Query(__package__, "unlock")
HOLDER = Query(__package__, "holder")


@asynccontextmanager
async def alone(session: Session) -> AsyncIterator[None]:
    """Hold the lock; ConsoleError with exit 10 names who has it."""
    if not (await session.fetch_one(TRY, Held, **KEY)).held:
        raise _taken(await session.fetch(HOLDER, Holder, **KEY))
    try:
        yield
    finally:
        with suppress(ConsoleError):  # what happened before is the news; the session's end frees the lock, too
            await session.run(UNLOCK, **KEY)


def _taken(holders: list[Holder]) -> ConsoleError:
    return ConsoleError(
        _sentence(holders[0]) if holders else "Another backfill has been running here until just now.",
        state="Nothing was changed.",
        hint="Let it end: both fill the same tasks.",
        exit=Exit.LOCKED,
    )


def _sentence(holder: Holder) -> str:
    """Who fills here already.

    >>> _sentence(Holder(pid=4711, application="emr-console:backfill:ana@ward-7", since=None))
    'ana@ward-7 is running a backfill here (session 4711).'
    """
    who = (holder.application or "").removeprefix(f"emr-console:{LANE}:") or "Somebody"
    since = f", since {holder.since:%Y-%m-%d %H:%M:%S} UTC" if holder.since else ""
    return f"{who} is running a backfill here (session {holder.pid}{since})."
