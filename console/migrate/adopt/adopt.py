"""`migrate adopt`: what knex or hands have made is written into the ledger; no migration is run."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from console.db.query import Query
from console.db.target import Target
from console.errors import ConsoleError
from console.migrate import knex, ledger, recording
from console.migrate.adopt.survey import Found, Survey, survey
from console.migrate.files import Folder
from console.migrate.fingerprint.snapshot import record_snapshot
from console.migrate.reports import Report
from console.migrate.run import Run, bury, finish, locked, start
from console.migrate.standing import read_standing
from console.migrate.step import Up
from console.migrate.terms import Terms, refuse_unconfirmed
from console.migrate.trust import require_trusted
from console.migrate.up import next_batch

_RECORD = Query(__package__, "record_adopted")
_CLEAN = Query(__package__, "knex_clean")
_CLEANED = Query(__package__, "record_cleaned")


@dataclass(frozen=True, slots=True)
class Adopted:
    """How an adoption ended."""

    survey: Survey
    """What was found before."""
    done: Sequence[str]
    """Versions that were adopted, in order."""
    cleaned: int
    """Rows that were removed from knex's table."""


async def adopt(target: Target, folder: Folder, report: Report, terms: Terms, *, clean: bool) -> Adopted:
    """Write what is whole into the ledger, up to the first that is not; `clean` also removes knex's duplicates."""
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        standing = await read_standing(run.session, folder, terms.flavour)
        found = await survey(run.session, target, standing, role=terms.role, say=partial(_say, run))
        refuse_unconfirmed([row.migration.label for row in found.adoptable], terms)
        await bury(run, standing)
        if not found.adoptable and not (clean and found.duplicates):
            return Adopted(found, [], 0)
        await ledger.bootstrap(run.session, run.presence)
        await ledger.keep_flavour(run.session, standing.flavour)
        run.batch = next_batch(standing)
        await start(run, "adopt", standing, target=None, reason=terms.reason)
        cleaned = await _write(run, found, terms, clean=clean)
        note = await record_snapshot(run.session, run.id)
        if note:
            _say(run, note)
        return Adopted(found, [row.migration.version for row in found.adoptable], cleaned)


def _say(run: Run, said: str) -> None:
    run.tell("note", message=said)


async def _write(run: Run, found: Survey, terms: Terms, *, clean: bool) -> int:
    """All of it or nothing; the number of duplicates that were removed."""
    outcome = "failed"
    try:
        async with run.session.transaction():
            cleaned = await _clean(run, found) if clean and found.duplicates else 0
            for row in found.adoptable:
                await _record(run, row, terms)
        outcome = "done"
    finally:
        with suppress(ConsoleError):  # what happened before is the news; the next run closes this one
            await finish(run, outcome)
    return cleaned


async def _record(run: Run, row: Found, terms: Terms) -> None:
    hint = row.knex[0] if row.knex else None
    await run.session.run(
        _RECORD,
        **recording.texts(row.migration),
        **recording.who(run),
        run=run.id,
        state="applied" if row.migration.verify else "applied_unverified",
        batch=hint.batch if hint else run.batch,
        applied_at=hint.migration_time if hint else None,
        reason=terms.reason,
    )
    if run.knex and hint is None:
        await knex.record(run.session, Up(row.migration), run.batch)


async def _clean(run: Run, found: Survey) -> int:
    await run.session.execute("lock table public.knex_migrations in row exclusive mode")
    await require_trusted(run.session)  # nobody can hang a trigger on it any more
    cleaned = await run.session.run(_CLEAN)
    await run.session.run(
        _CLEANED, run=run.id, operator=str(run.operator), names=sorted(found.duplicates), rows=cleaned
    )
    return cleaned
