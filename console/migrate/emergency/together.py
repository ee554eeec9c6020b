"""Several steps in ONE transaction, begun by locking every table and comparing it with the backup.

Every table, and not only those that the files name: DO blocks and functions hide what they touch. A table too few would
lose the rows that were written since; one too many costs a wait in an hour when the writers stand still.
"""

from collections.abc import Sequence

from console.errors import Exit, Refused, StatementFailed
from console.migrate import lock, settings, transactional
from console.migrate.backup import contents
from console.migrate.backup.models import Content
from console.migrate.checked import met_inside
from console.migrate.emergency.backing import NOTHING_DONE
from console.migrate.failed import StepFailed
from console.migrate.retrying import until_locked
from console.migrate.run import Run
from console.migrate.step import Down
from console.migrate.tries import Try
from console.migrate.watch import Watch

_LEDGER = "emr_console."
_SHOWN = 10


class Changed(Refused):
    """The database is not any more what the backup holds."""

    exit = Exit.PLAN_OUTDATED


async def perform(run: Run, steps: Sequence[Down], held: Sequence[Content]) -> None:
    """Run all steps until they are committed together; Changed and StepFailed leave nothing of them behind."""
    watch = Watch(run.second, run.session.pid)
    await until_locked(run, steps[0], watch, lambda each: _once(run, steps, held, each))


async def _once(run: Run, steps: Sequence[Down], held: Sequence[Content], each: Try) -> None:
    session, first = run.session, steps[0]
    await lock.fence(session)
    try:
        async with session.transaction():
            await settings.limit(session, first.script, each.lock_timeout)
            await _lock(run)
            await _compare(run, held)
            for step in steps:
                await _enact(run, step, each)
            await lock.fence(session)
    except StatementFailed as error:  # not one of a file's own: a lock, a deferred constraint, the ledger
        raise StepFailed(error, first, first.script) from error


async def _enact(run: Run, step: Down, each: Try) -> None:
    await met_inside(run, step)
    run.tell("migration", step.version, statements=len(step.script.statements), message=step.label)
    await transactional.enact(run, step, each)


async def _lock(run: Run) -> None:
    """Keep everybody out of every table; partitions and chunks follow theirs. One order, so that two cannot embrace."""
    tables = [name for name in await contents.names(run.session) if _counts(name)]
    if tables:
        await run.session.execute(f"lock table {', '.join(tables)} in access exclusive mode")


async def _compare(run: Run, held: Sequence[Content]) -> None:
    """Changed unless every table holds what the backup holds."""
    now = await contents.read_aside(run.session)
    wrong = contents.differences(
        [content for content in held if _counts(content.table)], [content for content in now if _counts(content.table)]
    )
    if wrong:
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise Changed(
            f"The database has changed since the backup: {'; '.join(wrong[:_SHOWN])}{more}.",
            state=NOTHING_DONE,
            hint="Stop what writes to it, then start again; the backup stays where it is.",
        )
    run.tell("note", message=f"All {len(now)} tables are locked, and hold what the backup holds.")


def _counts(table: str) -> bool:
    """The ledger is written by the rollback itself, and loses nothing by it."""
    return not table.startswith(_LEDGER)
