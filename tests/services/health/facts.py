"""Facts as a server in good order tells them; a test changes what it is about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from console.config.health import Health
from console.db.server import Server
from console.row import Row
from console.services.capabilities import Capabilities, Probe
from console.services.health.check import Around
from console.services.health.record_models import Events, Records, Sight
from console.services.health.schema_models import Audit, Relations
from console.services.health.sealing import End, Sealing
from console.services.health.sealing import Sight as SealsSight
from console.services.health.server_models import Activity, Checkpoints, Peer, Statistics, Wait
from console.services.health.sources import KnownJobs
from console.services.health.storage import Stored
from console.services.health.storage_models import Extension
from console.services.jobs.models import Cause, Job, Jobs, JobState, Source
from console.services.storage.aggregate_models import Continuous
from console.services.storage.aggregates import Aggregate, Aggregates
from console.services.storage.models import Divided, Part, Policy, Sums
from console.services.storage.tables import Measure, Table

R = TypeVar("R", bound=Row)

NIGHT = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)
"""When it is."""

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def row(model: type[R], usual: Mapping[str, Any], changed: Mapping[str, Any]) -> R:
    """A row that is as usual but for what is changed; every column is there."""
    return model.model_validate({**dict.fromkeys(model.model_fields), **usual, **changed})


def server(**changed: Any) -> Server:
    """PostgreSQL 18 without TimescaleDB, as pg_monitor."""
    usual = {
        "version_num": 180006, "version": "18.6", "database": "emr", "session_user": "ana", "user": "ana",
        "superuser": False, "bypasses_rls": False, "in_recovery": False, "read_only": True, "single_session": False,
        "audited": False,
        "predefined_roles": ["pg_monitor", "pg_read_all_stats"],
    }  # fmt: skip
    return row(Server, usual, changed)


def around(earlier: Statistics | None = None, **changed: Any) -> Around:
    """The usual thresholds, on that server."""
    return Around(Health(), server(**changed), earlier)


def peer(pid: int, **changed: Any) -> Peer:
    """A client at work."""
    usual = {
        "pid": pid, "backend_start": NIGHT - DAY, "kind": "client backend", "user": "emr_app", "database": "emr",
        "application": "emr-task-service", "state": "active", "transaction_age": 5.0, "state_age": 5.0,
    }  # fmt: skip
    return row(Peer, usual, changed)


def wait(pid: int, *blockers: int, seconds: float = 5.0) -> Wait:
    """Somebody waits."""
    return Wait(pid=pid, blocked_by=list(blockers), seconds=seconds)


def activity(**changed: Any) -> Activity:
    """A few connections, nobody waits."""
    usual = {"as_of": NIGHT, "complete": True, "connections": 12, "connection_limit": 97, "backends": [], "waits": [],
             "prepared": 0}  # fmt: skip
    return row(Activity, usual, changed)


SETTINGS = {"fsync": "on", "full_page_writes": "on", "autovacuum": "on", "track_counts": "on", "log_statement": "none",
            "log_min_duration_statement": "1s", "max_worker_processes": "32", "max_parallel_workers": "8",
            "timescaledb.max_background_workers": "16", "timescaledb.telemetry_level": "off",
            "autovacuum_freeze_max_age": "200000000", "autovacuum_multixact_freeze_max_age": "400000000"}  # fmt: skip


def statistics(**changed: Any) -> Statistics:
    """Counters of a server that has been up for a while."""
    usual = {
        "as_of": NIGHT, "blks_hit": 9_990_000, "blks_read": 10_000, "deadlocks": 3, "checksum_failures": 0,
        "oldest_database": "emr", "frozen_age": 40_000_000, "multixact_age": 7, "archive_mode": "on",
        "archived_count": 9, "failed_count": 0, "last_archived_time": NIGHT, "settings": SETTINGS, "schedulers": 3,
        "in_recovery": False, "complete": True, "standbys": [], "slots": [],
    }  # fmt: skip
    return row(Statistics, usual, changed)


def setting(**changed: str) -> Statistics:
    """One setting is another; dots in its name are written as two underscores."""
    return statistics(settings=SETTINGS | {name.replace("__", "."): value for name, value in changed.items()})


def checkpoints(timed: int, requested: int) -> Checkpoints:
    """Why there were checkpoints."""
    return Checkpoints(timed=timed, requested=requested, counted_since=None)


def relations(**changed: Any) -> Relations:
    """Nothing to complain of."""
    usual = {
        "dead_tables": 0, "dead": [], "broken": [], "lacking": [], "unused_indexes": 0, "unused_bytes": 0, "unused": [],
        "sequences": [{"name": "public.visits_id_seq", "share": 2.0}], "hidden_sequences": 0,
        "hidden_in": ["public"],
        "divided": "public.audit_logs", "divided_locks": 900, "lock_slots": 6_400, "lock_sharers": 100,
        "history_bytes": 8192,
    }  # fmt: skip
    return row(Relations, usual, changed)


def audit(**changed: Any) -> Audit:
    """Audit rows that can only grow."""
    table = {"table": "audit_logs", "owner": "emr_audit_owner", "owner_signs_in": False}
    whole = {"tables": [table], "relations": 60, "unguarded": [], "writable": [], "foreign": [], "beside": []}
    return row(Audit, whole, changed)


def owned(**changed: Any) -> Audit:
    """The same, with another owner."""
    return audit(tables=[{"table": "audit_logs", "owner": "emr", "owner_signs_in": True, **changed}])


def sealing(*ends: tuple[str, int], told: int = 7, unsealed: Mapping[str, date] = {}, **changed: Any) -> Sealing:
    """Tables whose chain has 7 seals, the last of them so many days before the last closed day."""
    usual = {"as_of": NIGHT, "tables": {"audit_logs": True}, "there": True, "readable": True}
    closed = date(2026, 3, 11)
    found = [
        End(table=table, number=7, day=closed - behind * DAY, seal="a1", told_number=told, told_seal="a1")
        for table, behind in ends
    ]
    return Sealing(row(SealsSight, usual, changed), closed, found, unsealed)


def records(backed_up: timedelta | None = None, *, there: bool = True, readable: bool = True) -> Records:
    """A backup so long ago."""
    sight = Sight(there=there, readable=readable)
    if not readable:
        return Records(sight)
    at = None if backed_up is None else NIGHT - backed_up
    return Records(sight, Events(as_of=NIGHT, backed_up_at=at, snoozes=[]))


def able(**changed: Any) -> Capabilities:
    """TimescaleDB with its full licence."""
    probe = {"restoring": False, "relations": [], "functions": {"start_background_workers": []}, "unreadable": []}
    return Capabilities(
        server(timescaledb="2.23.0", timescaledb_license="timescale"),
        row(Probe, {"schema_": "public", **probe}, changed),
    )


def job(state: JobState = JobState.SCHEDULED, **changed: Any) -> Job:
    """One job of TimescaleDB."""
    usual: dict[str, Any] = {"kind": "compression", "table": "audit_logs", "note": ""}
    return Job(**{"source": Source.TIMESCALEDB, "id": 1001, "name": "Columnstore Policy [1001]", "state": state,
                  **usual, **changed})  # fmt: skip


def jobs(*found: Job, causes: tuple[Cause, ...] = (), **changed: Any) -> KnownJobs:
    """Some jobs, and a scheduler that runs."""
    return KnownJobs(Jobs(NIGHT, found or (job(),), causes, **{"scheduler": True, **changed}), able())


def table(chunks: int = 60, *, kind: str = "hypertable", active: int = 4 * 1024**2, **changed: Any) -> Table:
    """One table with weekly parts, compressed after 90 days and dropped after seven years."""
    divided = row(Divided, {
        "oid": 1, "schema_name": "public", "table_name": "audit_logs", "kind": kind, "column": "created_at",
        "type": "timestamptz", "interval": WEEK.total_seconds(), "spaces": 0, "compression": True,
    }, {})  # fmt: skip
    sums = row(Sums, {
        "parent": 1, "chunks": chunks, "compressed": 40, "unmeasured": 0, "heap_bytes": 10**9, "rows": 40_000_000,
        "bytes_after": 10**8, "bytes_before": 6 * 10**8, "batched_rows": 30_000_000, "batches": 31_000,
        "default_rows": 0,
    }, changed)  # fmt: skip
    timed = kind == "hypertable"
    policies = [policy(90 * DAY, drops=False), policy(2_557 * DAY, drops=True)] if timed else []
    return Table(divided, sums, policies, Measure(0, active, WEEK.total_seconds(), None, NIGHT))


def policy(after: timedelta, *, drops: bool) -> Policy:
    """What TimescaleDB does to chunks of that age."""
    return row(Policy, {
        "parent": 1, "job_id": 1002 if drops else 1001, "drops": drops, "after": after.total_seconds(),
        "before": NIGHT - after, "asked": NIGHT, "by_birth": False, "scheduled": True, "every": 43_200.0,
    }, {})  # fmt: skip


def part(end: datetime, *, compressed: bool = False) -> Part:
    """A week that ends then."""
    return row(Part, {
        "parent": 1, "oid": int(end.timestamp()), "schema_name": "_timescaledb_internal",
        "chunk_name": f"_hyper_1_{end:%m%d}_chunk", "range_start": end - WEEK, "range_end": end, "is_default": False,
        "compressed": compressed,
    }, {})  # fmt: skip


def weeks(first: int, last: int, *, compressed_before: int = -13) -> list[Part]:
    """Weeks by their number from this one, which is 0; older than that they are compressed."""
    return [part(NIGHT + DAY + n * WEEK, compressed=n < compressed_before) for n in range(first, last + 1)]


def stored(parts: list[Part], *tables: Table) -> Stored:
    """One table and its parts."""
    return Stored(NIGHT, tables or (table(),), {1: parts}, 128 * 1024**2)


def aggregate(
    lag: float | None, *, conflict: str = "", refreshed: datetime | None = None, **changed: Any
) -> Aggregates:
    """One continuous aggregate with hourly buckets, refreshed every hour up to an hour ago."""
    continuous = row(Continuous, {
        "schema_name": "public", "view_name": "audit_logs_hourly", "realtime": True, "raw_schema": "public",
        "raw_name": "audit_logs", "parent": 2, "raw_parent": 1, "bucket": 3_600.0, "policies": 1, "unbounded": False,
        "start_offset": 3 * 86_400.0, "end_offset": 3_600.0, "every": 3_600.0, "scheduled": True, "pending": 0,
        "orphans": 0, "beside": 0,
    }, changed)  # fmt: skip
    found = Aggregate("public", "audit_logs_hourly", continuous, lag=lag, conflict=conflict, last_refresh=refreshed)
    return Aggregates(NIGHT, [found])


def extension(installed: str = "2.29.2", **changed: Any) -> Extension:
    """A TimescaleDB."""
    usual = {"installed": installed, "available": installed, "license": "timescale", "restoring": False}
    return row(Extension, usual, changed)
