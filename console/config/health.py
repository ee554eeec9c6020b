"""When a check of `emr-console health` warns, and when it calls something critical; so do the console's own warnings.

Each profile may have its own, in its table `health`: `[profiles.staging.health]`, then such as `connections_warn = 70`.
"""

from typing import Annotated

from pydantic import Field

from console.config.strict import Strict

Percent = Annotated[float, Field(ge=0, le=100)]
"""Of a hundred."""

Seconds = Annotated[float, Field(ge=0)]
"""A time span."""

Amount = Annotated[float, Field(ge=0)]
"""A number of things."""

MB = 1024**2


class Health(Strict):
    """The thresholds of one database; from a value on, the level holds."""

    connections_warn: Percent = 80
    """Of the connections that clients can have."""
    connections_crit: Percent = 90
    """Likewise."""
    blocked_warn: Seconds = 10
    """That somebody has waited for a lock."""
    blocked_crit: Seconds = 60
    """Likewise."""
    idle_in_transaction_warn: Seconds = 300
    """That a session has held a transaction open without doing anything."""
    idle_in_transaction_crit: Seconds = 900
    """Likewise."""
    transaction_warn: Seconds = 600
    """That a working transaction is old."""
    transaction_crit: Seconds = 3_600
    """Likewise."""
    prepared_warn: Seconds = 300
    """That a prepared transaction has been left alone."""
    prepared_crit: Seconds = 3_600
    """Likewise."""
    cache_hit_warn: Percent = 99
    """Of the blocks that were found in memory; below it."""
    cache_hit_crit: Percent = 90
    """Likewise."""
    deadlocks_warn: Amount = 5
    """In five minutes; above it."""
    checkpoints_warn: Percent = 50
    """Of the checkpoints that came because WAL had filled up."""
    freeze_warn: Amount = 150_000_000
    """Transactions since the oldest row that is not frozen."""
    freeze_crit: Amount = 500_000_000
    """Likewise; at 2,000,000,000 the server stops taking writes."""
    replication_warn: Seconds = 1
    """That a standby is behind."""
    replication_crit: Seconds = 30
    """Likewise."""
    slot_warn: Amount = 1_024 * MB
    """Bytes of WAL that a slot keeps."""
    slot_crit: Amount = 10_240 * MB
    """Likewise."""
    dead_rows_warn: Percent = 10
    """Of a table's rows that are dead, where that is more than autovacuum waits for."""
    dead_rows_crit: Percent = 40
    """Likewise."""
    sequence_warn: Percent = 75
    """Of the numbers that a sequence has."""
    sequence_crit: Percent = 90
    """Likewise."""
    unused_index: Amount = 10 * MB
    """Bytes from which an index that nobody uses is worth a word."""
    partitions_ahead_warn: Amount = 4
    """Weeks for which there are partitions; below it."""
    partitions_ahead_crit: Amount = 1
    """Likewise."""
    unsealed_warn: Amount = 2
    """Days of the audit log that could be under seal and are not."""
    backup: Seconds = 86_400
    """Within which a backup is expected."""
    job_duration_warn: Seconds = 3_600
    """That a job runs."""
    job_duration_crit: Seconds = 21_600
    """Likewise."""
    backlog_warn: Amount = 1
    """Chunks that should have been compressed."""
    backlog_crit: Amount = 3
    """Likewise."""
    partial_crit: Percent = 10
    """Of the compressed chunks that are partly compressed; above it."""
    rows_per_batch_warn: Amount = 100
    """In the compressed chunks of a table, on average; below it."""
    rows_per_batch_crit: Amount = 20
    """Likewise."""
    compression_ratio_warn: Amount = 3
    """Bytes before by bytes after; below it."""
    pending_ranges_warn: Amount = 20
    """Changes that an aggregate has not taken in."""
    expired_warn: Amount = 1
    """Chunks that retention should have dropped."""
    expired_crit: Amount = 3
    """Likewise."""
    active_index_warn: Percent = 25
    """Of shared_buffers that the indexes of the newest chunks take."""
    active_index_crit: Annotated[float, Field(ge=0)] = 100
    """Likewise."""
    chunks_many: Amount = 200
    """Chunks from which on it matters that they are small."""
    chunk_rows_least: Amount = 100_000
    """Rows below which a chunk is small."""
    lock_budget_warn: Percent = 25
    """Of the server's lock table that one unbounded query takes."""
    lock_budget_crit: Percent = 50
    """Likewise."""
    history_warn: Amount = 100 * MB
    """Bytes of TimescaleDB's own history of jobs."""
    history_crit: Amount = 1_024 * MB
    """Likewise."""
