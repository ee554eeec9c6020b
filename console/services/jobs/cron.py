"""pg_cron's jobs: what is asked of them, and how a row becomes a job."""

from collections.abc import Iterable

from console.services.jobs import causes
from console.services.jobs.models import Cause, Job, JobState, Source
from console.services.jobs.server_models import CronRow, Failure
from console.sql.lexer import mask

GOING_ON = frozenset({"starting", "connecting", "sending", "running"})
"""What pg_cron says of a run that has not ended."""

ITS_OWN = frozenset({"connection failed", "connection lost", "job canceled", "job startup timeout", "server restarted"})
"""What pg_cron says by itself; every other message is the server's, or that of a function."""

WITHHELD = "its words may hold data; they stand in cron.job_run_details"
"""Instead of a message that is not pg_cron's own: no code comes with it that would tell what kind it is."""


def job_of(row: CronRow) -> Job:
    """A job with its state; pg_cron tells nobody when it starts one next."""
    failed = row.status == "failed"
    finished = row.last_finish if row.status not in GOING_ON else None
    return Job(
        Source.PG_CRON,
        row.id,
        row.name or f"job {row.id}",
        "cron",
        None,
        state_of(row),
        f"at {row.schedule}",
        last_run=row.last_start,
        last_success=row.last_success,
        last_duration=(finished - row.last_start).total_seconds() if finished and row.last_start else None,
        consecutive_failures=row.consecutive_failures,
        last_error=told(row.message) if failed else None,
        config={"schedule": row.schedule, "database": row.database, "command": mask(row.command)},
        owner=row.owner,
    )


def state_of(row: CronRow) -> JobState:
    """How it stands.

    >>> row = CronRow.model_construct(active=True, launched=True, status="failed", consecutive_failures=2)
    >>> def stands(**changed):
    ...     return state_of(row.model_copy(update=changed)).value
    >>> stands(), stands(consecutive_failures=1), stands(status="running"), stands(active=False)
    ('failing', 'failed_once', 'running', 'paused')
    >>> stands(launched=False), stands(status=None), stands(status="succeeded")
    ('scheduler_dead', 'never_run', 'scheduled')
    """
    if row.status in GOING_ON:
        return JobState.RUNNING
    if not row.active:
        return JobState.PAUSED
    if not row.launched:
        return JobState.SCHEDULER_DEAD
    if row.status == "failed":
        return JobState.FAILING if row.consecutive_failures > 1 else JobState.FAILED_ONCE
    return JobState.SCHEDULED if row.status else JobState.NEVER_RUN


def common(rows: Iterable[CronRow]) -> list[Cause]:
    """What several jobs fail of alike; a connection that failed has no times."""
    failures = [
        Failure(
            job_id=row.id,
            sqlstate=None,
            message=row.message,
            first=row.last_finish,
            last=row.last_finish,
            times=row.consecutive_failures,
        )
        for row in rows
        if row.status == "failed"
    ]
    return [causes.cause(Source.PG_CRON, group, lambda _, said: told(said)) for group in causes.alike(failures)]


def told(message: str | None) -> str:
    """What may be shown of why a run failed.

    >>> told("connection failed"), told('ERROR: duplicate key "Doe"')
    ('connection failed', 'its words may hold data; they stand in cron.job_run_details')
    """
    said = (message or "").strip()
    return said if said in ITS_OWN else WITHHELD
