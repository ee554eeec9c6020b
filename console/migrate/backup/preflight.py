"""Whether a backup can be made, asked before anything is written: programs, rights, room."""

from dataclasses import dataclass
from pathlib import Path

from console.db.identifiers import quote
from console.db.query import Query
from console.db.server import Server
from console.db.session import Session
from console.errors import NoPrivilege, Refused
from console.migrate.backup import place, programs
from console.migrate.backup.models import Database, Name, Wish
from console.migrate.backup.programs import Programs
from console.migrate.selection import UNCHANGED

TRIAL_BYTES = 5 * 10**9
"""The size of a database from which on it is not restored for a trial."""

_DATABASE = Query(__package__, "database")
_UNREADABLE = Query(__package__, "unreadable")


@dataclass(frozen=True, slots=True)
class Ready:
    """What a backup needs, found."""

    server: Server
    """The server."""
    database: Database
    """The database."""
    programs: Programs
    """What dumps and restores."""
    parent: Path
    """The folder for its folder."""


async def ready(session: Session, parent: Path, wish: Wish) -> Ready:
    """Everything found; raises what stands in the way before anything was written."""
    server = await session.server()
    database = await session.fetch_one(_DATABASE, Database)
    found = await programs.find(server.major, wish.pg_dump)
    await _refuse_unreadable(session)
    if wish.trial:
        _refuse_trial(server, database)
    return Ready(server, database, found, place.check(parent, database.bytes))


async def _refuse_unreadable(session: Session) -> None:
    hidden = [row.name for row in await session.fetch(_UNREADABLE, Name)]
    if hidden:
        user = (await session.server()).user
        raise NoPrivilege(
            f"{user} cannot see every row of {', '.join(hidden)}: the right to read is missing, or row security hides"
            " some, and a backup without them would be none.",
            state=UNCHANGED,
            hint=f"Back up as the tables' owner, or let a superuser say: ALTER ROLE {quote(user)} BYPASSRLS;"
            f" GRANT pg_read_all_data TO {quote(user)};",
        )


def _refuse_trial(server: Server, database: Database) -> None:
    if server.single_session:
        raise Refused("This server has one database only, so there is none for a trial restore.", state=UNCHANGED)
    if not database.may_create_database:
        raise NoPrivilege(
            f"A trial restore needs a scratch database, which {server.user} may not create.",
            state=UNCHANGED,
            hint=f"Do without it, or let a superuser say: ALTER ROLE {quote(server.user)} CREATEDB;",
        )
    if database.bytes > TRIAL_BYTES:
        raise Refused(
            f"This database has {database.bytes / 1e9:.1f} GB; above {TRIAL_BYTES / 1e9:g} GB there is no trial restore"
            " on the server that needs its disk.",
            state=UNCHANGED,
            hint="Do without it, and follow RESTORE.md of the backup on another server.",
        )
