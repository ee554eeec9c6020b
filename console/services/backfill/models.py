"""What the backfill asks, what a batch tells, and what all of them come to."""

from dataclasses import dataclass
from uuid import UUID

from console.row import Row


class Columns(Row):
    """How far the schema is."""

    linked: bool
    """Whether tasks can name their patient: 004 is applied."""
    legacy: bool
    """Whether tasks still carry the identifier of the EMR: 007 is not applied."""


class Remaining(Row):
    """What is left to do."""

    tasks: int
    """Tasks that name no patient, the deleted ones too."""


class Outlook(Row):
    """What a backfill would do."""

    matched: int
    """Tasks with exactly one patient."""
    deleted: int
    """Of them those whose patient is deleted softly."""
    unmatched: int
    """Tasks without a patient."""
    ambiguous: int
    """Tasks with more than one."""


class Batch(Row):
    """What one transaction did."""

    walked: int
    """Tasks looked at, filled ones too."""
    last: UUID | None
    """The last of them; None at the end of the table."""
    matched: int
    """Tasks filled."""
    deleted: int
    """Of them those whose patient is deleted softly."""
    moved: int
    """Of them those whose clock a trigger moved."""
    unmatched: list[UUID]
    """Tasks without a patient."""
    ambiguous: list[UUID]
    """Tasks with more than one patient."""
    locked: list[UUID]
    """Tasks that somebody else was writing; they were left alone."""


class Lag(Row):
    """How far the slowest standby is behind."""

    standby: str | None
    """What it calls itself; None where nobody follows."""
    seconds: float
    """Between a change here and there."""
    hidden: bool
    """Whether standbys follow whose lag our role may not see."""


@dataclass(slots=True)
class Counts:
    """What has been done so far."""

    matched: int = 0
    """Tasks filled and committed."""
    deleted: int = 0
    """Of them those whose patient is deleted softly."""
    unmatched: int = 0
    """Tasks without a patient."""
    ambiguous: int = 0
    """Tasks with more than one patient; none of them is chosen."""
    locked: int = 0
    """Tasks that others were writing whenever we came by."""
    walked: int = 0
    """Tasks looked at."""
    batches: int = 0
    """Transactions."""
    last_id: UUID | None = None
    """The last task looked at along the primary key."""
    remaining: int | None = None
    """Tasks that name no patient at the end; None before."""

    def add(self, batch: Batch) -> None:
        """Count one batch that is committed."""
        self.matched += batch.matched
        self.deleted += batch.deleted
        self.unmatched += len(batch.unmatched)
        self.ambiguous += len(batch.ambiguous)
        self.walked += batch.walked
        self.batches += 1

    def as_json(self) -> dict[str, str | int | None]:
        """As scripts and the audit log read it."""
        return {
            "matched": self.matched,
            "deleted": self.deleted,
            "unmatched": self.unmatched,
            "ambiguous": self.ambiguous,
            "locked": self.locked,
            "remaining": self.remaining,
            "batches": self.batches,
            "last_id": str(self.last_id) if self.last_id else None,
        }
