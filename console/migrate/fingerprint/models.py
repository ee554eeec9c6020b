"""The catalogue's and the snapshots' rows."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class Fact(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """One object of the schemas."""

    identity: str
    """What it is and its full name, such as table public.tasks."""
    definition: str
    """Everything else about it, in one line."""


class FullNames(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """How names are told from here on."""

    own_path: str
    """The session's search path."""
    path: str
    """The one for this round trip."""
    jit: str
    """Whether queries are compiled in it: off."""
    timescaledb: bool
    """Whether the extension is created here."""


class OwnPath(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """Where names are looked for again."""

    path_until_now: str
    """The one that held for the whole round trip."""
    path: str
    """The session's search path."""


class Snapshots(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """Whether the ledger keeps snapshots."""

    kept: bool
    """Whether the table is there."""


class LastSnapshot(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
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


class SnapshotObjects(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """What a snapshot holds."""

    objects: dict[str, str]
    """Definitions by identity."""
