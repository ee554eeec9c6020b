"""What advice is made from, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from console.row import Row


class Budget(Row):
    """The room for a query of a whole table."""

    lock_slots: int
    """Places in the server's lock table."""
    indexes: int
    """Indexes that each chunk has."""


class Spread(Row):
    """How many different values a column has."""

    column: str
    """Its name."""
    n_distinct: float | None
    """As pg_stats has it: a number of values, or below 0 the part of the rows; None where that is not known."""


class Level(StrEnum):
    """How urgent advice is."""

    DO = "do"
    """It should be followed."""
    CONSIDER = "consider"
    """It is worth a thought."""
    FINE = "fine"
    """It is good as it is."""
    UNKNOWN = "unknown"
    """Something must be known first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one table."""

    table: str
    """As a person writes it."""
    quoted: str
    """As statements spell it."""
    hypertable: bool
    """TimescaleDB's; else partitioned by range."""
    chunks: int
    """Its chunks or partitions."""
    rows: float | None
    """Rows in all of them, about; None before an ANALYZE."""
    width: float | None
    """Seconds of a chunk; None of a table by number."""
    keeps: float | None
    """Seconds for which rows are kept; None where nothing drops them."""
    active_index_bytes: int | None
    """What the indexes of today's chunk take."""
    shared_buffers: int
    """The server's own cache."""
    budget: Budget
    """The room for a query of all of it."""
    compresses: bool
    """Whether chunks may be compressed."""
    segment_by: Sequence[str]
    """The columns by which compressed rows are parted into batches."""
    order_by: Sequence[str]
    """Those by which they are sorted in a batch."""
    rows_per_batch: float | None
    """What a batch really holds, of a thousand; None where nothing is compressed."""
    ratio: float | None
    """How many times smaller compressing has made it."""
    distinct: Mapping[str, float | None]
    """Different values of each column, as pg_stats counts them."""

    @property
    def rows_per_chunk(self) -> float | None:
        """Rows of one chunk, about."""
        return self.rows / self.chunks if self.rows is not None and self.chunks else None


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of it."""

    level: Level
    """How urgent."""
    said: str
    """What was found, and what to do, in a sentence or two."""
    sql: str = ""
    """The statement to copy; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Width:
    """What chunks of another width would come to."""

    seconds: float
    """That width."""
    chunks: int
    """How many there would be at any time."""
    rows: float | None
    """Rows in each, about."""
    index_bytes: float | None
    """What the indexes of today's chunk would take."""
    cache_share: float | None
    """That as a part of the server's cache."""
    lock_share: float
    """The part of the lock table that one query of the whole table takes."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What parting batches by other columns would come to."""

    columns: Sequence[str]
    """Those columns; none: batches are not parted."""
    rows_per_batch: float | None
    """Rows that a batch would hold, about; None where the columns' values are not known."""


@dataclass(frozen=True, slots=True)
class Report:
    """All advice on one table."""

    facts: Facts
    """What it is made from."""
    advice: Sequence[Advice]
    """The most urgent first."""
    widths: Sequence[Width]
    """The what-if of the chunk interval, the present one among them; none for a table by number."""
    segments: Sequence[Segment]
    """The what-if of segmentby; none where nothing is compressed."""
    defects: Sequence[str]
    """What this version of TimescaleDB is known to get wrong."""
