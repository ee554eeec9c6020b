"""TimescaleDB's jobs: what is asked of them, and how a row becomes a job."""

from collections.abc import Iterable

from console.db.identifiers import quote
from console.db.sqlstate import recorded
from console.services.jobs import causes, state
from console.services.jobs.models import Cause, Job, Source
from console.services.jobs.server_models import Clock, Failure, JobRow

KINDS = {
    "policy_compression": "compression",
    "policy_retention": "retention",
    "policy_refresh_continuous_aggregate": "refresh",
    "policy_reorder": "reorder",
    "policy_compaction": "compaction",
}
"""What a policy does, by its procedure; the columnstore's policies keep the names of the older ones."""

OWN_SCHEMAS = frozenset({"_timescaledb_functions", "_timescaledb_internal"})
"""Where TimescaleDB keeps the procedures of its own jobs; the second one before 2.12."""

CRASHED = "It crashed: the server process ended before the job did; the server's log says why."
"""What is said of a run that left no error."""

Adrift = frozenset[tuple[int, object]]
"""Jobs that were down as running without a process, by number and the start of that run."""


def jobs(rows: Iterable[JobRow], clock: Clock, failures: Iterable[Failure], lost: Adrift, user: str) -> list[Job]:
    """All jobs, each with its state and its last error; `lost` is what an earlier reading found adrift."""
    said = causes.latest(failures)
    return [job_of(row, clock, said.get(row.id), lost, user) for row in rows]


def common(rows: Iterable[JobRow], failures: Iterable[Failure]) -> list[Cause]:
    """What several jobs fail of alike; one that has recovered counts no longer."""
    failing = {row.id for row in rows if state.in_a_row(row)}
    still = [failure for failure in failures if failure.job_id in failing]
    return [causes.cause(Source.TIMESCALEDB, group, told) for group in causes.alike(still)]


def job_of(row: JobRow, clock: Clock, failure: Failure | None, lost: Adrift, user: str) -> Job:
    """One job with its state and its last error."""
    standing = state.state_of(row, clock, seen_adrift=(row.id, row.last_start) in lost)
    failed = state.in_a_row(row)
    return Job(
        Source.TIMESCALEDB,
        row.id,
        row.name,
        kind_of(row),
        table_of(row),
        standing,
        state.note_of(row, standing, clock),
        interval=row.interval,
        last_run=row.last_start,
        last_success=row.last_success,
        last_duration=state.last_duration(row),
        next_start=state.due(row, clock.as_of),
        consecutive_failures=failed,
        last_error=told(failure.sqlstate, failure.message) if failed and failure else None,
        sqlstate=failure.sqlstate if failed and failure else None,
        config=row.config,
        owner=row.owner,
        procedure=f"{row.proc_schema}.{row.proc_name}",
        pid=row.pid,
        blocked_by=row.blocked_by,
        runs=row.runs,
        failures=row.failures,
        max_runtime=row.max_runtime,
        grant=f"GRANT {quote(row.owner)} TO {quote(user)};"
        if failed and not failure and not row.errors_visible
        else None,
    )


def kind_of(row: JobRow) -> str:
    """What a job does: a policy's own word, `internal` for TimescaleDB's housekeeping, else `user`."""
    if row.proc_schema not in OWN_SCHEMAS:
        return "user"
    return KINDS.get(row.proc_name, "internal")


def table_of(row: JobRow) -> str | None:
    """What it works on; public goes without saying."""
    if row.table_name is None:
        return None
    return row.table_name if row.table_schema == "public" else f"{row.table_schema}.{row.table_name}"


def told(sqlstate: str | None, message: str | None) -> str:
    """What may be shown of an error that was written down."""
    return CRASHED if sqlstate is None or message is None else recorded(sqlstate, message)


def adrift(rows: Iterable[JobRow]) -> Adrift:
    """The jobs that are down as running without a process."""
    return frozenset((row.id, row.last_start) for row in rows if row.adrift and row.pid is None)
