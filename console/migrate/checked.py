"""What a step asks before it begins and what must hold when it ends: its precondition and its verify file."""

from collections.abc import Sequence

from console.errors import ConsoleError, Exit, Refused, StatementFailed
from console.migrate import verify
from console.migrate.failed import NO_LOCK, StepFailed
from console.migrate.reports import Check
from console.migrate.run import Run
from console.migrate.step import Step
from console.units import number_of

_SHOWN_CHECKS = 5


async def met(run: Run, step: Step) -> None:
    """Refuse a step whose precondition does not hold."""
    if step.script.header.precondition is not None:
        async with run.session.transaction(read_only=True):
            await met_inside(run, step)


async def met_inside(run: Run, step: Step) -> None:
    """The same inside the transaction that is open."""
    condition = step.script.header.precondition
    if condition is None:
        return
    try:
        _, rows = await run.session.rows(condition)
    except StatementFailed as error:
        raise StepFailed(error, step, step.script) from error
    if [row[0] for row in rows] != [True]:
        raise Refused(
            f"{step.script.file} wants this to be true first: {condition}",
            state="It was not begun.",
            hint="See what it says at its head.",
        )


async def verified(run: Run, step: Step) -> None:
    """Ask a step's checks inside the transaction that is open; StepFailed names those that do not hold."""
    script = step.verify
    if script is None:
        return
    try:
        found = await verify.checks_inside(run.session, step.version, script)
    except StatementFailed as error:
        if error.sqlstate not in NO_LOCK:
            error.exit = Exit.VERIFY_FAILED
        raise StepFailed(error, step, script) from error
    wrong = verify.false_ones(found)
    if wrong:
        for check in wrong[:_SHOWN_CHECKS]:
            run.tell("note", step.version, message=f"Does not hold: {check.sentence()}.")
        raise StepFailed(_unverified(found, wrong), step, script)
    run.tell("verified", step.version, message=f"{number_of(len(found), 'check holds', 'checks hold')}")


def _unverified(found: Sequence[Check], wrong: Sequence[Check]) -> ConsoleError:
    """By name alone: it is kept in the ledger, and what a check found may be a row's value."""
    shown = "; ".join(check.name for check in wrong[:_SHOWN_CHECKS])
    return ConsoleError(f"{len(wrong)} of {len(found)} checks do not hold: {shown}.", exit=Exit.VERIFY_FAILED)
