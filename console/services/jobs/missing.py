"""What cannot be told of the jobs here, and what would let it be told: sentences with the exact right."""

from collections.abc import Iterator, Sequence

from console.db.identifiers import quote
from console.services.capabilities import Ability, Capabilities
from console.services.jobs.models import Job, Source
from console.services.jobs.server_models import Clock

RECORD = "_timescaledb_internal.bgw_job_stat"
"""Where TimescaleDB keeps what became of each job's runs."""

CRON = "cron.job"
"""pg_cron's jobs."""

RUNS = "cron.job_run_details"
"""What became of their runs."""

EVENTS = "emr_console.event"
"""Where `emr-console maintain` writes down what it did."""


def readable(able: Capabilities, relation: str) -> bool:
    """Whether it is there, and our role may read it."""
    return relation in able.probe.relations and relation not in able.probe.unreadable


def nothing(able: Capabilities) -> str:
    """Why there can be no jobs here at all."""
    hidden = " ".join(sentences(able, ()))
    return hidden or able.missing(Ability.JOBS) + (
        " Without it `emr-console maintain` does their work, started by cron or a timer; its runs are listed here, but "
        "the ledger that holds them is not in this database: emr-console migrate up makes it."
    )


def trouble(able: Capabilities, clock: Clock) -> str:
    """Why TimescaleDB's jobs are not started, and what to do about it; empty where they are."""
    if clock.restoring:
        return (
            "timescaledb.restoring is on, so that no job is started: a restore was never ended. "
            "A superuser ends it: SELECT timescaledb_post_restore();"
        )
    if clock.scheduler:
        return ""
    schema = "_timescaledb_functions" if able.has(Ability.START_WORKERS) else "_timescaledb_internal"
    return (
        f"No scheduler of TimescaleDB runs here, so that no job is started. A superuser starts it: SELECT {schema}."
        "start_background_workers(); if it does not stay, raise timescaledb.max_background_workers."
    )


def sentences(able: Capabilities, jobs: Sequence[Job]) -> Iterator[str]:
    """What is left out of the jobs, or hidden in them."""
    if able.flavour == "apache":
        yield able.missing(Ability.JOBS)
    for relation, what in _HELD.items():
        if relation in able.probe.unreadable and (relation != EVENTS or able.flavour == "plain"):
            yield f"{what} {relation}, which {able.server.user} may not read. {_grant(able, relation)}"
    if able.flavour == "plain" and readable(able, EVENTS) and not any(job.source is Source.MAINTAIN for job in jobs):
        yield "emr-console maintain has left no trace in this database: let cron or a timer run it every day."
    if readable(able, CRON) and not able.server.bypasses_rls:
        yield f"pg_cron shows {able.server.user} only its own jobs."
    if grants := sorted({job.grant for job in jobs if job.grant}):
        yield (
            "Why some jobs fail is hidden from this role: only who has the rights of a job's owner sees its errors. "
            f"A superuser can give it those, all of them: {' '.join(grants)}"
        )


_HELD = {
    RECORD: "How TimescaleDB's jobs stand is kept in",
    CRON: "pg_cron's jobs are kept in",
    RUNS: "What became of pg_cron's jobs is kept in",
    EVENTS: "What became of emr-console maintain is kept in",
}


def _grant(able: Capabilities, relation: str) -> str:
    schema, user = relation.partition(".")[0], quote(able.server.user)
    rights = f"GRANT USAGE ON SCHEMA {schema} TO {user}; GRANT SELECT ON {relation} TO {user};"
    return f"A superuser can give the right: {rights}"
