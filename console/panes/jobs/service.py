"""What the jobs pane asks: how all jobs stand, one job's past, and what a change of one would be."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.db.database import Database
from console.services.capabilities import capabilities
from console.services.jobs import by_hand, changing, history, service
from console.services.jobs.changing import Verb
from console.services.jobs.models import Job, Jobs, Past
from console.services.storage_actions.plan import Plan


@dataclass(frozen=True, slots=True)
class Detail:
    """What is asked of one job when a person opens it."""

    runs: Sequence[Past]
    """Its last runs, the newest first."""
    kept: str
    """Which runs are written down at all; empty where all are."""
    script: str
    """The statements that change it, to be copied."""


async def snapshot(db: Database) -> Jobs:
    """How all jobs stand, the worst first."""
    return await service.read_jobs(db)


async def detail(db: Database, job: Job) -> Detail:
    """The past of one job."""
    able = await capabilities(db)
    return Detail(await history.past_runs(db, job), history.kept(able, job), by_hand.script(able, job))


async def planned(db: Database, verb: Verb, job: Job, value: str = "") -> Plan:
    """A change of one job, from how it stands now."""
    async with db.asking() as session:
        return await changing.plan(session, verb, job.id or 0, value)
