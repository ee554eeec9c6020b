"""What the schema looked like after the last run, and what others have changed in it since."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.db.pipeline import Request
from console.db.query import Query
from console.db.session import Session
from console.errors import ConsoleError, LockTimeout, NoPrivilege, TimedOut
from console.iso import to_second
from console.migrate.asker import Asker
from console.migrate.fingerprint.catalogue import fingerprint, fingerprint_and
from console.migrate.fingerprint.difference import Difference, Fingerprint, difference
from console.migrate.fingerprint.models import LastSnapshot, SnapshotObjects, Snapshots
from console.migrate.models import APPLIED

_RECORD = Query(__package__, "record_snapshot")
_KEPT = Request(Query(__package__, "snapshots"), Snapshots)
_LAST = Request(Query(__package__, "last_snapshot"), LastSnapshot)
_OBJECTS = Query(__package__, "snapshot_objects")


@dataclass(frozen=True, slots=True)
class SchemaDrift:
    """What the live schema is, compared with what the last run left."""

    difference: Difference | None
    """What others have changed; None where it is not known."""
    since: datetime | None = None
    """When the last run had ended; None without one."""
    version: str | None = None
    """The migration that was applied last then."""
    note: str | None = None
    """Why it is not known, as a sentence."""

    @classmethod
    def unknown(cls, why: ConsoleError) -> "SchemaDrift":
        """What is said where it could not be compared."""
        return cls(None, note=f"Whether the schema was changed by others is not known. {why.message}")

    def sentence(self) -> str:
        """For a person; empty where nothing has drifted or nothing is there to compare with.

        >>> SchemaDrift(Difference(added={"table public.b": "id"}), datetime(2026, 1, 2, 3, 4, 5)).sentence()
        'The schema was changed by others since 2026-01-02 03:04:05 UTC: 1 added (table public.b).'
        """
        if self.note or not self.difference or self.since is None:
            return self.note or ""
        return f"The schema was changed by others since {to_second(self.since)} UTC: {self.difference.sentence()}."

    def as_json(self) -> dict[str, object] | None:
        """Under `schema_drift` of `migrate status`; null where there is nothing to compare with."""
        if self.difference is None and self.note is None:
            return None
        unknown = {"added": None, "removed": None, "changed": None}
        lists = unknown if self.difference is None else self.difference.as_json()
        return {"since": self.since, "version": self.version, **lists, "note": self.note}


async def record_snapshot(session: Session, run: UUID) -> str | None:
    """Keep what the schema looks like after a run; why that was not possible, as a sentence, or None."""
    try:
        found = await fingerprint(session)
        objects = json.dumps(found.objects)
        await session.run(_RECORD, run=run, sha256=found.sha256, objects=objects, applied=list(APPLIED))
    except ConsoleError as error:
        return (
            f"What the schema looks like now could not be kept; later changes by hand will not be seen. {error.message}"
        )
    return None


async def schema_drift(asker: Asker) -> SchemaDrift:
    """What others have changed since the last run, or why it is not known; while a run is at work it tells of it."""
    try:
        now, answers = await fingerprint_and(asker, _KEPT)
        if not answers.rows(_KEPT)[0].kept:
            return SchemaDrift(None)
        last = (await asker.pipeline(_LAST)).rows(_LAST)
        return await _compared(asker, last[0], now) if last else SchemaDrift(None)
    except (NoPrivilege, LockTimeout, TimedOut) as error:  # whose table is locked, its indexes cannot be told
        return SchemaDrift.unknown(error)


@asynccontextmanager
async def ours(session: Session) -> AsyncIterator[None]:
    """What is changed inside is no drift: rights and policies that this console sets are the schema as it should be.

    What others had changed before stays to be seen. What cannot be compared keeps nobody from the change itself.
    """
    before = None
    with suppress(ConsoleError):
        before = (await schema_drift(session)).difference
    yield
    if before is not None and not before:
        last = (await session.pipeline(_LAST)).rows(_LAST)[0]
        await record_snapshot(session, last.run_id)


async def _compared(asker: Asker, last: LastSnapshot, now: Fingerprint) -> SchemaDrift:
    changes = Difference()
    if last.sha256 != now.sha256:
        request = Request(_OBJECTS, SnapshotObjects, {"id": last.id})
        before = (await asker.pipeline(request)).rows(request)[0]
        changes = difference(Fingerprint(before.objects), now)
    return SchemaDrift(changes, last.taken_at, last.version)
