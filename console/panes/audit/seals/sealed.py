"""The audit log day by day, as its seals see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from console.services.audit.sealing.models import Finding, Proof, Seal
from console.services.events import Kept

State = Literal["broken", "late", "proven", "sealed", "retired", "due", "open"]
"""Something is wrong; rows came after the seal; hashed again and the same; not hashed again in this session; dropped by
retention; could be sealed; not over for long enough."""


@dataclass(frozen=True, slots=True)
class SealedDay:
    """One day, UTC, of both tables."""

    day: date
    """Which."""
    state: State
    """How it stands."""
    seals: Sequence[Seal] = ()
    """Its seals, by table."""
    findings: Sequence[Finding] = ()
    """What is wrong with it."""

    @property
    def rows(self) -> int | None:
        """Rows under its seals; None without any."""
        return sum(seal.rows for seal in self.seals) if self.seals else None

    @property
    def sealed_at(self) -> datetime | None:
        """When it was sealed."""
        return self.seals[0].sealed_at if self.seals else None

    @property
    def signer(self) -> str | None:
        """The beginning of the key that has signed its seals; None where one has no signature."""
        keys = {seal.public_key for seal in self.seals}
        return ", ".join(sorted(key[:8] for key in keys if key)) if self.seals and None not in keys else None

    @property
    def said(self) -> str:
        """What is wrong, in sentences."""
        return " ".join(finding.sentence for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the tab shows."""

    as_of: datetime
    """The server's clock."""
    days: Sequence[SealedDay]
    """The latest first."""
    loose: Sequence[Finding] = ()
    """What is wrong and belongs to no day that is shown."""
    verified: datetime | None = None
    """When all of it was hashed again; None if it was not in this session."""
    proof: Proof | None = None
    """Who has hashed all of it again before; None where nobody has."""
    kept: Kept = field(default_factory=Kept)
    """Where it is written down that it was hashed again in this session."""

    def count(self, *states: State) -> int:
        """Days that stand so."""
        return sum(day.state in states for day in self.days)
