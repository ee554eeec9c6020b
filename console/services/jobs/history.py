"""The last runs of one job: asked when a person opens it, because it reads more than a refresh may."""

from datetime import datetime

from console.db.database import Database
from console.db.query import Query
from console.services.capabilities import Ability, Capabilities, capabilities
from console.services.jobs import cron, timescale
from console.services.jobs.models import Job, Past, Source
from console.services.jobs.server_models import Run

HISTORY = Query(__package__, "history")
ERRORS = Query(__package__, "errors")
CRON_RUNS = Query(__package__, "cron_runs")
MAINTAIN_RUNS = Query(__package__, "maintain_runs")


async def past_runs(db: Database, job: Job) -> list[Past]:
    """The last fifty runs that were written down, the newest first."""
    query, params = _asked(await capabilities(db), job)
    return [_past(job.source, run) for run in await db.fetch(query, Run, **params)]


def kept(able: Capabilities, job: Job) -> str:
    """Which runs are written down at all, where that is not every one; empty where it is."""
    if job.source is not Source.TIMESCALEDB:
        return ""
    if not able.has(Ability.JOB_HISTORY):
        return f"Only failed runs are written down. {able.missing(Ability.JOB_HISTORY)}"
    return "Runs that ended well are written down only where timescaledb.enable_job_execution_logging is on."


def _asked(able: Capabilities, job: Job) -> tuple[Query, dict[str, object]]:
    if job.source is Source.PG_CRON:
        return CRON_RUNS, {"id": job.id}
    if job.source is Source.MAINTAIN:
        return MAINTAIN_RUNS, {"kind": job.name.replace(" ", "."), "target": job.table}
    return (HISTORY if able.has(Ability.JOB_HISTORY) else ERRORS), {"id": job.id}


def _past(source: Source, run: Run) -> Past:
    return Past(run.started, _seconds(run.started, run.finished), _ending(run), _said(source, run), run.pid)


def _seconds(started: datetime | None, finished: datetime | None) -> float | None:
    return (finished - started).total_seconds() if started and finished else None


def _ending(run: Run) -> str:
    if run.succeeded is None:
        return "running" if run.pid is not None else "crashed"
    return "done" if run.succeeded else "failed"


def _said(source: Source, run: Run) -> str:
    """What may be shown of its words; those of a run that ended well are of no interest, except maintain's own."""
    if source is Source.MAINTAIN:
        return run.message or ""
    if run.succeeded is not False:
        return ""
    return cron.told(run.message) if source is Source.PG_CRON else timescale.told(run.sqlstate, run.message)
