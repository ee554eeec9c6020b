"""Tables, their chunks or partitions, aggregates and retention, as the server tells them."""

import re
from datetime import datetime
from typing import Literal

from console.row import Row

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")

Kind = Literal["hypertable", "partitioned"]
"""Of TimescaleDB, or PostgreSQL's own."""

PARTIAL = 8
"""The bit of a chunk's status that says that it holds rows outside its compressed ones."""

UNORDERED = 2
"""The bit that says that its batches overlap, so that more of them are read than a query needs."""

FROZEN = 4
"""The bit that says that nothing may change it."""


def spelled(schema: str, name: str) -> str:
    """A relation as a person writes it: without the schema where that is public, with quotes where they are needed.

    >>> spelled("public", "audit_logs"), spelled("odd schema", 'x"y')
    ('audit_logs', '"odd schema"."x""y"')
    """
    parts = (name,) if schema == "public" else (schema, name)
    return ".".join(part if _PLAIN.fullmatch(part) else '"' + part.replace('"', '""') + '"' for part in parts)


class Divided(Row):
    """A hypertable, or a table that is partitioned by range."""

    oid: int
    """The server's number of it."""
    schema_name: str
    """Its schema."""
    table_name: str
    """Its name there."""
    kind: Kind
    """Whose it is."""
    column: str | None
    """What it is divided by; an expression where that is no column."""
    type: str | None
    """The column's type, such as timestamptz; None for an expression."""
    interval: float | None
    """Seconds of a chunk; None for those by number, and where partitions are made by hand."""
    interval_number: int | None
    """The same of one that is divided by number."""
    spaces: int
    """Dimensions beside the first, by which chunks of one range lie side by side."""
    compression: bool
    """Whether chunks may be compressed."""

    @property
    def label(self) -> str:
        """As a person writes it."""
        return spelled(self.schema_name, self.table_name)


class Sums(Row):
    """What the parts of one table come to; sizes and rows as of the last ANALYZE."""

    parent: int
    """Whose parts."""
    chunks: int
    """How many; DEFAULT does not count."""
    compressed: int
    """How many of them are compressed."""
    unmeasured: int
    """How many have never been analyzed, so that their sizes are not in the sums."""
    heap_bytes: int | None
    """What they take without indexes and TOAST; all of it for compressed ones."""
    rows: int | None
    """Rows in them."""
    bytes_after: int | None
    """What the compressed ones take."""
    bytes_before: int | None
    """What these took before."""
    batched_rows: int | None
    """Rows in compressed chunks."""
    batches: int | None
    """Batches that hold them."""
    default_rows: int | None
    """Rows in the DEFAULT partition; None without one."""

    @property
    def ratio(self) -> float | None:
        """How many times smaller compressing has made it."""
        return self.bytes_before / self.bytes_after if self.bytes_before and self.bytes_after else None

    @property
    def rows_per_batch(self) -> float | None:
        """Rows that one batch holds, on the average; a thousand at most."""
        return self.batched_rows / self.batches if self.batched_rows and self.batches else None


class Policy(Row):
    """What TimescaleDB does by itself to the chunks of one table."""

    parent: int
    """Whose chunks."""
    job_id: int
    """Its job."""
    drops: bool
    """Whether it drops chunks; else it compresses them."""
    after: float | None
    """Seconds after which; None for tables by number."""
    after_number: int | None
    """How far behind the newest number; None for tables by time."""
    written: str | None
    """The limit as somebody wrote it, such as 7 years."""
    before: datetime | None
    """What lay before this moment was due when it was asked."""
    asked: datetime
    """That moment, by the server's clock."""
    by_birth: bool
    """Whether it goes by the time at which a chunk was made, and not by what is in it."""
    scheduled: bool
    """Whether it runs by itself; False: paused."""
    every: float
    """Seconds between two runs."""
    next_start: datetime | None
    """When it runs next; None where that is not known."""
    last_success: datetime | None
    """When a run of it last ended well."""


class Part(Row):
    """One chunk or one partition."""

    parent: int
    """Whose it is."""
    oid: int
    """The server's number of it."""
    schema_name: str
    """Its schema."""
    chunk_name: str
    """Its name there."""
    range_start: datetime | None
    """The first moment in it; None without a bound, and where it is divided by number."""
    range_end: datetime | None
    """The moment after the last."""
    start_number: int | None
    """The first number in it, where it is divided by number."""
    end_number: int | None
    """The number after the last."""
    is_default: bool
    """Whether it takes what fits nowhere else."""
    compressed: bool
    """Whether TimescaleDB keeps it in columns."""
    created: datetime | None
    """When it was made; PostgreSQL does not keep that of partitions."""
    heap_bytes: int | None
    """What it takes without indexes and TOAST, all of it where it is compressed; None where it was never analyzed."""
    rows: int | None
    """Rows in it, as of the last ANALYZE, or when it was compressed."""
    bytes_before: int | None
    """What it took before it was compressed."""
    batches: int | None
    """Batches that hold its rows."""

    @property
    def label(self) -> str:
        """As a person writes it."""
        return spelled(self.schema_name, self.chunk_name)


class Beside(Row):
    """What lies beside the rows of one chunk or partition."""

    parent: int
    """Whose it is."""
    oid: int
    """The server's number of it."""
    bytes: int
    """Its indexes and its TOAST."""
    index_bytes: int
    """Its indexes alone."""
    measured: datetime | None
    """When it was last analyzed or vacuumed; None if never, or if the statistics were lost."""


class Status(Row):
    """What TimescaleDB knows of one compressed chunk beyond that."""

    oid: int
    """The server's number of it."""
    status: int
    """Bits; see PARTIAL and FROZEN."""


class Memory(Row):
    """What the server has for what is read often."""

    shared_buffers: int
    """Bytes of its own cache."""


class There(Row):
    """A table that has not been dropped."""

    oid: int
    """The server's number of it."""
