"""The statements that change a job, to be copied."""

from console.db.inline import inlined
from console.db.query import Query
from console.services.capabilities import Capabilities
from console.services.jobs.models import Job, Source

Script = tuple[tuple[str, Query, dict[str, bool]], ...]
"""What for, the query, its values besides the job's number."""

_TIMESCALE: Script = (
    ("let the scheduler start it now", Query(__package__, "run_soon"), {}),
    ("run it in this session; leaves no record", Query(__package__, "run_here"), {}),
    ("pause", Query(__package__, "schedule"), {"on": False}),
    ("resume", Query(__package__, "schedule"), {"on": True}),
)
_CRON: Script = (
    ("pause", Query(__package__, "cron_schedule"), {"on": False}),
    ("resume", Query(__package__, "cron_schedule"), {"on": True}),
)
_STATEMENTS: dict[Source, Script] = {
    Source.TIMESCALEDB: _TIMESCALE,
    Source.PG_CRON: _CRON,
    Source.MAINTAIN: (),
}


def script(able: Capabilities, job: Job) -> str:
    """What a person could type himself; empty for what the operating system starts."""
    schema = able.probe.schema_ or "public"
    parts = [
        f"-- {what}\n{inlined(query.in_schema(schema), id=job.id, **values).strip()};"
        for what, query, values in _STATEMENTS[job.source]
    ]
    return "\n".join(parts)
