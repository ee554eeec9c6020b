"""The one lock of the engine: polled and never waited for, proved to be ours, its holder named.

There is no unlock command: the lock belongs to the session that does the work, so when it is free that session is dead
and its transaction over.
"""

import asyncio
import os
import re
from collections.abc import Sequence

from console.db.operator import APPLICATION_NAME_BYTES, Operator
from console.db.pipeline import Request
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, Exit
from console.migrate.models import OpenRun
from console.migrate.reports import Holder, what_stays
from console.migrate.server_models import LockHolder, YesNo

KEY = {"space": 0x454D5230, "key": 1}
"""Two integers (EMR0, 1), so that pg_locks shows them as classid and objid."""

POLL_SECONDS = 0.5
"""How often a waiting run asks for the lock."""

HOLDER = Request(Query(__package__, "holder"), LockHolder, dict(KEY))
"""Who holds the lock now; no row if nobody does."""

_TRY = Query(__package__, "try_lock")
_UNLOCK = Query(__package__, "unlock")
_FENCE = Query(__package__, "fence")
_APPLICATION = re.compile(
    r"emr-console:migrate(?: (?P<version>\d+) (?P<statement>\d+)/(?P<statements>\d+))?[: ](?P<user>.*)@(?P<host>.*)"
)


class LockGone(ConsoleError):
    """The lock was given up in the middle of a run: somebody else may hold it, so nothing more is written."""

    def stays(self, done: int, total: int) -> "LockGone":
        """The same in a file whose statements are committed one by one."""
        self.state = what_stays(done, total)
        self.exit = Exit.PARTIAL if done else Exit.FAILED
        return self


async def acquire(session: Session, wait: float) -> None:
    """Take the lock, asking again for `wait` seconds; ConsoleError with exit 10 names who has it."""
    deadline = asyncio.get_running_loop().time() + wait
    while not (await session.fetch_one(_TRY, YesNo, **KEY)).yes:
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            found = await session.fetch(HOLDER.query, LockHolder, **KEY)
            raise taken(described(found[0], None) if found else None)
        await asyncio.sleep(min(POLL_SECONDS, left))


async def release(session: Session) -> None:
    """Give it back; a session that is closed has done so."""
    if not session.closed:
        await session.run(_UNLOCK, **KEY)


async def fence(session: Session) -> None:
    """Stop unless the lock is still held by this very session.

    Where one backend serves all connections the question has no meaning and is not asked.
    """
    if session.single_session or (await session.fetch_one(_FENCE, YesNo, **KEY)).yes:
        return
    raise LockGone(
        "The engine's lock is not held by this session any more; a statement has given it up.",
        state="The file's transaction was rolled back; nothing of it was changed.",
        hint="Take pg_advisory_unlock_all and the like out of the file.",
    )


def progress(operator: Operator, version: str, statement: int, statements: int) -> str:
    """The application_name of a run at one statement; other sessions see it at once, also from inside a transaction.

    >>> progress(Operator("ana", "ward-7"), "004", 3, 8)
    'emr-console:migrate 004 3/8 ana@ward-7'
    """
    full = f"emr-console:migrate {version} {statement}/{statements} {operator}"
    return full.encode("ascii", "replace")[:APPLICATION_NAME_BYTES].decode("ascii")


def publish(operator: Operator, version: str, statement: int, statements: int) -> str:
    """The beginning of what is sent for a statement: by itself it would double the round trips."""
    name = progress(operator, version, statement, statements).replace("'", "")
    return f"set application_name = '{name}'; "


def run_of(found: LockHolder, runs: Sequence[OpenRun]) -> OpenRun | None:
    """The open run whose session holds the lock; a pid alone could be an earlier one's."""
    return next((run for run in runs if (run.backend_pid, run.backend_start) == (found.pid, found.since)), None)


def described(found: LockHolder, run: OpenRun | None) -> Holder:
    """The holder in words, from what he publishes and from his run's row."""
    said = _APPLICATION.fullmatch(found.application or "")
    at = said.groupdict() if said else {}
    return Holder(
        pid=found.pid,
        operator=run.operator if run else at.get("user") or found.role or "somebody",
        host=run.host if run else at.get("host"),
        since=run.started_at if run else found.since,
        version=at.get("version"),
        statement=int(at["statement"]) if at.get("statement") else None,
        statements=int(at["statements"]) if at.get("statements") else None,
        blocked_by=found.blocked_by,
    )


def client_died(run: OpenRun | None, here: Operator) -> bool:
    """Whether the process behind a run was on this machine and is gone, so that its session is an orphan."""
    if run is None or run.host != here.host:
        return False
    try:
        os.kill(run.client_pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def taken(by: Holder | None) -> ConsoleError:
    """The refusal that names who runs the engine."""
    return ConsoleError(
        by.sentence() if by else "Somebody else runs the migration engine here.",
        state="Nothing was changed.",
        hint="Try again when that run has ended, or let --lock-wait SECONDS wait for it.",
        exit=Exit.LOCKED,
    )
