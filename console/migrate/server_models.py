"""What the server says of itself and of others: who holds the lock, who blocks, how far a statement is."""

from datetime import datetime

from console.row import Row


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


class Progress(Row):
    """How far the server is with a long command."""

    command: str
    """CREATE INDEX CONCURRENTLY, VACUUM."""
    phase: str
    """What it does now, in the server's words."""
    done: int | None
    """How much of the phase is done."""
    total: int | None
    """How much there is to do; None or 0 where the server does not know."""
    unit: str
    """What is counted."""
    lockers_done: int | None
    """How many older transactions it has waited for."""
    lockers_total: int | None
    """How many there are to wait for."""
    locker: int | None
    """The session that it waits for."""

    def sentence(self) -> str:
        """What it does and how far it is."""
        far = f", {self.done:,} of {self.total:,} {self.unit}" if self.total else ""
        waits = f", {self.lockers_done or 0} of {self.lockers_total} transactions ended" if self.lockers_total else ""
        who = f", now session {self.locker}" if self.locker else ""
        return f"{self.command}: {self.phase}{far}{waits}{who}"


class Index(Row):
    """An index that is there."""

    name: str
    """Quoted where it must be, with its schema where that is not on the search path."""
    valid: bool
    """Whether the server uses it; one that CONCURRENTLY did not finish it does not."""


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


class YesNo(Row):
    """The answer to a question that has only these two."""

    yes: bool
    """Whether it is so."""


class Relation(Row):
    """A table whose rows have to be kept."""

    oid: int
    """Its identity, which no rename changes."""
    name: str
    """Its schema and name, quoted where they must be."""
    dated: bool
    """Whether only young rows have to be kept, of which created_at tells."""


class Unreadable(Row):
    """A table that this role may not read."""

    name: str
    """Its name, quoted where it must be."""
