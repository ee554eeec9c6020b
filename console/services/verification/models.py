"""What the guide's questions are answered with."""

from datetime import datetime

from console.row import Row


class Held(Row):
    """One thing that must hold."""

    id: str
    """The guide's number of the question, and ours."""
    name: str
    """What must hold."""
    ok: bool | None
    """Whether it does; None where the server does not say."""
    expected: str | None
    """What it should be."""
    found: str | None
    """What it is."""
    remedy: str | None
    """What to do."""


class Written(Row):
    """The audit row that was written for a trial."""

    has_id: bool
    """Whether it was given an id."""
    created_at: datetime | None
    """When it was written, by its own column."""
    late: float | None
    """Seconds by which that is off."""


class Recent(Row):
    """What the report of recent audit rows tells."""

    told: int
    """Rows that it tells of."""
    there: int
    """Rows that there are."""


class RetentionStatus(Row):
    """What check_audit_retention_status() tells."""

    oldest_chunk: datetime | None
    """Where the oldest chunk or partition begins."""
    newest_chunk: datetime | None
    """Where the newest one ends."""
    total_chunks: int
    """How many there are."""
    compressed_chunks: int
    """How many of them are compressed."""
    total_rows: int
    """About how many rows they hold."""
    estimated_size: str
    """What they take."""
