"""A plan: every statement of every migration of a run, and what a rollback would destroy, counted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from console.migrate.lint.models import Finding

Inverse = Literal["exact", "partial", "irreversible"]
"""Whether a migration can be taken back whole, in part, or not."""


@dataclass(frozen=True, slots=True)
class TableLock:
    """A lock on a table that is there already."""

    table: str
    """The table, as the statement names it."""
    mode: str
    """PostgreSQL's name of the mode."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One statement."""

    number: int
    """Its number in the file, from 1."""
    line: int
    """Its line in the file."""
    kind: str
    """What it is, in PostgreSQL's words."""
    objects: list[str]
    """What it makes, drops or alters: kind and name."""
    locks: list[TableLock]
    """What it locks of the tables that are there, to the end of the transaction."""
    rewrite: bool | None
    """Whether it writes or copies the rows of a table; None where that cannot be told."""
    why: str
    """Why it reads or writes rows; empty where it does not."""
    held: float | None
    """Seconds, estimated, that its locks will be held; None where they cannot be told or there are none."""
    opaque: str | None
    """Why more may happen than is told here."""
    sql: str
    """Its text, as it will be sent."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a rollback takes away and nothing brings back."""

    object: str
    """Its name, a column's with its table."""
    kind: str
    """table, column, values, view, materialized view, rows, policy, row security, unknown."""
    rows: int | None = None
    """Its rows, of a column its non-null values; None where they are not known or there are none to count."""
    bytes: int | None = None
    """What it takes on disk, with its indexes; None of what has no size of its own."""
    newest: datetime | None = None
    """When its newest row was made, where the table says so."""
    born_since_applied: int | None = None
    """Rows that came after the migration was applied and are in no backup from before it."""
    phi: bool = False
    """Whether it holds patients' data."""
    exact: bool = True
    """Whether rows is the number; else there are at least as many."""
    retention_conflict: bool = False
    """Whether rows would go that have to be kept longer."""
    opens_access: bool = False
    """Whether rows that stay can be read by more people afterwards."""
    note: str | None = None
    """What else there is to know, as a sentence."""


@dataclass(frozen=True, slots=True)
class PlannedMigration:
    """One migration of a plan."""

    version: str
    """Its number."""
    name: str
    """The rest of its name."""
    file: str
    """The file that runs."""
    transaction: bool
    """Whether it runs in one transaction."""
    inverse: Inverse
    """Whether it can be taken back."""
    stays: str | None
    """What a partial inverse leaves, or why there is none."""
    statements: list[Planned]
    """What runs."""
    lint: list[Finding] = field(default_factory=list)
    """What the rules say of the file."""
    loss: list[Loss] = field(default_factory=list)
    """What would be destroyed; none for an up."""
    rehearsed: float | None = None
    """Seconds that it took on a scratch database; None where it was not rehearsed."""
    not_rehearsed: str | None = None
    """Why it was not, as a sentence."""
    statement_timeout: int = 0
    """Milliseconds that one statement may take, 0 without end."""
    stall_budget: int = 0
    """Milliseconds of waiting for locks in all tries together."""

    @property
    def label(self) -> str:
        """Version and name."""
        return f"{self.version}_{self.name}"

    @property
    def held(self) -> float:
        """Seconds, estimated, that its longest lock is held which keeps writers out."""
        return max((each.held or 0.0 for each in self.statements), default=0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    as_of: datetime
    """When it was made, by the server's clock."""
    flavour: str
    """The server's: timescale, apache, plain."""
    server: str
    """Its version."""
    database: str
    """Its name."""
    direction: Literal["up", "down"]
    """Which way."""
    target: str
    """How far: a version, last, batch, all."""
    sha256: str
    """What up and down --plan compare: target, files, the schema as it is, the server's version."""
    rows: list[PlannedMigration]
    """The migrations, in the order of running."""

    @property
    def held(self) -> float:
        """Seconds, estimated, of the longest lock that keeps writers out."""
        return max((row.held for row in self.rows), default=0.0)
