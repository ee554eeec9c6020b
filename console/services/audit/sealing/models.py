"""Seals of the audit log: a day's, what its rows are now, and what a verification finds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from console.row import Row

State = Literal["late", "changed", "removed", "unsealed", "retired early", "chain", "signature"]
"""What is wrong: rows were written after the seal, while the sealed ones are proved unchanged; sealed rows are not what
they were; some of them are gone; rows from before all seals; a seal retired before its time; a seal itself; its
signature."""

UNPROVED: tuple[State, ...] = ("late", "unsealed")
"""Rows that no seal is over, beside sealed ones that are what they were; a person judges them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    table: str
    """The table at work."""
    done: int
    """Days of it that are hashed."""
    days: int
    """All that are to be."""


Hear = Callable[[Progress], object]
"""Hears of it after every few days."""


class Seal(Row):
    """One day of one table as it was sealed."""

    table_name: str
    """audit_logs or audit_log_details, in schema public."""
    number: int
    """Its place in the table's chain, from 1 on."""
    day: date
    """UTC."""
    rows: int
    """Rows of that day."""
    content: str
    """SHA-256 over them, in hex."""
    previous: str | None
    """The seal before it; None at the first."""
    seal: str
    """SHA-256 over all that stands above, and format, sealed_at and sealed_by; in hex."""
    format: int
    """How rows are hashed."""
    sealed_at: datetime
    """When that was."""
    sealed_by: str
    """The operator."""
    sealed_as: str
    """The role that was logged in, by the server's word."""
    retired_at: datetime | None = None
    """When retention was seen to have dropped the day; None while its rows should be there."""
    retired_by: str | None = None
    """The operator who saw it."""
    public_key: str | None = None
    """The key that has signed it, hexadecimal; None where it is not signed."""
    signature: str | None = None
    """Ed25519 over it, hexadecimal."""


class Day(Row):
    """What one day holds now."""

    day: datetime
    """Its beginning, UTC."""
    rows: int
    """Rows."""
    content: str
    """SHA-256 over them, in hex."""
    marks: bytes
    """The first eight bytes of each row's hash, in their order; empty where they are not asked for."""
    as_of: datetime
    """When that was."""


class Later(Row):
    """A row that was not there when its day was sealed, or not like this."""

    id: UUID
    """Its id."""
    created_at: datetime
    """When it happened, by its own word."""


class Finding(Row):
    """One thing that a verification has found."""

    table: str
    """In which table."""
    day: date | None
    """On which day; None where it is about the chain as a whole."""
    state: State
    """What it is."""
    sentence: str
    """The same for a person."""
    rows_sealed: int | None = None
    """Rows of the day when it was sealed."""
    rows_now: int | None = None
    """Rows of the day now."""
    later: tuple[Later, ...] = ()
    """Rows of the day that were not there when it was sealed, or not like this; the first of them."""


class Chain(Row):
    """One table's seals, verified."""

    table: str
    """The table."""
    seals: int
    """So many."""
    first: date | None
    """The first sealed day."""
    last: date | None
    """The last one."""
    rows: int
    """Rows under seal, without those of retired days."""
    retired: int
    """Days that retention has dropped."""
    head: str | None
    """The last seal, which proves all before it."""
    signed: int
    """Signatures; one proves every seal up to its own."""
    signed_through: date | None
    """The last day with a signature; None without any."""
    keys: list[str]
    """Public keys that have signed, hexadecimal."""


class Sealed(Row):
    """What a run has done to one table."""

    table: str
    """The table."""
    days: int
    """Days that it has sealed."""
    rows: int
    """Their rows."""
    retired: int
    """Seals that it has retired."""
    number: int
    """The last seal's number; 0 where there is none."""
    last: date | None = None
    """Its day."""
    head: str | None = None
    """The seal itself."""
    public_key: str | None = None
    """The key that has signed it; None without one."""


class Here(Row):
    """What this database has for seals."""

    now: datetime
    """The server's clock."""
    ledger: bool
    """Whether there is a place for seals."""
    signatures: bool
    """Whether there is one for their signatures; an older console made none."""
    audit_logs: list[str]
    """Columns of audit_logs; empty without the table."""
    audit_log_details: list[str]
    """Columns of audit_log_details."""


class Oldest(Row):
    """A first row."""

    at: datetime | None
    """When it happened; None where there is none."""


class OldestDay(Row):
    """A first day."""

    day: date | None
    """The day; None where there is none."""


class Head(Row):
    """The end of a chain, by the word of an event."""

    number: int
    """Its number."""
    seal: str
    """The seal."""
    public_key: str | None = None
    """The key that has signed it; None where none has."""


class Heads(Row):
    """The ends of the chains, by the word of the last event."""

    heads: dict[str, Head]
    """By table."""


class Proof(Row):
    """One verification of all seals, by the word of an event."""

    at: datetime
    """When."""
    operator: str
    """By whom."""
    outcome: str
    """What came of it, as `Verified.outcome` says it."""


class Signature(Row):
    """The signature of one seal."""

    number: int
    """The seal's place in the table's chain."""
    public_key: str
    """The key that has signed, hexadecimal."""
    signature: str
    """The signature, hexadecimal."""
