"""A backup that is proved is written into the ledger: plans of rollbacks and the health checks go by it."""

from uuid import UUID

from console.db import operator
from console.db.query import Query
from console.db.session import Session
from console.db.target import Target
from console.errors import ConsoleError
from console.migrate.backup import snapshot
from console.migrate.backup.models import Backup
from console.migrate.models import Presence
from console.migrate.trust import PRESENCE, refusal

_RECORD = Query(__package__, "record")


async def record(session: Session, made: Backup, run: UUID | None = None) -> int:
    """Append where it is and what proves it, as a part of a run if it was made for one; answers how many rows."""
    return await session.run(
        _RECORD,
        run=run,
        operator=str(operator.current()),
        directory=str(made.directory).encode(errors="replace").decode(),  # a name may be no text at all
        sha256=made.manifest.sha256,
        bytes=made.manifest.bytes,
    )


async def unrecorded(target: Target, made: Backup, role: str | None) -> str:
    """Write down a backup that no run has asked for; why that was not possible as a sentence, empty if it was.

    Nothing is created for it: a database that nobody has migrated from here has no ledger.
    """
    try:
        async with snapshot.opened(target, role) as session:
            return await _unrecorded(session, made, role)
    except ConsoleError as error:
        return error.message


async def _unrecorded(session: Session, made: Backup, role: str | None) -> str:
    presence = await session.fetch_one(PRESENCE, Presence, role=role)
    refused = refusal(presence)
    if refused is not None:
        return refused.message
    if not presence.ledger:
        return "This console has not migrated this database yet, so there is no ledger."
    if await record(session, made) != 1:  # a rule may swallow it without an error
        return "The table took it without an error, but wrote no row."
    return ""
