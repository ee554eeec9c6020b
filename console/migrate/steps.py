"""Steps one after the other, each committed before the next; the first that fails ends the run."""

from asyncio import CancelledError
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from console.errors import ConnectionLost, ConsoleError, Defect, Refused
from console.migrate import recording, recovery, runner, settings
from console.migrate.doubt import settle_one
from console.migrate.failed import StepFailed
from console.migrate.lock import LockGone
from console.migrate.reports import Failure, Result
from console.migrate.run import Run, finish
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
                return _lost(await recovery.outcome(run, step), error, step, done, waiting)
            return await failed(run, step, error, done, waiting)
        except BaseException as error:  # perhaps while the COMMIT was on its way
            with suppress(ConsoleError):
                await _broken_off(run, step, done, ending(run, error))
            raise
    await end(run, "done")
    return Result(done)


async def _perform(run: Run, step: Step, done: list[str]) -> None:
    """One step, done once it is committed, whatever becomes of the session afterwards."""
    await runner.perform(run, step)
    done.append(step.version)
    _tell_done(run, step)
    await settings.restore(run.session, run.kept)


def _tell_done(run: Run, step: Step) -> None:
    run.changed = True
    run.tell("applied" if isinstance(step, Up) else "rolled_back", step.version, message=step.label)


BrokenOff = Literal["interrupted", "failed"]
"""How a run ends that came to no end of its own."""


def ending(run: Run, error: BaseException) -> BrokenOff:
    """By the person, or by a mistake of ours, which is told."""
    if isinstance(error, CancelledError | KeyboardInterrupt):
        return "interrupted"
    run.tell("note", message=Defect.of(error).message)
    return "failed"


def tell_left(run: Run, version: str, outcome: BrokenOff, left: str) -> None:
    """What stays of a migration that was broken off."""
    run.tell("interrupted" if outcome == "interrupted" else "note", version, message=left)


async def _broken_off(run: Run, step: Step, done: list[str], outcome: BrokenOff) -> None:
    """Find out what became of a step that was broken off, also where the session did not survive it."""
    if run.session.closed:
        tell_left(run, step.version, outcome, (await recovery.outcome(run, step)).state)
        return
    if step.version not in done:
        if await recovery.is_done(run, step, run.session):
            _tell_done(run, step)
        else:
            tell_left(run, step.version, outcome, await _left(run, step))
    await end(run, outcome)


async def _left(run: Run, step: Step) -> str:
    """What stays of a step that was broken off."""
    if step.script.header.transaction:
        return f"{step.label} was rolled back; nothing of it was changed."
    run.changed = True
    return await settle_one(run, step.version) or f"{step.label} was not begun."


async def end(run: Run, outcome: str) -> None:
    """Write the run's end. The result must reach the person even if the server takes no more words."""
    try:
        if run.changed:
            await _snapshot(run)
        await finish(run, outcome)
    except ConsoleError as error:
        run.tell("note", message=f"The end of the run could not be written; the next one will. {error.message}")


async def _snapshot(run: Run) -> None:
    """Keep what the schema looks like now, so that what others change is seen."""
    from console.migrate.fingerprint.snapshot import record_snapshot  # only after what matters is done

    complaint = await record_snapshot(run.session, run.id)
    if complaint:
        run.tell("note", message=complaint)


async def _stopped(run: Run, step: Step, error: ConsoleError, done: list[str], waiting: list[str]) -> Result:
    """The result when the session could not be made ready for the next step."""
    await end(run, "failed")
    return Result(done, None, waiting, restated(error, _committed(step)))


async def failed(run: Run, step: Step, error: ConsoleError, done: list[str], waiting: list[str]) -> Result:
    """The result of a run that failed at a step, once that is told and written down."""
    failure = failure_of(error, step)
    run.tell("failed", step.version, statement=failure.statement, line=failure.line, message=error.message)
    if not isinstance(error, LockGone):  # without the lock the ledger belongs to somebody else
        await _record(run, step, error, failure)
        await end(run, "failed")
    return Result(done, failure, waiting, error)


async def _record(run: Run, step: Step, error: ConsoleError, failure: Failure) -> None:
    """Write a failure down. A refusal is none, and what stopped between two statements stands in the journal."""
    try:
        if isinstance(error, StepFailed):
            run.changed = run.changed or error.partial
            await recording.record_failure(run, step, failure, done=error.done, partial=error.partial)
        elif step.script.header.transaction and not isinstance(error, Refused):
            await recording.record_failure(run, step, failure)
    except ConsoleError as unwritten:
        run.tell("note", step.version, message=f"The failure could not be written into the ledger. {unwritten.message}")


def failure_of(error: ConsoleError, step: Step) -> Failure:
    """Where a step failed, for scripts."""
    if isinstance(error, StepFailed):
        return error.failure
    return Failure(step.version, None, error.sqlstate, error.message, step.script.file, None)


def _lost(outcome: recovery.Outcome, error: ConsoleError, step: Step, done: list[str], waiting: list[str]) -> Result:
    """The result after a lost connection, once it is known what became of the step."""
    told = restated(error, outcome.state)
    if outcome.committed:
        return Result([*done, step.version], None, waiting, told)
    failure = Failure(step.version, None, error.sqlstate, f"{error.message} {outcome.state}", step.script.file, None)
    return Result(done, failure, waiting, told)


def _committed(step: Step) -> str:
    return f"{step.label} was committed; the run stopped after it."


def restated(error: ConsoleError, state: str) -> ConsoleError:
    """The same error, with what has become known of the state."""
    return ConsoleError(
        error.message,
        state=state,
        hint="See emr-console migrate status, then start it again.",
        exit=error.exit,
        sqlstate=error.sqlstate,
    )
