"""What the ledger tells of single statements and of what has happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from console.row import Row


class Entry(Row):
    """One statement of a file that runs outside a transaction, as the journal knows it."""

    statement: int
    """Its number, from 1."""
    statement_sha256: str
    """The hash of its tokens."""
    line: int
    """Its line in the file as it was."""
    state: Literal["intent", "done", "failed"]
    """intent is one that was begun and never heard of again."""
    direction: Literal["up", "down"]
    """Which way."""
    sqlstate: str | None
    """Why it failed."""


def done(entries: Iterable[Entry]) -> int:
    """How many of these statements are done."""
    return sum(entry.state == "done" for entry in entries)


def begun(entries: Iterable[Entry]) -> int | None:
    """The statement that was begun and never heard of again; None where there is none."""
    return next((entry.statement for entry in entries if entry.state == "intent"), None)


class Attempted(Row):
    """A file that ran outside a transaction and stopped half-way."""

    version: str
    """Its number."""
    name: str
    """The rest of its name."""
    state: str
    """How the ledger left it."""
    run_id: UUID
    """The run whose journal tells of it."""
    applied: bool
    """Whether it had been applied; else even its rollback leaves an up that is half done."""
    statements_done: int
    """Statements of its up that are done."""
    direction: Literal["up", "down"]
    """Which way it was going."""
    text: str | None
    """What was running; None where a down has no text."""
    hashes: list[str | None]
    """Its hash beside it, and in the last event that tells it."""


class Happened(Row):
    """One event of the ledger, with the run that it belongs to."""

    id: int
    """Its place in the order of events."""
    at: datetime
    """When, by the server's clock."""
    kind: str
    """What: applied, rolled_back, failed, settled, resolved."""
    version: str | None
    """The migration; None where it concerns the whole ledger."""
    operator: str
    """The person's account."""
    host: str | None
    """The person's machine."""
    run_kind: str | None
    """up, down, adopt, resolve, emergency."""
    target: str | None
    """How far the run was to go."""
    reason: str | None
    """Why, in the person's words."""
    outcome: str | None
    """How the run ended; None while it goes on, or where it died."""
    logged_in_as: str | None
    """The database role that signed in."""
    acted_as: str | None
    """The role that it became."""
    tool_version: str | None
    """The console's version."""
    run_id: UUID | None
    """The run."""
    detail: dict[str, Any]
    """What else is known: hashes, the error, the batch."""

    @property
    def who(self) -> str:
        """The person's account and machine. Some kinds of events name both; the run's machine may be another one's.

        >>> [Happened.model_construct(operator=name, host="ward-7").who for name in ("ana", "ben@ops2")]
        ['ana@ward-7', 'ben@ops2']
        """
        return f"{self.operator}@{self.host}" if self.host and "@" not in self.operator else self.operator
