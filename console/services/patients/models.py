"""What a patient consists of, what is wrong with a file, and what became of it."""

from dataclasses import dataclass, field
from typing import Literal

from console.row import Row

KEPT = 1_000
"""So many findings are told one by one; the rest is counted."""


class Column(Row):
    """One column of patients that a file can fill."""

    name: str
    """Its name."""
    kind: Literal["text", "word", "date", "json"]
    """What it takes; a word is one of a few."""
    longest: int | None
    """Characters at most; None without a limit."""
    required: bool
    """Whether every patient has it."""
    words: list[str]
    """The words, if it takes words."""
    default: str | None
    """SQL of what it is where the file says nothing."""


class Finding(Row):
    """Something that is wrong in one line; never with the value, which may be a patient's."""

    line: int
    """The line of the file that its record begins at, from 1."""
    field: str | None
    """The column; None for the whole record."""
    rule: str
    """What is wrong, as the end of a sentence."""


class Twins(Row):
    """Records that repeat an identifier of the file."""

    lines: int
    """Records taken away."""
    total: int
    """Findings about them."""
    findings: list[Finding]
    """The first of them."""


class Comparison(Row):
    """The records of a file beside the patients who are there."""

    new: int
    """Records of patients who are not."""
    same: int
    """Records of patients who are, with the same values."""
    conflicting: int
    """Records that contradict a patient who is there."""
    total: int
    """Findings about them."""
    findings: list[Finding]
    """The first of them."""


@dataclass(slots=True)
class Report:
    """What became of a file."""

    read: int = 0
    """Records in it."""
    valid: int = 0
    """Of them those that keep every rule."""
    new: int = 0
    """Of the valid ones those of patients who are not there."""
    same: int = 0
    """Of the valid ones those of patients who are there like this."""
    conflicting: int = 0
    """Of the valid ones those that contradict a patient who is there."""
    inserted: int = 0
    """Patients written."""
    sha256: str | None = None
    """The hash of the file; None if it was not read to its end."""
    total: int = 0
    """Findings in all."""
    findings: list[Finding] = field(default_factory=list)
    """The first of them, at most KEPT."""

    @property
    def invalid(self) -> int:
        """Records that break a rule."""
        return self.read - self.valid

    def tell(self, findings: list[Finding], total: int | None = None) -> None:
        """Add findings, of which there may be more than are named here."""
        self.findings += findings[: KEPT - len(self.findings)]
        self.total += len(findings) if total is None else total

    def counts(self) -> dict[str, int]:
        """The numbers."""
        return {
            "read": self.read,
            "valid": self.valid,
            "invalid": self.invalid,
            "new": self.new,
            "same": self.same,
            "conflicting": self.conflicting,
            "inserted": self.inserted,
        }
