"""How the session is set between two files: the engine's own settings, the profile's role, nothing that a file left."""

from dataclasses import dataclass

from console.db.inline import inlined
from console.db.query import Query
from console.db.roles import become
from console.db.session import Session
from console.errors import StatementFailed
from console.migrate.files import Script
from console.migrate.server_models import SearchPath
from console.migrate.tries import LONGEST_WAIT, STATEMENT_TIMEOUT

_LIMITS = Query(__package__, "limits")
_SETTINGS = Query(__package__, "settings")
_SEARCH_PATH = Query(__package__, "search_path")
_OWN_PATH = Query(__package__, "own_path")

_OURSELVES = "reset session authorization; reset role"
_WATCH = "set client_connection_check_interval = '1s'"

# DISCARD ALL would free the advisory lock, and RESET ALL alone keeps SET ROLE, temporary tables, cursors and more.
_FORGET = f"{_OURSELVES}; reset all; unlisten *; close all; deallocate all; discard temp; discard sequences"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is the person's and not the engine's, to be put back after each file, and what the server cannot do."""

    role: str | None
    """The role to become; None stays the one that logged in."""
    search_path: str
    """Where objects go and are found."""
    watches: bool = True
    """Whether the server can watch whether its client is still there; on some systems none can."""


async def begin(session: Session, role: str | None) -> Kept:
    """Put the engine's settings and the role in place in a new session."""
    session.never_prepare()
    found = await session.fetch_one(_SEARCH_PATH, SearchPath)
    kept = Kept(role, found.search_path, await _watches(session))
    await session.execute(_own_settings(session, kept))
    await become(session, kept.role)
    return kept


async def restore(session: Session, kept: Kept) -> None:
    """Leave nothing of the file before, and put our own settings and role in place again."""
    await session.execute(f"{_FORGET}; {_own_path(kept)}; {_own_settings(session, kept)}")
    await become(session, kept.role)  # by itself: where the role is gone by now, the ledger is written as who logged in


async def limit(session: Session, script: Script, lock_timeout: int, *, local: bool = True) -> None:
    """How long a statement may wait for a lock (milliseconds) and run, in this transaction or from now on."""
    wanted = script.header.statement_timeout
    timeout = STATEMENT_TIMEOUT if wanted is None else wanted
    limits = {"lock_timeout": str(lock_timeout), "statement_timeout": str(timeout)}
    await session.run(_LIMITS, **limits, local=local)


async def be_ourselves(session: Session, kept: Kept) -> None:
    """Undo what a file did to role and search path, inside its transaction, before the ledger is written."""
    await session.execute(f"{_OURSELVES}; {_own_path(kept)}")
    await become(session, kept.role)


async def _watches(session: Session) -> bool:
    try:
        await session.execute(_WATCH)
    except StatementFailed as error:
        if error.sqlstate != "22023":
            raise
        return False
    return True


def _own_settings(session: Session, kept: Kept) -> str:
    timeouts = {"lock_timeout": str(LONGEST_WAIT), "statement_timeout": str(STATEMENT_TIMEOUT)}
    settings = inlined(_SETTINGS, session.major, **timeouts)
    return f"{settings}; {_WATCH}" if kept.watches else settings


def _own_path(kept: Kept) -> str:
    return inlined(_OWN_PATH, search_path=kept.search_path)
