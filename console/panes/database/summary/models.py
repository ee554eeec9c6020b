"""What the summary reads beside the health checks."""

from datetime import datetime

from console.row import Row


class Counted(Row):
    """What this database and its server count; all of it begins at zero when it is reset."""

    commits: int
    """Transactions that went well."""
    rollbacks: int
    """Transactions that did not."""
    temp_files: int
    """Files that were written because memory did not suffice."""
    temp_bytes: int
    """Their size."""
    autovacuum_workers: int | None
    """How many are at work; None where our role may not see it."""
    autovacuum_limit: int
    """How many there may be."""
    freeze_limit: int
    """Transactions after which a table is vacuumed whatever else."""
    multixact_limit: int
    """The same in multixacts."""
    wal_bytes: int
    """WAL that was written."""
    wal_since: datetime | None
    """When that began."""
    client_bytes: int
    """What clients had to write out themselves, to get room in memory."""
    client_fsyncs: int
    """How often they even had to wait for the disk."""
    tls: bool | None
    """Whether this connection is encrypted; None where the server does not say."""
    tls_version: str | None
    """Such as TLSv1.3."""
    tls_cipher: str | None
    """Which cipher."""
    local: bool
    """Whether it comes through a socket of the same machine."""


class Survey(Row):
    """What takes a look at every table."""

    bytes: int
    """All tables and indexes as of the last VACUUM or ANALYZE, the catalogue among them."""
    heap_hit: int | None
    """Blocks of tables that were in memory when they were wanted; None without tables."""
    heap_wanted: int | None
    """All that were wanted."""
    index_hit: int | None
    """The same of indexes."""
    index_wanted: int | None
    """Likewise."""
    live_rows: int | None
    """Rows of all tables."""
    dead_rows: int | None
    """Rows that VACUUM has not yet cleaned up."""
    analyzed_at: datetime | None
    """When some table was last analysed."""
    tables: int
    """How many there are."""
    settings: dict[str, str | None]
    """Settings that matter; None where this server has no such one."""
    pending: list[str]
    """Settings that were changed and wait for a restart."""


class Size(Row):
    """What the database really takes."""

    bytes: int
    """On disk."""
