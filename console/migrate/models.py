"""What the ledger says: its rows, its runs, its owners."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from console.row import Row

APPLIED = frozenset(
    {"applied", "applied_unverified", "rolling_back", "rollback_failed_clean", "rollback_failed_partial"}
)
"""Ledger states in which the migration's objects are there."""


class Stranger(Row):
    """Something of a ledger that is in the hands of a role which the acting one has no reason to trust."""

    why: Literal["owner", "trigger", "more", "right", "path", "shadow"]
    """It belongs to that role; it runs that role's function; it is a table of knex that does more than keep rows; it
    may be written by that role; it is a schema on the search path; it has the name of one of PostgreSQL's own functions
    or operators."""
    object: str
    """Its kind and name, such as table emr_console.run."""
    owner: str
    """The role."""
    rights: list[str]
    """What it may do with it, where that is why, such as INSERT."""


class Shadows(Row):
    """What stands where PostgreSQL's own, or the application's, is looked for."""

    shadows: list[Stranger]
    """Functions, operators and schemas of strangers."""


class Presence(Row):
    """Which ledgers a database has, and in whose hands they are."""

    as_of: datetime
    """The server's clock."""
    makes_in: str | None
    """The schema in which the acting role makes what it names without one; None where its search path has none."""
    ledger: bool
    """Ours."""
    knex: bool
    """knex's table of migrations."""
    knex_lock: bool
    """knex's lock table."""
    timescaledb: str | None
    """The version of TimescaleDB that is created here."""
    strangers: list[Stranger]
    """What of them is in a stranger's hands."""
    shadows: list[Stranger]
    """Functions and operators of strangers that could stand in for PostgreSQL's own."""


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


class Contradiction(Row):
    """A migration of which row and events tell different things."""

    version: str
    """Its number."""
    state: str | None
    """What the row says; None where there is none."""
    kind: str | None
    """The last event; None where there is none."""
    rehashed: bool = False
    """Whether it is the hash of the up that differs."""


class Meta(Row):
    """What the ledger says of itself."""

    version: int
    """The last bootstrap that ran."""
    flavour: Literal["timescale", "plain"] | None
    """The flavour that was chosen; None before the first run."""
    runs: list[OpenRun]
    """Runs without an end: the one that holds the lock now, and those whose process died."""
    contradictions: list[Contradiction]
    """Rows that somebody has changed by hand."""


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
    apply_order: int | None
    """Its place in the order of applying; None if it never was."""
    batch: int | None
    """The run that applied it, counted."""
    applied_at: datetime | None
    """When its ledger row was written."""
    duration: float | None
    """Seconds it took."""
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
    begun: int | None
    """The statement that was begun outside a transaction and never heard of again."""

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
    down_hashes: list[str | None]
    """Its hash beside it, and in the last event that tells it."""
    verify_text: str | None
    """The checks as they were."""
    verify_hashes: list[str | None]
    """The same of these."""


class KnexName(Row):
    """One migration that knex applied."""

    name: str
    """Its file, such as 004_add_patients_table.ts."""
    batch: int
    """knex's run, counted."""
