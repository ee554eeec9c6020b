"""Tried again while a lock is not to be had: with short waits, between which others go on, and never without end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from console.errors import LockTimeout
from console.migrate.failed import NO_LOCK, StepFailed
from console.migrate.run import Run
from console.migrate.step import Step
from console.migrate.tries import Try, jittered, tries
from console.migrate.watch import Watch


async def until_locked(run: Run, step: Step, watch: Watch, once: Callable[[Try], Awaitable[None]]) -> None:
    """Call `once` until no lock is missing; StepFailed names who was in the way when the budget is spent."""
    header = step.script.header
    schedule = list(tries(header.lock_timeout, header.stall_budget))
    for number, each in enumerate(schedule, 1):
        try:
            await _try(run, each, watch if number > 1 else None, once)
        except StepFailed as error:
            if error.sqlstate not in NO_LOCK:
                raise
            if number == len(schedule):
                raise _budget_spent(error, step, schedule, watch) from error
            await _pause(run, step, number, each, watch)
        else:
            return


async def _try(run: Run, each: Try, watch: Watch | None, once: Callable[[Try], Awaitable[None]]) -> None:
    """One try; watched from the second on, when somebody is known to be in the way."""
    if watch is None or run.session.single_session:
        await once(each)
    else:
        async with watch.looking(each.lock_timeout / 2_000):
            await once(each)


async def _pause(run: Run, step: Step, number: int, each: Try, watch: Watch) -> None:
    message = f"No lock within {each.lock_timeout} ms (try {number}){watch.news()}"
    run.tell("waiting", step.version, message=message, blockers=watch.blockers)
    await asyncio.sleep(jittered(each.pause))


def _budget_spent(error: StepFailed, step: Step, schedule: Sequence[Try], watch: Watch) -> StepFailed:
    waited = sum(each.lock_timeout for each in schedule) / 1_000
    often = "1 try" if len(schedule) == 1 else f"{len(schedule)} tries"
    spent = LockTimeout(
        f"The locks it needs could not be taken in {often} ({waited:g} s of waiting at most){watch.seen}.",
        hint="Let that transaction end, or end it, then try again.",
        sqlstate=error.sqlstate,
    )
    failure = error.failure
    return StepFailed(spent, step, step.script, statement=failure.statement, line=failure.line)
