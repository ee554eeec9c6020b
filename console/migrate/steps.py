"""Steps one after the other, each committed before the next; the first that fails ends the run."""

from collections.abc import Sequence
from contextlib import suppress

from console.errors import ConnectionLost, ConsoleError, Refused
from console.migrate import ledger, recovery, runner, settings
from console.migrate.lock import LockGone
from console.migrate.reports import Failure, Result
from console.migrate.run import Run, finish
from console.migrate.runner import StepFailed
from console.migrate.step import Step, Up


async def perform_all(run: Run, steps: Sequence[Step]) -> Result:
    """Run every step; whatever happens, the result tells which are done, which failed, which were not begun."""
    run.tell("started", versions=[step.version for step in steps])
    done: list[str] = []
    for step in steps:
        waiting = [later.version for later in steps[len(done) + 1 :]]
        run.tell("migration", step.version, statements=len(step.script.statements), message=step.label)
        try:
            await _perform(run, step, done)
        except ConsoleError as error:
            if step.version in done:
                return await _stopped(run, step, error, done, waiting)
            if isinstance(error, ConnectionLost):
                return _lost(await recovery.committed(run, step), error, step, done, waiting)
            return await _failed(run, step, error, done, waiting)
        except BaseException:  # the person stopped it, perhaps while the COMMIT was on its way
            with suppress(ConsoleError):
                if step.version not in done and await recovery.is_done(run, step, run.session):
                    _tell_done(run, step)
                await finish(run, "interrupted")
            raise
    await _end(run, "done")
    return Result(done)


async def _perform(run: Run, step: Step, done: list[str]) -> None:
    """One step, done once it is committed, whatever becomes of the session afterwards."""
    await runner.perform(run, step)
    done.append(step.version)
    _tell_done(run, step)
    await settings.restore(run.session, run.kept)


def _tell_done(run: Run, step: Step) -> None:
    run.tell("applied" if isinstance(step, Up) else "rolled_back", step.version, message=step.label)


async def _end(run: Run, outcome: str) -> None:
    """Write the run's end. The result must reach the person even if the server takes no more words."""
    try:
        await finish(run, outcome)
    except ConsoleError as error:
        run.tell("note", message=f"The end of the run could not be written; the next one will. {error.message}")


async def _stopped(run: Run, step: Step, error: ConsoleError, done: list[str], waiting: list[str]) -> Result:
    """The result when the session could not be made ready for the next step."""
    await _end(run, "failed")
    return Result(done, None, waiting, _restated(error, _committed(step)))


async def _failed(run: Run, step: Step, error: ConsoleError, done: list[str], waiting: list[str]) -> Result:
    failure = failure_of(error, step)
    run.tell("failed", step.version, statement=failure.statement, line=failure.line, message=error.message)
    if not isinstance(error, LockGone):  # without the lock the ledger belongs to somebody else
        if not isinstance(error, Refused):
            await _record(run, step, failure)
        await _end(run, "failed")
    return Result(done, failure, waiting, error)


async def _record(run: Run, step: Step, failure: Failure) -> None:
    try:
        await ledger.record_failure(run.session, step, run.id, run.operator, failure)
    except ConsoleError as error:
        run.tell("note", step.version, message=f"The failure could not be written into the ledger. {error.message}")


def failure_of(error: ConsoleError, step: Step) -> Failure:
    """Where a step failed, for scripts."""
    if isinstance(error, StepFailed):
        return error.failure
    return Failure(step.version, None, error.sqlstate, error.message, step.script.file, None)


def _lost(committed: bool | None, error: ConsoleError, step: Step, done: list[str], waiting: list[str]) -> Result:
    """The result after a lost connection, once it is known what became of the step."""
    if committed:
        return Result([*done, step.version], None, waiting, _restated(error, _committed(step)))
    state = (
        f"{step.label} was rolled back; nothing of it was changed."
        if committed is False
        else f"Whether {step.label} was committed is not known yet."
    )
    restated = _restated(error, state)
    failure = Failure(step.version, None, error.sqlstate, f"{error.message} {state}", step.script.file, None)
    return Result(done, failure, waiting, restated)


def _committed(step: Step) -> str:
    return f"{step.label} was committed; the run stopped after it."


def _restated(error: ConsoleError, state: str) -> ConsoleError:
    return ConsoleError(
        error.message,
        state=state,
        hint="See emr-console migrate status, then start it again.",
        exit=error.exit,
        sqlstate=error.sqlstate,
    )
