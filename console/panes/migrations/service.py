"""Asks the migration engine where every migration stands, what a run would do, and to do it."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from console.db.database import Database
from console.db.query import Query
from console.migrate.files import Migration
from console.migrate.journal_models import Happened
from console.migrate.models import APPLIED
from console.migrate.reports import MigrationStatus, Report, Result, Status
from console.migrate.status import status
from console.panes.migrations.models import Goal, InTheWay, Stuck, Verb
from console.services.installed import folder, role

if TYPE_CHECKING:
    from console.migrate.plan.reports import Plan
    from console.migrate.terms import Terms

Job = Callable[[Report], Awaitable[Result]]
"""A run of the engine that has been agreed to; it tells what happens to a report."""

HISTORY_LENGTH = 30
"""Events of one migration that are shown."""

_HOLDERS = Query(__package__, "holders")

_HALF_WAY = frozenset({"in_doubt", "failed_partial", "rollback_failed_partial"})
_APPLIED = APPLIED | {"missing_file"}


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a person has agreed to, beside the plan itself."""

    reason: str | None
    """Why, for the ledger."""
    backup: Path | None = None
    """The folder for a backup that has to be made and proved before; None rolls back without one."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger tells of one migration."""

    events: Sequence[Happened] = ()
    """What has been done to it, the newest first."""
    stuck: Stuck | None = None
    """How it stopped half-way; None where it did not."""
    trouble: str = ""
    """Why nothing is known, as a sentence."""


async def standing(db: Database) -> Status:
    """Where every migration of this installation stands in the database."""
    return await status(db, folder(), role=role(db.target.profile))


async def drift(db: Database) -> str:
    """What others have changed in the schema since the last run, as a sentence; empty if nothing."""
    from console.migrate.fingerprint.snapshot import schema_drift  # asked seldom

    return (await schema_drift(db)).sentence()


async def past(db: Database, row: MigrationStatus) -> Past:
    """What the ledger tells of one migration: its events, and how it stopped if it did."""
    from console.migrate.history import history

    found = await history(db, folder(), version=row.version, limit=HISTORY_LENGTH)
    return Past(found.rows, await _stuck(db, row.version) if row.state in _HALF_WAY else None, found.note or "")


def goal_of(row: MigrationStatus, rows: Sequence[MigrationStatus]) -> Goal:
    """What a plan for one migration is about: applying up to it; or rolling back it and all that came after."""
    if row.state not in _APPLIED:
        return Goal(back=False, to=row.version)
    applied = sorted((each for each in rows if each.state in _APPLIED), key=_order)
    place = applied.index(row)
    if place == 0:
        return Goal(back=True, all=True)
    return Goal(back=True, to=None if row is applied[-1] else applied[place - 1].version)


async def plan(db: Database, goal: Goal, *, rehearse: bool = False) -> "Plan":
    """What that run would do, its losses counted; nothing is changed here. Raises what stands in its way.

    With `rehearse` it is tried on a scratch database, which is made for it.
    """
    from console.migrate.plan.requested import Wanted, planned  # reads statements, which takes its time
    from console.migrate.selection import Back

    await db.make_room()  # for the sessions of the engine
    back = Back(to=goal.to, all=goal.all) if goal.back else None
    to = None if goal.back else goal.to
    wanted = Wanted(to=to, back=back, role=role(db.target.profile), rehearse=rehearse)
    return await planned(db.target, folder(), wanted)


async def in_the_way(db: Database, plan: "Plan") -> Sequence[InTheWay]:
    """Who holds now what a plan wants for itself alone."""
    tables = {
        lock.table
        for row in plan.rows
        for statement in row.statements
        for lock in statement.locks
        if lock.mode == "ACCESS EXCLUSIVE"
    }
    return await db.fetch(_HOLDERS, InTheWay, tables=sorted(tables)) if tables else []


def run(db: Database, goal: Goal, plan: "Plan", agreed: Agreed) -> Job:
    """The run of a plan that a person has read and agreed to; anything else than it is refused."""
    return lambda report: _run(db, goal, plan, agreed, report)


def resolve(db: Database, version: str, verb: Verb, statement: int | None, reason: str) -> Job:
    """Writing down what a person has decided about a migration that stopped half-way, or taking it back."""
    return lambda report: _resolve(db, version, verb, statement, reason, report)


def guarded(db: Database) -> bool:
    """Whether what destroys here has to be confirmed with the database's name."""
    return db.target.guarded(db.known.environment if db.known else None)


async def _run(db: Database, goal: Goal, plan: "Plan", agreed: Agreed, report: Report) -> Result:
    from console.migrate.selection import Back

    await db.make_room()  # for the sessions of the engine
    terms = _terms(db, plan, agreed.reason)
    if not goal.back:
        from console.migrate.up import up

        return await up(db.target, folder(), report, terms, to=goal.to)
    back = Back(to=goal.to, all=goal.all)
    if agreed.backup is None:
        from console.migrate.down import down

        return await down(db.target, folder(), report, terms, back)
    from console.config.file import pg_dump
    from console.migrate.backup.models import Wish
    from console.migrate.emergency.service import emergency

    with suppress(OSError):  # what is wrong with it the backup itself will say
        agreed.backup.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return await emergency(db.target, folder(), report, terms, back, agreed.backup, Wish(pg_dump=pg_dump()))


async def _resolve(
    db: Database, version: str, verb: Verb, statement: int | None, reason: str, report: Report
) -> Result:
    from console.migrate.resolve import Verdict
    from console.migrate.resolve import resolve as decide
    from console.migrate.terms import Terms

    await db.make_room()  # for the sessions of the engine
    terms = Terms(role=role(db.target.profile), reason=reason)
    return await decide(db.target, folder(), report, terms, version, Verdict(verb, statement))


async def _stuck(db: Database, version: str) -> Stuck | None:
    """The evidence about a migration that stopped half-way; None where the ledger knows nothing of it."""
    from console.migrate import journal_models
    from console.migrate.doubt import attempted, entries_of, script_of

    row = await attempted(db, version)
    if row is None:
        return None
    entries = await entries_of(db, row)
    begun = journal_models.begun(entries)
    script = script_of(row)
    statement = script.statements[begun - 1] if begun else None
    deciding: list[Verb] = ["done", "repeat"] if begun else []
    return Stuck(
        direction=row.direction,
        done=journal_models.done(entries),
        statements=len(script.statements),
        begun=begun,
        line=statement.line if statement else None,
        text=statement.text if statement else "",
        verbs=deciding or ([] if row.applied else ["undo"]),  # what is in doubt has to be decided first
    )


def _terms(db: Database, plan: "Plan", reason: str | None) -> "Terms":
    """What was shown is what was agreed to: these migrations, this plan, and how long writers have to wait."""
    from console.migrate.terms import Terms

    return Terms(
        role=role(db.target.profile),
        reason=reason,
        confirmed=[row.label for row in plan.rows],
        plan=plan.sha256,
        accept_stall=plan.accept_stall,
    )


def _order(row: MigrationStatus) -> tuple[int, int]:
    """A run applies in the order of the numbers; a later run may have applied a lower one."""
    return row.batch or 0, int(row.version)


def migration_of(row: MigrationStatus) -> Migration | None:
    """The files of a row; None when they are missing."""
    return next((m for m in folder().migrations if m.label == row.label and m.flavour == row.flavour), None)
