"""What is under way, and how fast it goes between two looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.row import Row


class Running(Row):
    """One row of progress.sql; None where our role may not see it, or the server does not tell."""

    pid: int
    """Who does it."""
    backend_start: datetime | None
    """When that one connected; with the pid its identity."""
    backend_type: str | None
    """client backend, autovacuum worker, walsender, ..."""
    user: str | None
    """The role."""
    application: str | None
    """What it calls itself."""
    database: str | None
    """Where it works."""
    command: str | None
    """VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY, ..."""
    relation: str | None
    """The table; known of this database only."""
    part: str | None
    """The index that is built or followed, or the partition that is sampled."""
    phase: str | None
    """What it does now, in PostgreSQL's words."""
    done: int | None
    """Of this phase."""
    total: int | None
    """Of this phase; None where it cannot be known."""
    unit: str
    """blocks, rows, bytes, indexes, sessions or statistics."""
    waits_for: int | None
    """The pid that an index build waits for."""
    elapsed: float | None
    """Seconds since it began."""
    wait_event_type: str | None
    """Lock, IO, Timeout, ...; None when it does not wait."""
    wait_event: str | None
    """What exactly it waits for."""
    wraparound: bool
    """Whether it is an autovacuum that keeps the server from stopping; when cancelled it comes back at once."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Something under way, and its pace."""

    row: Running
    """What the server tells."""
    rate: float | None = None
    """Units a second since the last look, within one phase; None before there are two."""

    @property
    def key(self) -> tuple[int, datetime | None, str | None]:
        """Its identity."""
        return self.row.pid, self.row.backend_start, self.row.relation

    @property
    def share(self) -> float | None:
        """How much of the phase is done, 0 to 1; None where its total is not known."""
        if self.row.total is None or self.row.done is None:
            return None
        return min(1.0, self.row.done / self.row.total)

    @property
    def remaining(self) -> float | None:
        """Seconds to the end of this phase at its present pace; of the phases after it nobody knows.

        >>> row = Running.model_construct(done=25, total=100)
        >>> Progress(row, rate=5.0).remaining, Progress(row, rate=0.0).remaining, Progress(row).remaining
        (15.0, None, None)
        """
        if not self.rate or self.row.total is None or self.row.done is None:
            return None
        return max(0, self.row.total - self.row.done) / self.rate

    @property
    def hidden(self) -> bool:
        """Whether our role may not see what it does."""
        return self.row.phase is None

    def as_json(self) -> dict[str, object]:
        """The row as `emr-console progress --json` spells it."""
        return self.row.model_dump() | {"rate": self.rate, "remaining": self.remaining}


@dataclass(frozen=True, slots=True)
class Underway:
    """All that reports its progress at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    rows: Sequence[Progress]
    """The oldest first."""
    grant: str | None = None
    """What would show what is hidden from our role; None when nothing is."""


def paced(rows: Sequence[Running], as_of: datetime, before: Underway | None) -> list[Progress]:
    """The same with their pace since the last look; none where the phase is another one by now, or nothing was done.

    >>> from datetime import timedelta
    >>> noon = datetime(2026, 3, 14, 12)
    >>> row = lambda done, phase="scanning heap": Running.model_construct(
    ...     pid=7, backend_start=noon, relation="t", phase=phase, unit="blocks", done=done, total=100)
    >>> before = Underway(noon, [Progress(row(10))])
    >>> later = noon + timedelta(seconds=2)
    >>> [paced([each], later, before)[0].rate for each in (row(30), row(5), row(30, "vacuuming heap"))]
    [10.0, None, None]
    """
    if before is None or as_of <= before.as_of:
        return [Progress(row) for row in rows]
    seconds = (as_of - before.as_of).total_seconds()
    known = {(each.key, each.row.phase, each.row.unit): each.row.done for each in before.rows}
    return [Progress(row, _rate(row, known.get((Progress(row).key, row.phase, row.unit)), seconds)) for row in rows]


def _rate(row: Running, before: int | None, seconds: float) -> float | None:
    if row.done is None or before is None or row.done < before:
        return None
    return (row.done - before) / seconds
