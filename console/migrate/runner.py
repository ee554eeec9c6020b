"""One step in one transaction: BEGIN, limits, statements, verify, ledger row, fence, COMMIT; tried again while a lock
is not to be had."""

import asyncio
from collections.abc import Sequence

from console.db.query import Query
from console.errors import ConsoleError, Exit, LockTimeout, Refused, StatementFailed
from console.migrate import knex, ledger, lock, settings, verify
from console.migrate.files import Script
from console.migrate.reports import Check, Failure
from console.migrate.run import Run
from console.migrate.step import Step
from console.migrate.tries import STATEMENT_TIMEOUT, Try, jittered, tries
from console.migrate.watch import Watch
from console.sql.lexer import Statement

_LIMITS = Query(__package__, "limits")
_NO_LOCK = frozenset({"55P03", "40P01"})
_SHOWN_CHECKS = 5


class StepFailed(ConsoleError):
    """A step failed and its transaction left nothing behind."""

    def __init__(
        self, error: ConsoleError, step: Step, script: Script, *, statement: int | None = None, line: int | None = None
    ) -> None:
        place = f"{script.file}, line {line}: " if line else f"{script.file}: "
        super().__init__(
            place + error.message,
            state="Its transaction was rolled back; nothing of it was changed.",
            hint=error.hint,
            exit=error.exit,
            sqlstate=error.sqlstate,
        )
        self.failure = Failure(step.version, statement, error.sqlstate, error.message, script.file, line)
        """The same for scripts."""


async def perform(run: Run, step: Step) -> None:
    """Run one step until it is committed.

    StepFailed tells where and why it was not; ConnectionLost tells nothing: the outcome has to be looked up.
    """
    await _precondition(run, step)
    schedule = list(tries(step.script.header.lock_timeout, step.script.header.stall_budget))
    async with Watch(run.target, run.session.pid) as watch:
        for number, each in enumerate(schedule, 1):
            try:
                await _try(run, step, each, watch if number > 1 else None)
            except StepFailed as error:
                if error.sqlstate not in _NO_LOCK:
                    raise
                if number == len(schedule):
                    raise _budget_spent(error, step, schedule, watch) from error
                await _pause(run, step, number, each, watch)
            else:
                return


async def _try(run: Run, step: Step, each: Try, watch: Watch | None) -> None:
    """One try; watched from the second on, when somebody is known to be in the way."""
    if watch is None or run.session.single_session:
        await _once(run, step, each)
    else:
        async with watch.looking(each.lock_timeout / 2_000):
            await _once(run, step, each)


async def _once(run: Run, step: Step, each: Try) -> None:
    session, script = run.session, step.script
    await lock.fence(session)
    try:
        async with session.transaction():
            await session.run(_LIMITS, **_limits(script, each))
            for number, statement in enumerate(script.statements, 1):
                await _statement(run, step, number, statement)
            await _verified(run, step)
            await settings.be_ourselves(session, run.kept)
            await ledger.record_done(session, step, run.id, run.operator, run.batch)
            if run.knex:
                await knex.record(session, step, run.batch)
            await lock.fence(session)
    except StatementFailed as error:  # not one of the file's own: a deferred constraint at COMMIT, or the ledger
        raise StepFailed(error, step, script) from error


def _limits(script: Script, each: Try) -> dict[str, object]:
    wanted = script.header.statement_timeout
    timeout = STATEMENT_TIMEOUT if wanted is None else wanted
    return {"lock_timeout": str(each.lock_timeout), "statement_timeout": str(timeout)}


async def _statement(run: Run, step: Step, number: int, statement: Statement) -> None:
    total = len(step.script.statements)
    run.tell("statement", step.version, statement=number, statements=total, line=statement.line)
    name = lock.progress(run.operator, step.version, number, total).replace("'", "")
    publish = f"set application_name = '{name}'; "  # travels along: by itself it would double the round trips
    try:
        await run.session.execute(publish + statement.text)
    except StatementFailed as error:
        line = line_of(statement, error, len(publish))
        raise StepFailed(error, step, step.script, statement=number, line=line) from error


def line_of(statement: Statement, error: StatementFailed, before: int) -> int:
    """The line of the file that the server points at, the statement's first where it points nowhere.

    `before` is how many characters were sent before the statement.
    """
    position = error.diagnosis.position if error.diagnosis else None
    return statement.line + statement.text.count("\n", 0, position - 1 - before) if position else statement.line


async def _verified(run: Run, step: Step) -> None:
    script = step.verify
    if script is None:
        return
    try:
        found = await verify.checks_inside(run.session, step.version, script)
    except StatementFailed as error:
        if error.sqlstate not in _NO_LOCK:
            error.exit = Exit.VERIFY_FAILED
        raise StepFailed(error, step, script) from error
    wrong = verify.false_ones(found)
    if wrong:
        raise StepFailed(_unverified(found, wrong), step, script)
    run.tell("verified", step.version, message=f"{len(found)} checks hold")


def _unverified(found: Sequence[Check], wrong: Sequence[Check]) -> ConsoleError:
    shown = "; ".join(check.sentence() for check in wrong[:_SHOWN_CHECKS])
    return ConsoleError(f"{len(wrong)} of {len(found)} checks do not hold: {shown}.", exit=Exit.VERIFY_FAILED)


async def _precondition(run: Run, step: Step) -> None:
    condition = step.script.header.precondition
    if condition is None:
        return
    try:
        async with run.session.transaction(read_only=True):
            _, rows = await run.session.rows(condition)
    except StatementFailed as error:
        raise StepFailed(error, step, step.script) from error
    if [row[0] for row in rows] != [True]:
        raise Refused(
            f"{step.script.file} wants this to be true first: {condition}",
            state="It was not begun.",
            hint="See what it says at its head.",
        )


async def _pause(run: Run, step: Step, number: int, each: Try, watch: Watch) -> None:
    message = f"No lock within {each.lock_timeout} ms (try {number}){watch.seen}"
    run.tell("waiting", step.version, message=message, blockers=watch.blockers)
    await asyncio.sleep(jittered(each.pause))


def _budget_spent(error: StepFailed, step: Step, schedule: Sequence[Try], watch: Watch) -> StepFailed:
    waited = sum(each.lock_timeout for each in schedule) / 1_000
    spent = LockTimeout(
        f"Its locks were not to be had in {len(schedule)} tries and {waited:g} s of waiting{watch.seen}.",
        hint="Let that transaction end, or end it, then try again.",
        sqlstate=error.sqlstate,
    )
    failure = error.failure
    return StepFailed(spent, step, step.script, statement=failure.statement, line=failure.line)
