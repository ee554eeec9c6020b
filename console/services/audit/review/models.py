"""What a review of accesses finds, what somebody decided about it, and what was signed off."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from console.row import Row

Level = Literal["high", "warn", "info"]
"""How soon somebody should look; it says nothing about guilt."""

Disposition = Literal["appropriate", "inappropriate", "needs-information"]
"""What somebody decided; what needs information stays in the queue."""


class Found(Row):
    """What one rule's query finds: one person, or one patient, in one day or hour."""

    user_id: UUID | None
    """Who looked; None where it is about many."""
    patient_id: UUID | None
    """patients.id; None where it is about many."""
    unit: datetime
    """The beginning of the day or hour, UTC."""
    first_at: datetime
    """The first event."""
    last_at: datetime
    """The last one."""
    events: int
    """So many events."""
    measure: int
    """What the rule counts."""


class Decided(Row):
    """The last word on a finding."""

    finding: str
    """Its id."""
    disposition: Disposition
    """What was decided."""
    text: str
    """Why."""
    operator: str
    """By whom."""
    at: datetime
    """When."""


class Finding(Row):
    """Something that somebody should look at, with its evidence."""

    id: str
    """The same whenever the same is found."""
    rule: str
    """The rule's name."""
    level: Level
    """How soon somebody should look."""
    user_id: UUID | None
    """Who."""
    user: str | None
    """His username; None where nobody has this id."""
    patient_id: UUID | None
    """patients.id."""
    patient: str | None
    """His MRN, masked."""
    first_at: datetime
    """The first event of the evidence."""
    last_at: datetime
    """The last one."""
    events: int
    """So many events."""
    evidence: str
    """What was seen, in a sentence without any name."""
    search: str
    """The search that shows the events, for `emr-console audit search`."""
    decided: Decided | None = None
    """The last word on it; None while nobody has decided."""

    @property
    def open(self) -> bool:
        """Whether it is still in the queue."""
        return self.decided is None or self.decided.disposition == "needs-information"


class SignOff(Row):
    """A window that somebody has signed off."""

    since: date
    """Its first day."""
    until: date
    """The day after its last one."""
    operator: str
    """By whom."""
    at: datetime
    """When."""
    findings: int
    """Findings in it, all of them decided."""
    text: str
    """What the person said."""


class User(Row):
    """An account."""

    id: UUID
    """users.id."""
    username: str
    """Its name."""


class Patient(Row):
    """A patient, masked."""

    id: UUID
    """patients.id."""
    mrn: str | None
    """The last four characters of the MRN."""


class Today(Row):
    """The server's clock."""

    now: datetime
    """The time."""
    ledger: bool
    """Whether decisions can be read and kept."""
