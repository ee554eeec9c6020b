"""What the server says: the ledger's rows, the lock's holder, who blocks."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

APPLIED = frozenset(
    {"applied", "applied_unverified", "rolling_back", "rollback_failed_clean", "rollback_failed_partial"}
)
"""Ledger states in which the migration's objects are there."""


class Row(BaseModel):
    """One row of a query; a lost or added column is an error at the border."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Presence(Row):
    """Which ledgers a database has."""

    as_of: datetime
    """The server's clock."""
    ledger: bool
    """Ours."""
    knex: bool
    """knex's table of migrations."""
    knex_lock: bool
    """knex's lock table."""


class Meta(Row):
    """What the ledger says of itself."""

    version: int
    """The last bootstrap that ran."""
    flavour: Literal["timescale", "plain"] | None
    """The flavour that was chosen; None before the first run."""


class Recorded(Row):
    """What the ledger says of one migration."""

    version: str
    """Its number as written."""
    name: str
    """The rest of its name."""
    flavour: Literal["any", "timescale", "plain"]
    """Which databases its file was for."""
    state: str
    """How it stands; a newer console may write words that are unknown here."""
    up_sha256: str
    """The hash of the text that ran."""
    up_tokens_sha256: str
    """The same without comments and space."""
    down_sha256: str | None
    """The hash of its way back."""
    down_tokens_sha256: str | None
    """The same without comments and space."""
    verify_sha256: str | None
    """The hash of its checks."""
    apply_order: int | None
    """Its place in the order of applying; None if it never was."""
    batch: int | None
    """The run that applied it, counted."""
    applied_at: datetime | None
    """When its ledger row was written."""
    duration: float | None
    """Seconds it took."""
    applied_by: str
    """The database role that logged in."""
    operator: str
    """The person's account."""
    host: str
    """The person's machine."""
    adopted: bool
    """Whether it was found in place instead of being run."""
    statements_total: int
    """Statements of the up."""
    statements_done: int
    """Of them finished."""
    last_error: dict[str, str | int | None] | None
    """Why the last try failed: sqlstate, message, file, line, statement."""
    run_id: UUID
    """The run that wrote this row."""

    @property
    def label(self) -> str:
        """Version and name, such as 004_add_patients_table."""
        return f"{self.version}_{self.name}"


class Stored(Row):
    """The texts that the ledger keeps of one migration."""

    version: str
    """Its number."""
    down_text: str | None
    """The way back as it was when it was applied."""
    verify_text: str | None
    """The checks as they were."""


class OpenRun(Row):
    """A run without an end."""

    id: UUID
    """Its identity."""
    kind: str
    """up or down."""
    operator: str
    """The person's account."""
    host: str
    """The person's machine."""
    client_pid: int
    """The process there."""
    backend_pid: int
    """Its session on the server."""
    backend_start: datetime | None
    """When that session began."""
    started_at: datetime
    """When the run began."""
    knex_locked: bool
    """Whether it set knex's lock."""


class LockHolder(Row):
    """The session that holds the engine's lock."""

    pid: int
    """Its process."""
    application: str | None
    """Its application_name, where progress is published."""
    role: str | None
    """Its database role."""
    since: datetime | None
    """When the session began."""
    blocked_by: list[int]
    """The processes it waits for."""


class Blocker(Row):
    """A session that keeps a migration waiting for a lock."""

    pid: int
    """Its process; 0 is a prepared transaction."""
    role: str | None
    """Its database role."""
    application: str | None
    """What it calls itself."""
    state: str | None
    """active, idle in transaction."""
    transaction_age: float | None
    """Seconds since its transaction began."""
    query: str | None
    """What it runs or ran last, its literals masked."""


class Identity(Row):
    """Which backend of which database."""

    cluster: int
    """The cluster's system identifier."""
    database: int
    """The database's oid."""
    backend_start: datetime | None
    """When the session began; None where the server does not say."""


class SearchPath(Row):
    """Where objects go and are found."""

    search_path: str
    """The setting's value."""


class TimescaleDB(Row):
    """What a database has of TimescaleDB or could have."""

    installed: str | None
    """The extension's version here."""
    available: str | None
    """The version that CREATE EXTENSION would give."""
    license: str | None
    """timescale or apache; None where the library is not loaded."""
    preloaded: bool
    """Whether the server was started with it."""
    may_create: bool
    """Whether our role may create it."""


class Held(Row):
    """A yes or a no about a lock or a session."""

    held: bool
    """Whether it is so."""


class KnexName(Row):
    """One migration that knex applied."""

    name: str
    """Its file, such as 004_add_patients_table.ts."""
    batch: int
    """knex's run, counted."""
