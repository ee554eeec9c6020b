"""What of maintain pg_cron can do by itself: what is only SQL. Not dropping, since nobody would look at legal holds."""

from collections.abc import AsyncIterator

from console.db.query import Query
from console.db.session import Session
from console.services.capabilities import Ability, probed
from console.services.events import Action, record_action
from console.services.maintain.models import CronJob
from console.services.maintain.service import require_standing
from console.services.storage_actions import ahead, views

PREFIX = "emr-console maintain: "
"""How the names of our jobs begin."""

LEFT = (
    "Weeks older than seven years are not dropped by pg_cron, because only emr-console looks at legal holds first;"
    " let cron or a timer run emr-console maintain for that."
)
"""What a person should know who has scheduled it."""

LIMITS = (
    "set transaction isolation level read committed; set local lock_timeout = '1s'; set local statement_timeout = '15s'"
)
"""What comes before the weeks: others do not wait for long, and no row is overlooked."""

_DAILY = "{minute} 3 * * *"
_HOURLY = "{minute} * * * *"

_JOBS = Query(__package__, "cron_jobs")
_SCHEDULE = Query(__package__, "cron_schedule")
_UNSCHEDULE = Query(__package__, "cron_unschedule")


async def schedule(session: Session) -> list[CronJob]:
    """Schedule it, or bring it up to date; the jobs that pg_cron then has."""
    (await probed(session)).require(Ability.PG_CRON)
    wanted = [job async for job in _wanted(session)]
    async with session.transaction():
        for job in await _jobs(session):
            await session.run(_UNSCHEDULE, id=job.id)
        for name, times, command in wanted:
            await session.run(_SCHEDULE, name=PREFIX + name, schedule=times, command=command)
        jobs = await _jobs(session)
    await _record(session, "cron.schedule", jobs)
    return jobs


async def unschedule(session: Session) -> list[CronJob]:
    """Take back what was scheduled; the jobs that pg_cron had."""
    (await probed(session)).require(Ability.PG_CRON)
    async with session.transaction():
        jobs = await _jobs(session)
        for job in jobs:
            await session.run(_UNSCHEDULE, id=job.id)
    await _record(session, "cron.unschedule", jobs)
    return jobs


async def _wanted(session: Session) -> AsyncIterator[tuple[str, str, str]]:
    """Name, times and command of each job; refreshes by themselves, so that one that fails keeps none of the others."""
    if (await require_standing(session)).weeks:
        yield "weeks ahead", _DAILY.format(minute=12), f"{LIMITS}; {ahead.WITHOUT_MOVING}"
        yield "partitions", _DAILY.format(minute=17), f"{LIMITS}; {ahead.STATEMENT}"
    for number, view in enumerate(await views.reports(session)):
        (command,) = views.refresh(view.model_copy(update={"populated": True})).statements
        yield f"refresh {view.view_name}", _HOURLY.format(minute=5 + 10 * number), command


async def _jobs(session: Session) -> list[CronJob]:
    return await session.fetch(_JOBS, CronJob, prefix=PREFIX)


async def _record(session: Session, kind: str, jobs: list[CronJob]) -> None:
    sql = "; ".join(f"{job.schedule} {job.command}" for job in jobs)
    await record_action(session, Action(kind, "maintain", "", sql), "done", {"jobs": [job.name for job in jobs]})
