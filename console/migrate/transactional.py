"""One step in one transaction: BEGIN, limits, statements, verify, ledger row, fence, COMMIT."""

from console.errors import StatementFailed
from console.migrate import knex, lock, recording, settings
from console.migrate.checked import verified
from console.migrate.failed import StepFailed, line_of
from console.migrate.holds import refuse_held_now
from console.migrate.keeping import held_rows_kept, kept
from console.migrate.retrying import until_locked
from console.migrate.run import Run
from console.migrate.step import Step
from console.migrate.tries import Try
from console.migrate.watch import Watch
from console.sql.lexer import Statement


async def perform(run: Run, step: Step) -> None:
    """Run one step until it is committed; StepFailed leaves nothing of it behind."""
    watch = Watch(run.second, run.session.pid)
    await until_locked(run, step, watch, lambda each: _once(run, step, each))


async def _once(run: Run, step: Step, each: Try) -> None:
    session = run.session
    await lock.fence(session)
    try:
        async with session.transaction():
            async with kept(session, step):
                await enact(run, step, each)
            await lock.fence(session)
    except StatementFailed as error:  # not one of the file's own: a deferred constraint at COMMIT, or the ledger
        raise StepFailed(error, step, step.script) from error


async def enact(run: Run, step: Step, each: Try) -> None:
    """A step's statements, its checks and its place in the ledger, inside the transaction that is open."""
    session, script = run.session, step.script
    await settings.limit(session, script, each.lock_timeout)
    await refuse_held_now(session, script.statements)
    async with held_rows_kept(session, step):
        for number, statement in enumerate(script.statements, 1):
            await _statement(run, step, number, statement)
        await verified(run, step)
        await settings.be_ourselves(session, run.kept)
    await recording.record_done(run, step)
    if run.knex:
        await knex.record(session, step, run.batch)


async def _statement(run: Run, step: Step, number: int, statement: Statement) -> None:
    total = len(step.script.statements)
    run.tell("statement", step.version, statement=number, statements=total, line=statement.line)
    publish = lock.publish(run.operator, step.version, number, total)
    try:
        await run.session.execute(publish + statement.text)
    except StatementFailed as error:
        line = line_of(statement, error, len(publish))
        raise StepFailed(error, step, step.script, statement=number, line=line) from error
