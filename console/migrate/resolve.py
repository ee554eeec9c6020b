"""`migrate resolve`: a person decides what the engine cannot: whether a statement has run, or that it is taken back."""

from dataclasses import dataclass
from typing import Literal

from console.db.query import Query
from console.db.target import Target
from console.errors import Refused, UsageError
from console.migrate import doubt, journal_models, knex, ledger
from console.migrate.doubt import attempted, entries_of, script_of, settled
from console.migrate.files import Folder, read_script
from console.migrate.journal_models import Attempted
from console.migrate.kept import kept_script
from console.migrate.models import Recorded
from console.migrate.reports import Report, Result
from console.migrate.run import Run, bury, finish, locked, start
from console.migrate.selection import UNCHANGED, number_of, refuse_untold
from console.migrate.standing import Standing, read_standing
from console.migrate.step import Down
from console.migrate.steps import perform_all
from console.migrate.terms import Terms

_OPEN = frozenset({"in_doubt", "failed_partial", "rollback_failed_partial"})
_KNEX_FREED = Query(__package__, "knex_freed")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person has decided about a file that stopped half-way."""

    verb: Literal["done", "repeat", "undo"]
    """The statement has run; it is to run again; what is done of the file is taken back."""
    statement: int | None = None
    """The statement in doubt, which must be named; None for undo."""


async def resolve(
    target: Target, folder: Folder, report: Report, terms: Terms, version: str, verdict: Verdict
) -> Result:
    """Write a verdict down, or take back what is done. Raises what stands in the way before anything was changed."""
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        standing = await settled(run, folder, terms.flavour)
        row, stopped = await _stopped(run, standing, version)
        await ledger.bootstrap(run.session, run.presence)
        await bury(run, standing)
        if verdict.verb == "undo":
            return await _undo(run, standing, row, stopped, terms.reason)
        return await _decide(run, standing, stopped, verdict, terms.reason)


async def free_knex(target: Target, folder: Folder, report: Report, terms: Terms) -> Result:
    """Let go of knex's lock, which a dead knex has left."""
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        standing = await read_standing(run.session, folder, terms.flavour)
        refuse_untold(standing)
        if not standing.presence.knex_lock or not await knex.is_locked(run.session):
            raise Refused("knex's lock is free, or this database has none.", state=UNCHANGED)
        await ledger.bootstrap(run.session, run.presence)
        async with run.session.transaction():
            await knex.free_lock(run.session)
            await run.session.run(_KNEX_FREED, operator=str(run.operator), reason=terms.reason)
        run.tell("note", message="knex's lock is free again.")
        return Result()


async def _stopped(run: Run, standing: Standing, version: str) -> tuple[Recorded, Attempted]:
    number = number_of(version, standing)
    row = standing.books.by_version.get(number)
    found = await attempted(run.session, row.version) if row else None
    if row is None or found is None or row.state not in _OPEN:
        raise Refused(
            f"{version} did not stop half-way, so there is nothing to decide.",
            state=UNCHANGED,
            hint="See emr-console migrate status.",
        )
    return row, found


async def _decide(run: Run, standing: Standing, row: Attempted, verdict: Verdict, reason: str | None) -> Result:
    entries = await entries_of(run.session, row)
    begun = journal_models.begun(entries)
    if begun is None or begun != verdict.statement:
        raise UsageError(
            f"Statement {verdict.statement} of {row.version} is not in doubt"
            + (f"; statement {begun} is." if begun else "."),
            state=UNCHANGED,
            hint="See emr-console migrate status." if begun else "Start it again: it goes on by itself.",
        )
    await start(run, "resolve", standing, target=f"{row.version} {verdict.verb} {begun}", reason=reason)
    done = verdict.verb == "done"
    count = journal_models.done(entries) + done
    async with run.session.transaction():
        await doubt.close(run, row, begun, done=done)
        evidence = f"statement {begun} {'counts as done' if done else 'is to run again'}, says {run.operator}"
        state = doubt.stopped_state(row, partial=True)
        await doubt.write(run, row, state, count, kind="resolved", evidence=f"{evidence}: {reason}")
    await finish(run, "done")
    run.tell("note", row.version, message=f"{row.version}_{row.name}: {evidence}. Start it again: it goes on there.")
    return Result()


async def _undo(run: Run, standing: Standing, row: Recorded, stopped: Attempted, reason: str | None) -> Result:
    from console.migrate.undo import way_back  # reads statements, which takes its time

    begun = journal_models.begun(await entries_of(run.session, stopped))
    if begun is not None:
        raise Refused(
            f"Whether statement {begun} of {row.label} has run is not known, nor then what has to be taken back.",
            state=UNCHANGED,
            hint=f"Decide about it first: --done {begun} or --repeat {begun}.",
        )
    if row.apply_order is not None:
        raise Refused(
            f"{row.label} was applied, and its rollback stopped half-way.",
            state=UNCHANGED,
            hint="Finish the rollback: emr-console migrate down --last.",
        )
    if stopped.direction == "down":  # it was begun before, and goes on
        script = script_of(stopped)
    else:
        kept = (await ledger.stored_texts(run.session, [row.version]))[row.version]
        if kept.down_text is None:
            raise Refused(f"{row.label} has no way back.", state=UNCHANGED, hint="Finish it: emr-console migrate up.")
        down = kept_script(f"{row.label}.down.sql", kept.down_text, kept.down_hashes)
        found = way_back(script_of(stopped), down, stopped.statements_done, row.label)
        script = found or read_script("nothing", "-- emr: transaction = off\nselect 1")
    await start(run, "resolve", standing, target=f"{row.version} undo", reason=reason)
    return await perform_all(run, [Down(row, script, stored=True)])
