"""What the checks of the server read: its sessions, its counters, its followers."""

from datetime import datetime

from console.row import Row


class Peer(Row):
    """A backend that waits, blocks, or holds a transaction open."""

    pid: int
    """The server process."""
    backend_start: datetime | None
    """When it connected; with the pid its identity."""
    kind: str | None
    """client backend, autovacuum worker, ..."""
    user: str | None
    """The role."""
    database: str | None
    """The database it is connected to."""
    application: str | None
    """What it calls itself."""
    state: str | None
    """active, idle in transaction, ..."""
    transaction_age: float | None
    """Seconds since its transaction began."""
    state_age: float | None
    """Seconds since its state last changed."""


class Wait(Row):
    """A backend that waits for a lock."""

    pid: int
    """Which."""
    blocked_by: list[int]
    """Whom it waits for; 0 is a prepared transaction."""
    seconds: float | None
    """For how long."""


class Activity(Row):
    """Everybody who is connected, as far as health is concerned."""

    as_of: datetime
    """The server's clock."""
    complete: bool
    """Whether our role sees what others do."""
    connections: int
    """Clients, ours among them."""
    connection_limit: int
    """Clients that there may be without reserved connections."""
    backends: list[Peer]
    """The oldest transactions, who waits, and who is waited for."""
    waits: list[Wait]
    """Who waits for a lock."""
    prepared: int
    """Transactions that are prepared and not ended."""
    prepared_age: float | None
    """Seconds since the oldest of them was."""


class Standby(Row):
    """A server that follows this one."""

    standby: str | None
    """What it calls itself."""
    state: str | None
    """streaming, catchup, ...; None where our role may not see it."""
    seconds: float | None
    """How far it is behind; None where nothing was written lately."""


class Slot(Row):
    """Something for which WAL is kept."""

    slot: str
    """Its name."""
    active: bool
    """Whether somebody reads from it."""
    wal_status: str | None
    """reserved, extended, unreserved, lost."""
    bytes: float | None
    """WAL that is kept for it."""


class Statistics(Row):
    """What the server counts."""

    as_of: datetime
    """The server's clock."""
    blks_hit: int
    """Blocks of this database that were in memory when they were wanted."""
    blks_read: int
    """Blocks that were not."""
    deadlocks: int
    """In this database."""
    counted_since: datetime | None
    """When these began; None where they were never set to zero."""
    checksum_failures: int | None
    """Blocks whose checksum was wrong; None without checksums."""
    oldest_database: str
    """The database whose oldest row waits longest for a freeze."""
    frozen_age: int
    """Transactions since that row."""
    multixact_age: int
    """The same in multixacts, of whichever database."""
    archive_mode: str
    """off, on or always."""
    archived_count: int
    """WAL files that were archived."""
    failed_count: int
    """Attempts that failed."""
    last_archived_time: datetime | None
    """When the last one went well."""
    last_failed_time: datetime | None
    """When the last one failed."""
    settings: dict[str, str | None]
    """Settings that matter, as current_setting tells them; None where there is no such one."""
    schedulers: int
    """TimescaleDB's job schedulers, one for each database that has it; 0 also where our role does not see them."""
    in_recovery: bool
    """Whether this is a standby itself."""
    complete: bool
    """Whether our role sees how far others are behind."""
    own_lag: float | None
    """Seconds that a standby is behind; None on a primary, and where all that came has been replayed."""
    standbys: list[Standby]
    """Who follows."""
    slots: list[Slot]
    """For whom WAL is kept."""


class Checkpoints(Row):
    """Why checkpoints were made."""

    timed: int
    """Because it was time."""
    requested: int
    """Because WAL had filled up, or somebody wanted one."""
    counted_since: datetime | None
    """When these counters began."""
