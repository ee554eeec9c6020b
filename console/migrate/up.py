"""`migrate up`: what is pending becomes applied, one transaction a file, one batch a run."""

from console.db.target import Target
from console.migrate import ledger
from console.migrate.doubt import settled
from console.migrate.drifted import tell_drift
from console.migrate.files import Folder
from console.migrate.guard import admit
from console.migrate.reports import Report, Result
from console.migrate.run import bury, locked, start
from console.migrate.selection import for_up
from console.migrate.standing import Standing
from console.migrate.step import Up
from console.migrate.steps import perform_all
from console.migrate.terms import Terms, refuse_unconfirmed


async def up(
    target: Target, folder: Folder, report: Report, terms: Terms, *, to: str | None = None, out_of_order: bool = False
) -> Result:
    """Apply what is pending, up to `to`. Raises what stands in the way before anything was changed."""
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        presence = await ledger.bootstrap(run.session, run.presence)
        standing = await settled(run, folder, terms.flavour, presence=presence)
        steps = [Up(migration) for migration in for_up(standing, to=to, out_of_order=out_of_order)]
        refuse_unconfirmed([step.label for step in steps], terms)
        await bury(run, standing)
        if not steps:
            run.tell("note", message="Nothing is pending.")
            return Result()
        await admit(run.session, standing, steps, terms, to or "all")
        await tell_drift(run, standing, reason=terms.reason)
        await ledger.keep_flavour(run.session, standing.flavour)
        run.batch = next_batch(standing)
        await start(run, "up", standing, target=to, reason=terms.reason)
        return await perform_all(run, steps)


def next_batch(standing: Standing) -> int:
    """One more than the last, knex's batches counted too."""
    batches = [row.batch or 0 for row in standing.books.recorded] + [row.batch for row in standing.books.knex]
    return max(batches, default=0) + 1
