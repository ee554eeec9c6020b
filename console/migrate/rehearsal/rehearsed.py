"""What a rehearsal found out."""

from dataclasses import dataclass
from typing import Literal

from console.migrate.fingerprint.difference import Difference
from console.migrate.kinds.models import Lock


@dataclass(frozen=True, slots=True)
class Traced:
    """One statement as it ran."""

    number: int
    """Its place in the file, from 1."""
    line: int
    """Its line in the file."""
    seconds: float
    """How long it took, on empty tables."""
    locks: tuple[Lock, ...] | None
    """Locks it took on tables that were there before its file, full names; None outside a transaction, where they are
    gone again when one could look."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One step, tried on empty tables."""

    version: str
    """The migration."""
    label: str
    """Version and name."""
    direction: Literal["up", "down"]
    """Which way was meant."""
    effect: Difference
    """What the step itself does, cascades included."""
    seconds: float
    """How long the step took."""
    statements: tuple[Traced, ...]
    """Its statements."""
    stays: Difference | None = None
    """How the schema after up and down differs from the one before; None where there is no way back or it failed."""
    again: Difference | None = None
    """How the schema after up, down and up differs from the one after the first up; None where that was not reached."""
    error: str | None = None
    """Why the step failed; then nothing after it was tried."""
    back_error: str | None = None
    """Why going there again failed, or the way back."""

    @property
    def exact(self) -> bool | None:
        """Whether the way back is an exact inverse; None where that is not known."""
        if self.stays is None or self.again is None:
            return None
        return not self.stays and not self.again
