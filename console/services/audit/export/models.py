"""What somebody wants exported, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from console.row import Row

Format = Literal["csv", "jsonl", "fhir", "html"]
"""How the file is written."""


Layout = Literal["events", "disclosures", "review"]
"""What the rows are: events as they stand, events as disclosures, or findings of a review."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One export."""

    query: str
    """What is searched for, in the language of searches."""
    format: Format
    """How it is written."""
    output: Path
    """The file; whether it is masked is put into its name."""
    reason: str
    """Why."""
    masked: bool = True
    """Whether patients stay unnamed in it."""
    title: str = "Audit log"
    """What it is called on the page for print and in the manifest."""
    remark: str = ""
    """What a reader has to know about what is in it; empty if nothing."""
    layout: Layout = "events"
    """What its rows are."""
    of_person: bool = False
    """Whether it is a report about one person, who has to be known."""


class Snapshot(Row):
    """What the export sees: everything that was committed at this moment, and nothing later."""

    id: str
    """pg_current_snapshot(): which transactions are in it."""
    lsn: str
    """The server's place in its log just then."""
    taken_at: datetime
    """The server's clock."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is."""

    rows: int
    """Rows so far."""
    through: datetime
    """Up to which moment everything is in the file."""
    share: float
    """Which part of the span of time that is, 0 to 1."""


Hear = Callable[[Progress], object]
"""Hears of it several times a second."""


@dataclass(frozen=True, slots=True)
class Written:
    """An export that is whole."""

    path: Path
    """The file."""
    manifest: Path
    """What proves it."""
    rows: int
    """Events in it."""
    bytes: int
    """Its size."""
    sha256: str
    """Of the file, hexadecimal."""
    signed: bool
    """Whether the manifest is signed."""
    remark: str
    """What has to be known before one trusts it; empty if nothing."""
