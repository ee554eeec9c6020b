"""`migrate down --emergency`: lock, backup, and everything back in one transaction, or nothing at all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from console.db.target import Target
from console.errors import ConnectionLost, ConsoleError, Refused, UsageError
from console.migrate import recovery
from console.migrate.backup.models import Backup, Wish
from console.migrate.backup.service import NOTHING_SPECIAL
from console.migrate.down import agreed
from console.migrate.emergency import together
from console.migrate.emergency.backing import NOTHING_DONE, backed_up
from console.migrate.emergency.room import require_room
from console.migrate.emergency.stopped import write_down
from console.migrate.failed import StepFailed
from console.migrate.files import Folder
from console.migrate.reports import Failure, Report, Result
from console.migrate.run import Run, finish, locked, start
from console.migrate.selection import UNCHANGED, Back
from console.migrate.step import Down
from console.migrate.steps import BrokenOff, end, ending, failed, restated, tell_left
from console.migrate.terms import Terms


async def emergency(
    target: Target,
    folder: Folder,
    report: Report,
    terms: Terms,
    back: Back,
    parent: Path,
    wish: Wish = NOTHING_SPECIAL,
) -> Result:
    """Undo what is applied, as far as `back` says, after a proved backup below `parent`, unless something has changed.

    Raises what stands in the way before anything was written; a failed backup (exit 50), a change since (exit 14) and
    everything later are told by the result, and leave everything as it was.
    """
    if not terms.reason:
        raise UsageError("An emergency rollback needs a reason.", state=UNCHANGED, hint="Say why: --reason TEXT.")
    async with locked(target, report, role=terms.role, lock_wait=terms.lock_wait) as run:
        try:
            standing, steps = await agreed(run, folder, replace(terms, backed_up=True), back)
            _refuse_apart(run, steps)
            await require_room(run.session)
        except ConsoleError as error:
            await write_down(run, "emergency_refused", error.message, terms.reason)
            raise
        if not steps:
            return Result()
        await start(run, "emergency", standing, target=back.target, reason=terms.reason)
        run.tell("started", versions=[step.version for step in steps])
        return await _perform(run, steps, parent, wish)


def _refuse_apart(run: Run, steps: Sequence[Down]) -> None:
    """Stop where one transaction, or a snapshot beside it, is not to be had."""
    apart = [step.script.file for step in steps if not step.script.header.transaction]
    if apart:
        raise Refused(
            f"{', '.join(apart)} says transaction = off; an emergency rollback is one transaction or nothing.",
            state=UNCHANGED,
            hint="Make a backup with migrate backup, then roll back without --emergency.",
        )
    if run.session.single_session:
        raise Refused(
            "This server is one session for everybody, so nothing can be dumped while the rollback's lock is held.",
            state=UNCHANGED,
            hint="Make a backup with migrate backup, then roll back without --emergency.",
        )


async def _perform(run: Run, steps: Sequence[Down], parent: Path, wish: Wish) -> Result:
    made: Backup | None = None
    try:
        made = await backed_up(run, parent, wish)
        await together.perform(run, steps, made.manifest.tables)
    except ConnectionLost as error:
        return replace(await _lost(run, steps, error), backup=made)
    except ConsoleError as error:
        return replace(await _failed(run, steps, error), backup=made)
    except BaseException as error:  # perhaps while the COMMIT was on its way
        with suppress(ConsoleError):
            await _broken_off(run, steps, ending(run, error))
        raise
    _tell_done(run, steps)
    await end(run, "done")
    return Result([step.version for step in steps], backup=made)


def _tell_done(run: Run, steps: Sequence[Down]) -> None:
    for step in steps:
        run.tell("rolled_back", step.version, message=step.label)


async def _failed(run: Run, steps: Sequence[Down], error: ConsoleError) -> Result:
    """The result of one that failed: whichever step it was, none of them is done."""
    if isinstance(error, Refused):
        await write_down(run, "emergency_refused", error.message)
    at = error.failure.version if isinstance(error, StepFailed) else steps[0].version
    step = next(step for step in steps if step.version == at)
    return await failed(run, step, error, [], [each.version for each in steps if each is not step])


async def _lost(run: Run, steps: Sequence[Down], error: ConnectionLost) -> Result:
    """The result after a lost connection: the last step's row tells of all of them."""
    outcome = await recovery.outcome(run, steps[-1])
    told = restated(error, f"{outcome.state} The same holds for all of them: they are one transaction.")
    versions = [step.version for step in steps]
    if outcome.committed:
        return Result(versions, error=told)
    failure = Failure(versions[0], None, error.sqlstate, f"{error.message} {told.state}", steps[0].script.file, None)
    return Result([], failure, versions[1:], told)


async def _broken_off(run: Run, steps: Sequence[Down], ended: BrokenOff) -> None:
    """Tell what became of all of them; a cancel that comes too early for the server costs the session."""
    last = steps[-1]
    if run.session.closed:
        outcome = await recovery.outcome(run, last)
    else:
        outcome = recovery.Outcome(await recovery.is_done(run, last, run.session), NOTHING_DONE)
    if outcome.committed:
        _tell_done(run, steps)
    else:
        tell_left(run, steps[0].version, ended, outcome.state)
        await write_down(run, ended, outcome.state)
    await finish(run, ended)
