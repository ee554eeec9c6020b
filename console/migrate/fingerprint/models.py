"""The catalogue's and the snapshots' rows."""

from datetime import datetime
from uuid import UUID

from console.row import Row


class Fact(Row):
    """One object of the schemas."""

    identity: str
    """What it is and its full name, such as table public.tasks."""
    definition: str
    """Everything else about it, in one line."""


class FullNames(Row):
    """How names are told from here on."""

    own_path: str
    """The session's search path."""
    path: str
    """The one for this round trip."""
    jit: str
    """Whether queries are compiled in it: off."""
    timescaledb: bool
    """Whether the extension is created here."""


class OwnPath(Row):
    """Where names are looked for again."""

    path_until_now: str
    """The one that held for the whole round trip."""
    path: str
    """The session's search path."""


class Snapshots(Row):
    """Whether the ledger keeps snapshots."""

    kept: bool
    """Whether the table is there."""


class LastSnapshot(Row):
    """The schema as a run of ours had left it."""

    id: int
    """Its number."""
    taken_at: datetime
    """When it was seen so."""
    run_id: UUID
    """That run."""
    version: str | None
    """The migration that was applied last then; None where none was."""
    sha256: str
    """The hash of its objects."""


class SnapshotObjects(Row):
    """What a snapshot holds."""

    objects: dict[str, str]
    """Definitions by identity."""
