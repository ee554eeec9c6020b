"""Asks how all jobs of this database stand: TimescaleDB's, pg_cron's, and the runs of `emr-console maintain`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from console.db.database import Database
from console.db.pipeline import Answers, Request
from console.db.pulse import PULSE
from console.db.query import Query
from console.errors import StatementFailed
from console.services.capabilities import Ability, Capabilities, capabilities
from console.services.jobs import cron, maintain, missing, state, timescale
from console.services.jobs.models import Jobs
from console.services.jobs.server_models import Clock, CronRow, Failure, JobRow, MaintainRow

M = TypeVar("M", bound=BaseModel)

CLOCK = Request(Query(__package__, "clock"), Clock)
JOBS = Request(Query(__package__, "jobs"), JobRow)
UNRECORDED = Request(Query(__package__, "unrecorded"), JobRow)
FAILURES = Request(Query(__package__, "failures"), Failure)
CRON = Request(Query(__package__, "cron"), CronRow)
MAINTAIN = Request(Query(__package__, "maintain"), MaintainRow)


async def read_jobs(db: Database) -> Jobs:
    """How all jobs stand, the worst first.

    A job that is down as running without a process is looked at twice before it is called stuck.
    """
    able = await capabilities(db)
    asked = requests(able)
    answers = await db.pipeline(*asked)
    lost = timescale.adrift(answers.rows(JOBS)) if JOBS in asked else frozenset()
    return assembled(able, await db.pipeline(*asked) if lost else answers, lost)


def requests(able: Capabilities) -> list[Request[Any]]:
    """What can be asked about jobs here, at most five statements; nothing where there are no jobs of any kind."""
    asked: list[Request[Any]] = []
    if able.flavour == "timescale":
        able.require(Ability.JOBS)
        asked += [CLOCK, JOBS, FAILURES] if missing.readable(able, missing.RECORD) else [CLOCK, UNRECORDED]
    if missing.readable(able, missing.CRON) and missing.readable(able, missing.RUNS):
        asked.append(CRON)
    if able.flavour == "plain" and missing.readable(able, missing.EVENTS):
        asked.append(MAINTAIN)
    return asked


def assembled(able: Capabilities, answers: Answers, lost: timescale.Adrift = frozenset()) -> Jobs:
    """All jobs out of the answers; `lost` were down as running without a process once before."""
    asked = requests(able)
    clock = answers.rows(CLOCK)[0] if CLOCK in asked else None
    as_of, beats = _as_of(answers, clock), _optional(asked, answers, CRON)
    jobs = [cron.job_of(row) for row in beats]
    jobs += [maintain.job_of(row, as_of) for row in _optional(asked, answers, MAINTAIN)]
    alike = cron.common(beats)
    if clock:
        rows, failures = answers.rows(_record(asked)), _optional(asked, answers, FAILURES)
        jobs += timescale.jobs(rows, clock, failures, lost, able.server.user)
        alike += timescale.common(rows, failures)
    unavailable = "" if asked else missing.nothing(able)
    return Jobs(
        as_of,
        sorted(jobs, key=state.worst_first),
        alike,
        scheduler=clock.scheduler if clock else None,
        trouble=missing.trouble(able, clock) if clock else "",
        missing=[] if unavailable else [*missing.sentences(able, jobs), *_troubles(asked, answers)],
        unavailable=unavailable,
    )


def _record(asked: Sequence[Request[Any]]) -> Request[JobRow]:
    return JOBS if JOBS in asked else UNRECORDED


def _as_of(answers: Answers, clock: Clock | None) -> datetime:
    pulse = answers.optional(PULSE)
    return clock.as_of if clock else pulse.as_of if pulse else datetime.now(UTC)


def _optional(asked: Sequence[Request[Any]], answers: Answers, request: Request[M]) -> list[M]:
    """The rows of what may fail without taking the rest with it."""
    return [] if request not in asked or answers.error(request) else answers.rows(request)


def _troubles(asked: Sequence[Request[Any]], answers: Answers) -> list[str]:
    """What was asked for and not answered."""
    errors = (answers.error(request) for request in asked)
    return [error.sentence() for error in errors if isinstance(error, StatementFailed)]
