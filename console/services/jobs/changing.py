"""Changes of one job: each is a plan with its exact SQL, made from the job as it stands when a person asks."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from console.db.query import Query
from console.db.session import Session
from console.errors import Refused
from console.migrate.tries import Try
from console.services.jobs import guard, settings
from console.services.jobs.server_models import JobRow
from console.services.jobs.subject import Subject, find, read
from console.services.retention.holds import UNCHANGED
from console.services.storage_actions.plan import Plan, Said

Verb = Literal["run", "pause", "resume", "interval", "config"]
"""What can be done to a job."""

HOUR = 3_600_000
"""Milliseconds that a job may run on our connection if it has no limit of its own."""

ONCE = (Try(1_000, 0.0),)
"""A run that commits as it goes is not begun a second time because a lock was missing."""

_SOON = Query(__package__, "run_soon")
_HERE = Query(__package__, "run_here")
_SCHEDULE = Query(__package__, "schedule")


async def plan(session: Session, verb: Verb, number: int, value: str = "") -> Plan:
    """The change of a job that a person wants; `value` is the new interval or configuration.

    Raises UsageError where there is no such job or the value is none, Refused where a guard says no.
    """
    return await _PLANS[verb](session, await find(session, number), value)


def runs_here(plan: Plan) -> bool:
    """Whether it runs the job on our own connection, which may take long."""
    return plan.kind == "job.run" and plan.statements[0].startswith("call ")


async def _run(session: Session, subject: Subject, _: str) -> Plan:
    row = subject.row
    if row.pid is not None:
        raise Refused(f"Job {row.id} runs now, in process {row.pid}.", state=UNCHANGED, hint="Wait until it ends.")
    warning = await guard.require_startable(session, row)
    if subject.startable:
        return _soon(subject, warning)
    return _here(subject, warning)


def _soon(subject: Subject, warning: str) -> Plan:
    """The scheduler starts it, and writes down how it ends."""
    row = subject.row
    return Plan(
        kind="job.run",
        target=subject.told,
        title=f"Run {subject.told} now",
        facts=subject.facts,
        statements=(subject.statement(_SOON),),
        consequence=_joined("The scheduler starts it at once, and writes down how it ends.", _goes(row), warning),
        verb="run",
        typed=_typed(row),
        check=_guarded(row),
        verify=_said(f"Job {row.id} is due now; the scheduler starts it, and the list shows how it ends."),
    )


def _here(subject: Subject, warning: str) -> Plan:
    """It runs on our connection: in a transaction only if it drops rows, because other policies commit as they go."""
    row = subject.row
    why = "It is paused" if not row.scheduled else "Nothing starts jobs here"
    told = f"{why}, so that it runs on this console's own connection, and leaves no record but this one."
    return Plan(
        kind="job.run",
        target=subject.told,
        title=f"Run {subject.told} now",
        facts=subject.facts,
        statements=(subject.statement(_HERE),),
        consequence=_joined(told, _goes(row), warning),
        verb="run",
        typed=_typed(row),
        by_itself=not guard.drops_rows(row),
        schedule=ONCE,
        left=_left,
        patience=int(row.max_runtime * 1_000) if row.max_runtime else HOUR,
        check=_guarded(row),
        verify=_said(f"Job {row.id} ended well. It ran here, so that the list does not count this run."),
    )


async def _pause(session: Session, subject: Subject, _: str) -> Plan:
    if not subject.row.scheduled:
        raise Refused(f"Job {subject.row.id} is paused already.", state=UNCHANGED)
    goes_on = f" The run in process {subject.row.pid} goes on." if subject.row.pid is not None else ""
    return _scheduling(subject, on=False, consequence=f"Nothing starts it any more until it is resumed.{goes_on}")


async def _resume(session: Session, subject: Subject, _: str) -> Plan:
    row = subject.row
    if row.scheduled:
        raise Refused(f"Job {row.id} is not paused.", state=UNCHANGED)
    warning = await guard.require_startable(session, row)
    return _scheduling(subject, on=True, consequence=_joined("It is started again when it is due.", warning))


def _scheduling(subject: Subject, *, on: bool, consequence: str) -> Plan:
    verb, done = ("resume", "resumed") if on else ("pause", "paused")

    async def verify(session: Session) -> Said:
        row = await read(session, subject.row.id)
        if row.scheduled is not on:
            raise Refused(f"Job {row.id} could not be {done}: the server has kept it as it was.", state=UNCHANGED)
        return Said(f"Job {row.id} is {done}.")

    return Plan(
        kind=f"job.{verb}",
        target=subject.told,
        title=f"{verb.capitalize()} {subject.told}",
        facts=subject.facts,
        statements=(subject.statement(_SCHEDULE, on=on),),
        consequence=consequence,
        verb=verb,
        check=_guarded(subject.row) if on else _still_there(subject.row),
        verify=verify,
    )


def _guarded(row: JobRow) -> Callable[[Session], Awaitable[None]]:
    """What is looked at once more in the transaction that lets a job start."""

    async def check(session: Session) -> None:
        now = await read(session, row.id)
        await guard.require_startable(session, now)
        await guard.require_free(session, now)

    return check


def _still_there(row: JobRow) -> Callable[[Session], Awaitable[None]]:
    async def check(session: Session) -> None:
        await read(session, row.id)

    return check


def _said(sentence: str) -> Callable[[Session], Awaitable[Said]]:
    async def verify(_: Session) -> Said:
        return Said(sentence)

    return verify


async def _left(_: Session) -> str:
    return "The job failed; what it had committed before stays."


def _goes(row: JobRow) -> str:
    kept = row.settings.get("drop_after")
    return f"It drops the rows of {row.table_name} that are older than {kept}." if guard.drops_rows(row) else ""


def _typed(row: JobRow) -> str:
    return (row.table_name or "") if guard.drops_rows(row) else ""


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


_PLANS: Mapping[Verb, Callable[[Session, Subject, str], Awaitable[Plan]]] = {
    "run": _run,
    "pause": _pause,
    "resume": _resume,
    "interval": settings.interval,
    "config": settings.config,
}
