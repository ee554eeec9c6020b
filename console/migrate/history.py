"""`migrate history`: what has been done to this schema, by whom, when, why, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.db.query import Query
from console.migrate.asker import Reader
from console.migrate.files import Folder
from console.migrate.journal_models import Happened
from console.migrate.selection import number_of
from console.migrate.standing import Standing, read_standing

_HISTORY = Query(__package__, "history")

_SAID = {
    "applied": "applied",
    "adopted": "adopted",
    "rolled_back": "rolled back",
    "begun": "begun",
    "failed": "failed",
    "rollback_failed": "rollback failed",
    "settled": "settled after a crash",
    "resolved": "decided by a person",
    "run_died": "run died",
    "emergency_refused": "emergency refused",
    "knex_lock_freed": "knex's lock freed",
    "backed_up": "backed up",
    "drifted": "changed by others before",
}


@dataclass(frozen=True, slots=True)
class History:
    """What has been done, the newest first."""

    as_of: datetime
    """When it was read, by the server's clock."""
    rows: Sequence[Happened]
    """One event each."""
    note: str | None
    """Why there is nothing, as a sentence."""


async def history(reader: Reader, folder: Folder, *, version: str | None = None, limit: int = 50) -> History:
    """The newest events, of one migration if it is named; changes nothing."""
    standing = await read_standing(reader, folder)
    books = standing.books
    named = None if version is None else _as_written(version, standing)
    if books.unreadable is not None:
        raise books.unreadable
    known = standing.presence.ledger
    rows = await reader.fetch(_HISTORY, Happened, version=named, limit=limit) if known else []
    note = None if known else "This console has not migrated this database yet."
    return History(standing.presence.as_of, rows, note)


def _as_written(version: str, standing: Standing) -> str:
    number = number_of(version, standing)
    written = [row.version for row in standing.books.recorded] + [each.version for each in standing.migrations]
    return next(each for each in written if int(each) == number)


def sentence(event: Happened) -> str:
    """What happened, in words.

    >>> sentence(Happened.model_construct(kind="rolled_back", run_kind="emergency"))
    'rolled back (emergency)'
    """
    said = _SAID.get(event.kind, event.kind.replace("_", " "))
    told = event.run_kind not in ("emergency", "resolve") or event.run_kind in said
    return said if told else f"{said} ({event.run_kind})"
