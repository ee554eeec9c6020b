"""One step outside a transaction: each statement is committed by itself and written into the journal.

What a transaction can hold runs in one, together with its row in the journal, so that it is done exactly if it is
written. What refuses one, such as CREATE INDEX CONCURRENTLY, runs bare between two rows of the journal, and after a
crash its trace in the database decides.
"""

from console.errors import ConnectionLost, ConsoleError, Exit, StatementFailed
from console.migrate import journal, knex, lock, recording, settings
from console.migrate.checked import verified
from console.migrate.concurrently import Concurrent, concurrent, unfinished
from console.migrate.doubt import probed
from console.migrate.failed import StepFailed, line_of
from console.migrate.holds import refuse_held_now, refuse_held_yet
from console.migrate.keeping import held_rows_kept, kept
from console.migrate.lock import LockGone
from console.migrate.retrying import until_locked
from console.migrate.run import Run
from console.migrate.step import Step
from console.migrate.tries import Try
from console.migrate.watch import Watch
from console.sql.lexer import Statement

_WITHOUT_END = 0
_NOT_IN_TRANSACTION = frozenset({"25001", "2D000"})
"""The server's codes for what refuses a transaction: the statement itself, or a COMMIT inside a procedure."""


async def perform(run: Run, step: Step) -> None:
    """Run what is not done yet of a file; StepFailed tells how many of its statements stay."""
    done = await journal.begin(run, step)
    statements = step.script.statements
    watch = Watch(run.second, run.session.pid)
    for number, statement in enumerate(statements[done:], done + 1):
        try:
            await _statement(run, step, number, statement, watch)
        except ConnectionLost:
            raise
        except LockGone as error:
            raise error.stays(number - 1, len(statements)) from error
        except ConsoleError as error:  # also what is not the file's own: a probe, a leftover, the ledger
            failed = error if isinstance(error, StepFailed) else _failed(error, step, number, statement)
            left = await _leftovers(run, statement)
            raise failed.stays(number - 1, len(statements), left) from error
    await _end(run, step)


def _failed(error: ConsoleError, step: Step, number: int, statement: Statement) -> StepFailed:
    return StepFailed(error, step, step.script, statement=number, line=statement.line)


async def _leftovers(run: Run, statement: Statement) -> list[str]:
    found = concurrent(statement)
    return await unfinished(run.session, found) if found and not run.session.closed else []


async def _statement(run: Run, step: Step, number: int, statement: Statement, watch: Watch) -> None:
    total = len(step.script.statements)
    run.tell("statement", step.version, statement=number, statements=total, line=statement.line)
    await settings.restore(run.session, run.kept)  # a file that goes on later finds nothing of its first statements
    probe = step.script.probes.get(number)
    if probe and await probed(run.session, probe):
        run.tell("note", step.version, message=f"Statement {number} is done already, says its probe.")
        await journal.end(run, step, number, statement)
    elif (found := concurrent(statement)) is not None:
        await _concurrently(run, step, number, statement, found)
    else:
        await until_locked(run, step, watch, lambda each: _once(run, step, number, statement, each))


async def _once(run: Run, step: Step, number: int, statement: Statement, each: Try) -> None:
    try:
        await _in_transaction(run, step, number, statement, each)
    except StepFailed as error:
        if error.sqlstate not in _NOT_IN_TRANSACTION:
            raise
        await _bare(run, step, number, statement, each.lock_timeout)


async def _in_transaction(run: Run, step: Step, number: int, statement: Statement, each: Try) -> None:
    session = run.session
    await lock.fence(session)
    try:
        async with session.transaction():
            await settings.limit(session, step.script, each.lock_timeout)
            await refuse_held_now(session, [statement])
            async with kept(session, step), held_rows_kept(session, step):
                await _send(run, step, number, statement)
                await settings.be_ourselves(session, run.kept)
            await journal.end(run, step, number, statement)
            await lock.fence(session)
    except StatementFailed as error:  # not the file's own: a deferred constraint at COMMIT, or the ledger
        raise StepFailed(error, step, step.script, statement=number, line=statement.line) from error


async def _bare(run: Run, step: Step, number: int, statement: Statement, lock_timeout: int) -> None:
    session = run.session
    await refuse_held_yet(session, [statement])
    await journal.intent(run, step, number, statement)
    await lock.fence(session)
    await settings.limit(session, step.script, lock_timeout, local=False)
    try:
        await _send(run, step, number, statement)
    except StepFailed as error:
        await settings.restore(session, run.kept)
        await journal.end(run, step, number, statement, sqlstate=error.sqlstate)
        raise
    await settings.restore(session, run.kept)
    await journal.end(run, step, number, statement)


async def _concurrently(run: Run, step: Step, number: int, statement: Statement, found: Concurrent) -> None:
    """Build without stopping the writers. It may wait for old transactions as long as it may run: nobody waits behind
    it, and each try that gave up would leave an invalid index."""
    for index in await unfinished(run.session, found):
        run.tell("note", step.version, message=f"The invalid index {index} of an earlier try is dropped first.")
        await run.session.execute(f"drop index concurrently {index}")
    await run.session.execute("set client_connection_check_interval = 0")  # once begun it had better come to its end
    await _bare(run, step, number, statement, step.script.header.lock_timeout or _WITHOUT_END)


async def _send(run: Run, step: Step, number: int, statement: Statement) -> None:
    await run.session.execute(lock.publish(run.operator, step.version, number, len(step.script.statements)))
    try:
        await run.session.execute(statement.text)
    except StatementFailed as error:
        line = line_of(statement, error, 0)
        raise StepFailed(error, step, step.script, statement=number, line=line) from error


async def _end(run: Run, step: Step) -> None:
    """Verify and write the row. What is done cannot be taken back, so a check that fails is written down and told."""
    session, total = run.session, len(step.script.statements)
    await settings.restore(session, run.kept)  # the last statement may have left anything, even a read-only session
    unverified: StepFailed | None = None
    try:
        async with session.transaction(read_only=True):
            await verified(run, step)
    except StepFailed as error:
        unverified = error.stays(total, total)
        unverified.exit = Exit.VERIFY_FAILED
    async with session.transaction():
        await recording.record_done(run, step, "applied_unverified" if unverified else "applied")
        if run.knex:
            await knex.record(session, step, run.batch)
        await lock.fence(session)
    if unverified:
        raise unverified
