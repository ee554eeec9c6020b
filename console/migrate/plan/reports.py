"""A plan: every statement of every migration of a run, and what a rollback would destroy, counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from console.migrate.lint.models import Finding
from console.migrate.plan.stall import wanted
from console.units import age

LATELY = 86_400
"""Seconds within which a backup is one to rely on."""

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

    @property
    def what(self) -> str:
        """What it is and what it is about, no word twice."""
        return what(self.kind, self.objects)


def what(kind: str, objects: Sequence[str]) -> str:
    """What a statement is and what it is about, no word twice.

    >>> what("DROP MATERIALIZED VIEW", ["materialized view emr_x"]), what("DROP FUNCTION", ["function f(int)"])
    ('DROP MATERIALIZED VIEW emr_x', 'DROP FUNCTION f(int)')
    >>> what("ALTER TABLE", ["column patient_uuid", "table tasks"]), what("ALTER VIEW RENAME", ["view v"])
    ('ALTER TABLE column patient_uuid, tasks', 'ALTER VIEW RENAME v')
    >>> what("ALTER TABLE ADD PRIMARY KEY", ["constraint tasks_pkey of tasks", "table tasks"])
    'ALTER TABLE ADD PRIMARY KEY constraint tasks_pkey of tasks'
    """
    words = kind.lower().split(" ")
    runs = [(first, last) for last in range(len(words)) for first in range(last + 1)]
    said = sorted((" ".join(words[first : last + 1]) + " " for first, last in runs), key=len, reverse=True)
    named = [next((thing.removeprefix(each) for each in said if thing.startswith(each)), thing) for thing in objects]
    owners = {thing.partition(" of ")[2] for thing in objects}
    return f"{kind} {', '.join(name for name in named if name not in owners)}".rstrip()


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
class LastBackup:
    """The newest proved backup that was made from here; others are not seen."""

    at: datetime | None = None
    """When it was complete, by the server's clock; None if there is none, or nobody knows."""
    directory: str | None = None
    """Its folder, on the machine where it was made."""
    note: str | None = None
    """Why it is not known, as a sentence."""

    def told(self, as_of: datetime) -> str:
        """For a person, behind the word backup; one that is older is no comfort any more.

        >>> LastBackup(datetime(2026, 1, 2, 3), "/srv/b").told(datetime(2026, 1, 2, 5, 30))
        'of 2 h ago in /srv/b'
        >>> LastBackup(datetime(2026, 1, 2, 3), "/srv/b").told(datetime(2026, 1, 3, 3))
        'none in 24 h'
        """
        if self.note:
            return f"unknown: {self.note}"
        if not self.is_recent(as_of):
            return f"none in {LATELY // 3_600} h"
        return f"of {age((as_of - self.at).total_seconds() if self.at else None)} ago in {self.directory}"

    def is_recent(self, as_of: datetime) -> bool:
        """Whether it was made lately."""
        return self.at is not None and (as_of - self.at).total_seconds() < LATELY


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on something that a rollback would destroy."""

    table: str
    """Schema and name."""
    hold: str
    """What the hold is called."""
    by: str
    """Who placed it."""

    def sentence(self) -> str:
        """Without a full stop.

        >>> Hold("public.audit_logs", "case 17", "ana").sentence()
        'public.audit_logs is under legal hold: "case 17" of ana'
        """
        return f'{self.table} is under legal hold: "{self.hold}" of {self.by}'


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
    backup: LastBackup | None = None
    """The newest backup, where something is rolled back."""
    holds: list[Hold] = field(default_factory=list)
    """What stands in the way, backup or not."""

    @property
    def held(self) -> float:
        """Seconds, estimated, of the longest lock that keeps writers out."""
        return max((row.held for row in self.rows), default=0.0)

    @property
    def too_young(self) -> list[str]:
        """What has audit rows that would go and have to be kept longer: it takes a proved backup, made first."""
        return [loss.object for row in self.rows for loss in row.loss if loss.retention_conflict]

    @property
    def accept_stall(self) -> int | None:
        """Seconds of waiting writers that have to be agreed to before this runs; None where nobody has to be asked."""
        return wanted(self.held)
