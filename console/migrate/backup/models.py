"""What a backup is made of: what its tables hold, what its folder says of it, how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from console.row import Row


class Name(Row):
    """One table, sequence or database."""

    name: str
    """With its schema if it has one, and quoted where it must be."""


class Content(Row):
    """What one table held, a partitioned one or a hypertable as a whole."""

    table: str
    """With its schema, quoted where it must be."""
    rows: int
    """Their exact number."""
    sum: str
    """The sum of a hash of every row, as a decimal number: it is too long for most readers of JSON."""


class Database(Row):
    """The database that is to be backed up."""

    as_of: datetime
    """The server's clock."""
    bytes: int
    """Its size on the server's disk."""
    options: str
    """What CREATE DATABASE needs to be told so that it sorts and compares alike."""
    settings: list[str]
    """The names of what ALTER DATABASE .. SET says of it; the values could be secrets."""
    extensions: dict[str, str]
    """Their versions by name."""
    timescaledb_schema: str | None
    """Where its functions are, quoted where it must be; None without it."""
    may_create_database: bool
    """Whether our role may make a scratch database."""


class Snapshot(Row):
    """A snapshot that other sessions may share as long as its transaction lives."""

    id: str
    """Its name."""
    taken_at: datetime
    """A moment not after it: what had been committed then is in it."""


class Manifest(Row):
    """The file manifest.json: what the dump beside it holds. It names tables and counts rows, and has no values."""

    format: Literal[1] = 1
    """Which keys there are."""
    tool: str
    """The console's version."""
    server: str
    """PostgreSQL's version."""
    pg_dump: str
    """The version of the program that wrote the dump."""
    database: str
    """The database."""
    extensions: dict[str, str]
    """Their versions by name."""
    taken_at: datetime
    """The moment that the dump shows, by the server's clock."""
    consistent_by: Literal["snapshot", "comparison"]
    """One snapshot for counting and dumping; or counted before and after where a server has only one session."""
    file: str
    """The dump's name, beside this file."""
    bytes: int
    """The dump's size."""
    sha256: str
    """The dump's hash."""
    tables: list[Content]
    """What every table held."""


class Trial(Row):
    """A restore into a scratch database, to see that it works."""

    ok: bool
    """Whether every table came back as the manifest says."""
    seconds: float
    """How long it took."""
    wrong: list[str] = Field(default_factory=list)
    """What did not, as sentences without their full stops."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a backup is to be made."""

    role: str | None = None
    """The role to become after connecting; None stays the one that logged in."""
    pg_dump: Path | None = None
    """The program that the configuration names; None looks for one."""
    trial: bool = False
    """Whether to restore it once into a scratch database."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is complete."""

    directory: Path
    """Its own folder."""
    manifest: Manifest
    """What it holds."""
    seconds: float
    """How long it took, the trial restore apart."""
    counting: float
    """How long it took to count every table; whoever compares them again needs about as long."""
    trial: Trial | None = None
    """How the trial restore went; None if nobody asked for one."""
    abandoned: tuple[Path, ...] = ()
    """Folders beside its own that killed backups have left; nothing in them can be relied on."""

    @property
    def proved(self) -> bool:
        """Whether nothing speaks against it: a trial restore, where there was one, has brought everything back."""
        return self.trial is None or self.trial.ok

    def warning(self) -> str:
        """What to do about the folders of killed backups; empty if there is none."""
        if not self.abandoned:
            return ""
        folders = ", ".join(map(str, self.abandoned))
        return f"A backup that was killed has left {folders}: incomplete, but with patients' data in it. Remove it."

    def as_json(self) -> dict[str, Any]:
        """As --json spells it."""
        return {
            "directory": str(self.directory),
            "file": str(self.directory / self.manifest.file),
            "sha256": self.manifest.sha256,
            "bytes": self.manifest.bytes,
            "seconds": self.seconds,
            "tables": [content.model_dump() for content in self.manifest.tables],
            "trial_restore": self.trial.model_dump(include={"ok", "seconds"}) if self.trial else None,
            "abandoned": [str(folder) for folder in self.abandoned],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backup is."""

    phase: Literal["checking", "counting", "dumping", "proving", "restoring"]
    """What is being done."""
    bytes: int = 0
    """Written to the dump so far."""
    tables: int = 0
    """Tables begun so far; partitions and chunks count one by one."""

    def sentence(self) -> str:
        """For a person.

        >>> Progress("dumping", 1_500_000, 12).sentence()
        'Dumping: table 12, 1.5 MB written'
        """
        if self.phase == "dumping" and self.tables:
            return f"Dumping: table {self.tables}, {self.bytes / 1e6:.1f} MB written"
        return _PHASES[self.phase]


_PHASES = {
    "checking": "Looking whether a backup can be made",
    "counting": "Counting every table's rows",
    "dumping": "Dumping and counting in one snapshot",
    "proving": "Reading the dump again",
    "restoring": "Restoring it into a scratch database",
}

Hear = Callable[[Progress], None]
"""Hears how far a backup is; it must not wait."""
