"""Jobs, as the service of jobs has found them to stand."""

from collections.abc import Sequence
from dataclasses import replace

from console.services.capabilities import Ability, Capabilities
from console.services.health.check import Around, Check, above, crit, ok, unknown, warn, worst
from console.services.health.models import Level, Verdict
from console.services.health.sources import JOBS, KnownJobs
from console.services.jobs.models import Job, JobState, Source
from console.units import age, number_of

KEEPER = "compression"
"""The kind of jobs without which audit rows fill the disk; whether retention may be paused is asked with the holds."""

BAD = {JobState.STUCK: crit, JobState.FAILING: crit, JobState.OVERDUE: warn, JobState.FAILED_ONCE: warn}
"""States that somebody has to look at; a failing job is critical from its third failure on."""

ENOUGH = 3
"""Failures in a row after which a job is critical."""


def scheduler(known: KnownJobs, around: Around) -> Verdict | None:
    """Whether anything starts TimescaleDB's jobs."""
    found = known.jobs
    if found.scheduler is None:
        return None
    waiting = sum(job.source is Source.TIMESCALEDB and job.state is not JobState.PAUSED for job in found.jobs)
    if found.trouble and waiting:
        return crit(found.trouble.partition(". ")[0], waiting, remedy=_start(known.able))
    return ok("the job scheduler runs" if found.scheduler else "no job needs the scheduler")


def _start(able: Capabilities) -> str:
    if able.restoring:
        return "select timescaledb_post_restore();"
    schema = "_timescaledb_functions" if able.has(Ability.START_WORKERS) else "_timescaledb_internal"
    return f"select {schema}.start_background_workers();"


def states(known: KnownJobs, around: Around) -> Verdict | None:
    """How the jobs stand: stuck, failing, overdue, paused where they must not be."""
    found = known.jobs
    if not found.jobs:
        return None
    verdicts = [_judged(job) for job in found.jobs]
    bad = worst(verdicts)
    if bad.level is Level.OK:
        return ok(f"{number_of(len(found.jobs), 'job')} {_well(found.jobs)}", 0)
    alike = sum(verdict.level is bad.level for verdict in verdicts)
    more = f", and {alike - 1} more" if alike > 1 else ""
    return replace(bad, evidence=bad.evidence + more, value=alike, threshold=1)


def _well(jobs: Sequence[Job]) -> str:
    """What there is to say of jobs of which none is bad."""
    if any(job.state is JobState.SCHEDULER_DEAD for job in jobs):
        return "that nothing starts"
    unscheduled = sum(job.state is JobState.RAN for job in jobs)
    them = "them" if unscheduled == len(jobs) else f"{unscheduled} of them"
    return f"well; nobody is known to schedule {them}" if unscheduled else "well"


def _judged(job: Job) -> Verdict:
    said = f"job {job.name}: {job.state.replace('_', ' ')}{f', {job.note}' if job.note else ''}"
    rerun = f"select alter_job({job.id}, next_start => now());" if job.source is Source.TIMESCALEDB else ""
    if job.state is JobState.PAUSED and job.kind == KEEPER:
        return crit(said, remedy=f"select alter_job({job.id}, scheduled => true);")
    if job.state is JobState.HIDDEN:
        return unknown(said, remedy=job.grant or "")
    if job.state is JobState.FAILING and job.consecutive_failures < ENOUGH:
        return warn(said, remedy=rerun)
    judge = BAD.get(job.state)
    return judge(said, remedy=rerun) if judge else ok(said)


def common_cause(known: KnownJobs, around: Around) -> Verdict | None:
    """Whether several jobs fail alike: then it is the server or its binary, and not any one of them."""
    found = known.jobs
    if not found.jobs:
        return None
    if not found.causes:
        return ok("no two jobs fail alike", 0)
    cause = found.causes[0]
    code = f"{cause.sqlstate} " if cause.sqlstate else ""
    remedy = (
        "-- The same from several jobs: look at the versions of server and extension before the jobs themselves.\n"
        "select version(), extversion from pg_extension where extname = 'timescaledb';"
    )
    return crit(f"{len(cause.jobs)} jobs fail alike: {code}{cause.message}", len(cause.jobs), 2, remedy=remedy)


def long_runs(known: KnownJobs, around: Around) -> Verdict | None:
    """Whether a job runs for longer than it should."""
    found = known.jobs
    running = [
        ((found.as_of - job.last_run).total_seconds(), job)
        for job in found.jobs
        if job.state is JobState.RUNNING and job.last_run is not None
    ]
    if not running:
        return ok("no job runs") if found.jobs else None
    seconds, job = max(running, key=lambda pair: pair[0])
    waits = f", {job.note}" if job.blocked_by else ""
    cancel = f"select pg_cancel_backend({job.pid});" if job.pid else ""
    limits = around.limits.job_duration_warn, job.max_runtime or around.limits.job_duration_crit
    return above(seconds, limits, f"job {job.name} runs for {age(seconds)}{waits}", cancel)


def blocked_jobs(known: KnownJobs, around: Around) -> Verdict | None:
    """Whether somebody keeps a job waiting: he keeps everybody behind the job waiting, too."""
    waiting = [job for job in known.jobs.jobs if job.blocked_by and job.last_run is not None]
    if not waiting:
        return ok("nobody keeps a job waiting") if known.jobs.jobs else None
    job = min(waiting, key=lambda job: job.last_run or known.jobs.as_of)
    seconds = (known.jobs.as_of - (job.last_run or known.jobs.as_of)).total_seconds()
    limits = around.limits.idle_in_transaction_warn, around.limits.idle_in_transaction_crit
    remedy = f"select pg_terminate_backend({job.blocked_by[0]});" if job.blocked_by[0] else ""
    return above(seconds, limits, f"job {job.name}: {job.note}", remedy)


CHECKS = (
    Check("H02", "Job scheduler", JOBS, scheduler, "jobs"),
    Check("H04", "Jobs", JOBS, states, "jobs"),
    Check("H04b", "Jobs with a common cause", JOBS, common_cause, "jobs"),
    Check("H05", "Long jobs", JOBS, long_runs, "jobs"),
    Check("H25", "Blocked jobs", JOBS, blocked_jobs, "jobs"),
)
"""What can be told of jobs."""
