"""Continuous aggregates and materialized views as the server tells them."""

from datetime import datetime

from console.row import Row


class Continuous(Row):
    """One continuous aggregate of TimescaleDB."""

    schema_name: str
    """The schema of its view."""
    view_name: str
    """The name of its view."""
    realtime: bool
    """Whether a query adds the raw rows behind the watermark."""
    raw_schema: str
    """The schema of what it is made of."""
    raw_name: str
    """The hypertable it is made of, or the one behind the aggregate it is made of."""
    parent: int
    """The server's number of the hypertable that holds its rows."""
    raw_parent: int
    """That of the hypertable that it is made of."""
    watermark: datetime | None
    """Everything before it is materialized; None where nothing ever was, or where it goes by number."""
    watermark_number: int | None
    """The same of one that goes by number."""
    bucket: float | None
    """Seconds of a bucket; None where it is no plain span."""
    policies: int
    """How many refresh it."""
    unbounded: bool
    """Whether one of them reaches back to the beginning."""
    start_offset: float | None
    """Seconds that they reach back at the most."""
    start_number: int | None
    """The same of one that goes by number."""
    end_offset: float | None
    """Seconds before now that they leave alone."""
    every: float | None
    """Seconds between two runs."""
    scheduled: bool
    """Whether one of them runs by itself."""
    next_start: datetime | None
    """When the next one runs."""
    last_success: datetime | None
    """When a run last ended well."""
    pending: int
    """Ranges whose rows have changed since they were materialized."""
    orphans: int | None
    """Those of them that no policy reaches; None where no policy tells."""
    beside: int
    """Bytes of the indexes, the TOAST and the maps of those of its chunks that are not compressed."""

    @property
    def mark(self) -> datetime | int | None:
        """The watermark, whichever it goes by."""
        return self.watermark if self.watermark is not None else self.watermark_number


class Materialized(Row):
    """One materialized view of PostgreSQL."""

    oid: int
    """The server's number of it."""
    schema_name: str
    """Its schema."""
    view_name: str
    """Its name there."""
    populated: bool
    """Whether it has ever been refreshed."""
    concurrently: bool
    """Whether it can be refreshed beside its readers: an index tells its rows apart."""
    bytes: int | None
    """What it takes, indexes, TOAST and maps among it, as of the last ANALYZE; None where it was never analyzed."""


class Refreshed(Row):
    """When this console last refreshed a view."""

    target: str | None
    """Schema and name."""
    at: datetime
    """When."""
