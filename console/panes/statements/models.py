"""Statements as pg_stat_statements counts them, and as a person reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import Field, SecretStr

from console.row import MaskedText, Row


class Key(NamedTuple):
    """What tells one entry of the statistics from all others."""

    queryid: int
    """The statement without its values, as a number."""
    user_id: int
    """The role that ran it."""
    database_id: int
    """The database it ran in."""
    toplevel: bool
    """Whether a client sent it, and not a function."""


class Place(Row):
    """Whether pg_stat_statements can be read, and where it is."""

    available: bool
    """Whether its files are on the server."""
    largest: int | None
    """How many statements it keeps at most; None while the library is not loaded."""
    track: str | None
    """Which statements it counts: none, top, all."""
    preloaded: str | None
    """The libraries that the server loads at start; None where our role may not know."""
    version: str | None
    """The extension's; None where it is not created in this database."""
    schema_name: str | None
    """Where its functions are."""
    usable: bool
    """Whether our role may look into that schema."""
    callable: bool
    """Whether our role may call its functions."""


class Counters(Row):
    """One entry, counted since the last reset."""

    queryid: int
    """The statement without its values, as a number."""
    user_id: int
    """The role that ran it."""
    database_id: int
    """The database it ran in."""
    toplevel: bool
    """Whether a client sent it, and not a function."""
    user: str | None
    """The role's name."""
    database: str | None
    """The database's name; None once it is dropped."""
    calls: int
    """How often it ended."""
    total_time: float
    """Seconds in all."""
    mean_time: float
    """Seconds of one call."""
    stddev_time: float
    """Standard deviation of these, of the whole population."""
    rows: int
    """Rows returned or changed."""
    blocks_hit: int
    """Blocks found in shared memory."""
    blocks_read: int
    """Blocks that were not there."""
    temp_bytes: int
    """Written to temporary files, and read from them."""
    wal_bytes: int
    """WAL that it made."""

    @property
    def key(self) -> Key:
        """Which entry it is."""
        return Key(self.queryid, self.user_id, self.database_id, self.toplevel)


class Totals(Row):
    """What all entries together have cost."""

    as_of: datetime
    """When they were read, by the server's clock."""
    reset: datetime | None
    """When all counters were last set to zero."""
    thrown_away: int
    """How often the least used entries were thrown away since then, because there was no room."""
    entries: int
    """Entries there are."""
    total_time: float
    """Seconds of all of them."""
    hidden: int
    """Entries of which our role may not know the statement."""
    hidden_time: float
    """Seconds of those."""
    fingerprint: int | None = Field(default=None, exclude=True)
    """The ids below in their order, as a number."""
    queryids: list[int] | None = Field(default=None, exclude=True)
    """The ids of all entries that are not hidden; None where they were not asked for, or are as they were."""
    microseconds: list[int] | None = Field(default=None, exclude=True)
    """The time of each of these."""
    counters: list[Counters] | None = Field(default=None, exclude=True)
    """The dearest of these, and those that were watched."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The statistics at one moment."""

    totals: Totals
    """Of all entries."""
    counters: Sequence[Counters]
    """The entries that were asked for."""


class Text(Row):
    """What a statement says."""

    queryid: int
    """Which."""
    query_text: MaskedText
    """Perhaps cut."""


class Whole(Row):
    """Everything about one entry."""

    counters: dict[str, Any]
    """Every counter of this server's version, by its column's name."""
    block_size: int
    """Bytes of a block."""
    query_text: SecretStr
    """The statement as the server keeps it: with values, where it is none of the kinds whose values are taken out."""


class Running(Row):
    """A statement that has been running for a while."""

    pid: int
    """Who runs it."""
    backend_start: datetime | None
    """When that session connected; with the pid its identity."""
    user: str | None
    """The role."""
    database: str | None
    """The database."""
    application: str | None
    """What the client calls itself."""
    wait_event_type: str | None
    """Lock, IO, ...; None when it does not wait."""
    wait_event: str | None
    """What exactly it waits for."""
    age: float
    """Seconds since it began."""
    query: MaskedText | None
    """The statement, perhaps cut."""

    @property
    def key(self) -> tuple[int, datetime | None]:
        """Its session's identity: a pid alone is used again."""
        return self.pid, self.backend_start

    def as_json(self) -> dict[str, object]:
        """The row for scripts."""
        return self.model_dump()


@dataclass(frozen=True, slots=True)
class Statement:
    """What one statement has cost, since the last reset or in an interval."""

    key: Key
    """Which entry it is."""
    user: str | None
    """The role that ran it."""
    database: str | None
    """The database it ran in."""
    calls: int
    """How often it ended."""
    total_time: float
    """Seconds in all."""
    stddev_time: float
    """Standard deviation of the seconds of one call."""
    rows: int
    """Rows returned or changed."""
    blocks_hit: int
    """Blocks found in shared memory."""
    blocks_read: int
    """Blocks that were not there."""
    temp_bytes: int
    """Written to temporary files, and read from them."""
    wal_bytes: int
    """WAL that it made."""
    share: float | None = None
    """Of the time of all statements, from 0 to 1."""
    seconds: float | None = None
    """The interval in which all this was counted; None: since the last reset."""
    query: str | None = None
    """The statement without any literal; None where it cannot be read."""

    @property
    def mean_time(self) -> float | None:
        """Seconds of one call."""
        return self.total_time / self.calls if self.calls else None

    @property
    def hit_ratio(self) -> float | None:
        """Blocks found in shared memory, of all that it needed, from 0 to 1; None if it needed none."""
        blocks = self.blocks_hit + self.blocks_read
        return self.blocks_hit / blocks if blocks else None

    def per_second(self, counted: float) -> float:
        """What was counted in an interval, a second of it; what was counted since the reset as it is."""
        return counted / self.seconds if self.seconds else counted

    def as_json(self) -> dict[str, object]:
        """The row as --json spells it; ids are text, because 64 bits are more than many readers of JSON keep."""
        return {
            "queryid": str(self.key.queryid),
            "toplevel": self.key.toplevel,
            "user": self.user,
            "database": self.database,
            "calls": self.calls,
            "total_time": self.total_time,
            "mean_time": self.mean_time,
            "stddev_time": self.stddev_time,
            "rows": self.rows,
            "hit_ratio": self.hit_ratio,
            "temp_bytes": self.temp_bytes,
            "wal_bytes": self.wal_bytes,
            "share": self.share,
            "query": self.query,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is slow, at one moment."""

    as_of: datetime
    """When it was, by the server's clock."""
    running: Sequence[Running]
    """What has been running for a while, the longest first."""
    running_denied: str = ""
    """Why that may not be read; empty where it may."""
    statements: Sequence[Statement] = ()
    """What statements have cost, the dearest first."""
    totals: Totals | None = None
    """What they are parts of; None where the statistics cannot be read."""
    place: Place | None = None
    """Where these are; None before it is known."""
    now: bool = False
    """Whether an interval was asked for, and not all since the last reset."""
    seconds: float | None = None
    """How long that interval was; None where there is none yet."""
    by: str = "total"
    """By what the dearest were chosen."""
    filling: bool = False
    """Whether entries were thrown away since the sample before."""
    unavailable: str = ""
    """Why the statistics cannot be read, and what helps; empty when they can."""
    grant: str | None = None
    """What would show our role the statements that are hidden from it; None when none is."""
