"""What the engine says: where every migration stands, what happens while it runs, how it ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from console.errors import ConsoleError, Exit
from console.iso import to_second
from console.migrate.server_models import Blocker

if TYPE_CHECKING:
    from console.migrate.backup.models import Backup

State = Literal[
    "pending",
    "applying",
    "orphaned",
    "applied",
    "applied_unverified",
    "failed_clean",
    "failed_partial",
    "in_doubt",
    "rolling_back",
    "rollback_failed_clean",
    "rollback_failed_partial",
    "missing_file",
    "out_of_order",
    "unknown",
]
"""How one migration stands."""

Drift = Literal["cosmetic", "up", "down"]
"""How a file differs from what was applied: only in comments and space, in its up, in its down."""


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """One migration, as its file and the ledger together tell."""

    version: str
    """Its number as written."""
    name: str
    """The rest of its name."""
    state: State
    """How it stands."""
    flavour: str
    """Which databases its file is for: any, timescale, plain."""
    drift: Drift | None = None
    """How its file differs from what was applied."""
    batch: int | None = None
    """The run that applied it, counted."""
    applied_at: datetime | None = None
    """When."""
    duration: float | None = None
    """Seconds."""
    adopted: bool = False
    """Whether it was found in place."""
    manual: bool = False
    """Whether it runs only when it is named."""
    operator: str | None = None
    """Who applied it, or tried to, as account@machine."""
    statements: int | None = None
    """Statements of its up."""
    last_error: dict[str, str | int | None] | None = None
    """Why the last try failed."""

    @property
    def label(self) -> str:
        """Version and name, such as 004_add_patients_table."""
        return f"{self.version}_{self.name}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs the engine now."""

    pid: int
    """His session on the server."""
    operator: str
    """His account; the database role where he does not say."""
    host: str | None
    """His machine."""
    since: datetime | None
    """When he began."""
    version: str | None
    """The migration he is at; None between two."""
    statement: int | None
    """Its statement, from 1."""
    statements: int | None
    """Of how many."""
    blocked_by: list[int]
    """The sessions he waits for."""

    def sentence(self) -> str:
        """Who, since when, at what, waiting for whom."""
        where = f", at statement {self.statement} of {self.statements} of {self.version}" if self.version else ""
        since = f" since {to_second(self.since)} UTC" if self.since else ""
        waits = f", waiting for session {', '.join(map(str, self.blocked_by))}" if self.blocked_by else ""
        who = f"{self.operator}@{self.host}" if self.host else self.operator
        return f"{who} (session {self.pid}) runs the migration engine here{since}{where}{waits}."


@dataclass(frozen=True, slots=True)
class Status:
    """Where the schema of one database stands."""

    as_of: datetime
    """When it was read, by the server's clock."""
    flavour: str
    """The server's: timescale, apache, plain."""
    batch: int | None
    """The last run that applied something, counted."""
    lock: Holder | None
    """Who runs the engine now."""
    rows: list[MigrationStatus]
    """Every migration, in order."""
    exit: Exit
    """0, 1 if something needs attention, 10 while somebody runs the engine."""
    note: str | None = None
    """Why it is not known what was applied, as sentences."""
    lock_note: str | None = None
    """Why it is not known who runs the engine, as sentences."""

    @property
    def how_many(self) -> str:
        """How many are applied, in the words of every screen; those that run only when they are named are told apart.

        >>> rows = [MigrationStatus("001", "x", "applied", "any"), MigrationStatus("002", "y", "pending", "any")]
        >>> rows.append(MigrationStatus("003", "z", "pending", "any", manual=True))
        >>> Status(datetime.now(), "plain", 1, None, rows, Exit.OK).how_many
        '1 of 2 applied, 1 manual pending'
        """
        waiting = sum(row.manual and row.state == "pending" for row in self.rows)
        applied = sum(row.state in ("applied", "applied_unverified") for row in self.rows)
        said = f"{applied} of {len(self.rows) - waiting} applied"
        return f"{said}, {waiting} manual pending" if waiting else said


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run stopped."""

    version: str
    """The migration."""
    statement: int | None
    """Its statement, from 1; None where it was not one of the file's."""
    sqlstate: str | None
    """The server's code."""
    message: str
    """What happened."""
    file: str
    """The file."""
    line: int | None
    """The line in it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a verify file."""

    id: str
    """Version and number, such as 004.7."""
    name: str
    """What must hold."""
    ok: bool
    """Whether it does; an unknown counts as no."""
    expected: str | None = None
    """What it should be."""
    found: str | None = None
    """What it is."""
    remedy: str | None = None
    """What to do."""

    def sentence(self) -> str:
        """Its name, and what it expected and found where it says so.

        >>> Check("004.7", "rows of tasks", ok=False, expected="3", found="2").sentence()
        'rows of tasks (expected 3, found 2)'
        """
        return f"{self.name} (expected {self.expected}, found {self.found})" if self.expected else self.name


EventKind = Literal[
    "started",
    "migration",
    "statement",
    "progress",
    "waiting",
    "verified",
    "applied",
    "rolled_back",
    "failed",
    "interrupted",
    "checking",
    "backup",
    "backed_up",
    "note",
]
"""What happens in a run."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a run, told while it happens."""

    event: EventKind
    """What."""
    elapsed: float
    """Seconds since the run began."""
    version: str | None = None
    """The migration."""
    statement: int | None = None
    """Its statement, from 1."""
    statements: int | None = None
    """Of how many."""
    line: int | None = None
    """The line in its file."""
    message: str | None = None
    """A sentence for a person."""
    blockers: list[Blocker] = field(default_factory=list)
    """Who kept a try waiting."""
    versions: list[str] = field(default_factory=list)
    """What the run is going to do, in order."""
    done: int | None = None
    """How much the server has done of a phase of a long statement."""
    total: int | None = None
    """Of how much; None where it does not know."""

    def as_json(self) -> dict[str, Any]:
        """As --json spells it; what does not apply is left out, or null where scripts rely on it."""
        always = {name: getattr(self, name) for name in ("event", "version", "statement", "statements", "elapsed")}
        blockers = [blocker.model_dump() for blocker in self.blockers]
        extra = {"line": self.line, "message": self.message, "blockers": blockers, "versions": self.versions}
        extra |= {"done": self.done, "total": self.total}
        return always | {name: value for name, value in extra.items() if value}


Report = Callable[[Event], None]
"""Hears the events of a run; it must not wait."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    done: list[str] = field(default_factory=list)
    """Versions applied or rolled back, in order."""
    failed: Failure | None = None
    """The one that failed."""
    not_started: list[str] = field(default_factory=list)
    """Versions that were not begun."""
    error: ConsoleError | None = None
    """Why, with state and hint."""
    backup: "Backup | None" = None
    """What was backed up before; None where nobody asked for it."""

    @property
    def exit(self) -> Exit:
        """The exit code."""
        return Exit.OK if self.error is None else self.error.exit


def done_and_stay(done: int, of: str) -> str:
    """How many of a file's statements need not run again, as the beginning of a sentence.

    >>> done_and_stay(1, "2 statements"), done_and_stay(0, "its statements")
    ('1 of 2 statements is done and stays', '0 of its statements are done and stay')
    """
    return f"{done} of {of} {'is done and stays' if done == 1 else 'are done and stay'}"


def what_stays(done: int, total: int, invalid: str = "") -> str:
    """A sentence about a file that stopped between two of its statements; `invalid` are indexes that it has left.

    >>> what_stays(2, 5)
    '2 of 5 statements are done and stay; statement 3 is not.'
    """
    stays = f"{done_and_stay(done, f'{total} statements')}; statement {done + 1} is not." if done < total else ""
    none = "None of its statements is done." if not done else stays or "All its statements are done and stay."
    return f"{none} It has left the invalid index {invalid}, which the next try drops first." if invalid else none
