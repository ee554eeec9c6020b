"""After a lost connection: was it committed? Asked of the same database once the old session is gone, never guessed."""

import asyncio
from dataclasses import dataclass

from console.db.query import Query
from console.db.session import Session
from console.errors import ConnectionFailed, ConsoleError
from console.migrate import journal
from console.migrate.journal_models import done
from console.migrate.models import Recorded
from console.migrate.reports import done_and_stay
from console.migrate.run import IDENTITY, LANE, Run
from console.migrate.server_models import Identity, YesNo
from console.migrate.step import Step, Up
from console.migrate.tries import CATALOGUES

RECONNECT_SECONDS = 20.0
"""How long a server may take to be back."""

SESSION_SECONDS = 60.0
"""How long the old session may take to notice that nobody listens; the server looks every second."""

_EVERY = 0.25
_ALIVE = Query(__package__, "alive")
_RECORDED = Query(__package__, "recorded")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step whose connection was lost."""

    committed: bool
    """Whether it is done."""
    state: str
    """A sentence about it."""


async def outcome(run: Run, step: Step) -> Outcome:
    """Look up what became of a step; where nobody answers, it says so."""
    run.tell("checking", step.version, message="The connection was lost; checking whether it was committed.")
    await run.session.close()  # so that the server sees the end of it, too
    try:
        async with asyncio.timeout(RECONNECT_SECONDS):
            session = await _reconnect(run)
        async with session, asyncio.timeout(SESSION_SECONDS):
            return await _decide(run, step, session)
    except (TimeoutError, ConsoleError):
        return Outcome(committed=False, state=f"Whether {step.label} was committed is not known yet.")


async def _reconnect(run: Run) -> Session:
    while True:
        try:
            return await Session.open(run.target, LANE, settings=CATALOGUES, read_only=True)
        except ConnectionFailed:
            await asyncio.sleep(_EVERY)


async def _decide(run: Run, step: Step, session: Session) -> Outcome:
    """With several hosts in the address another server may answer: its ledger would tell of something else."""
    was, now = run.identity, await session.fetch_one(IDENTITY, Identity)
    if was is None or (was.cluster, was.database) != (now.cluster, now.database):
        raise ConnectionFailed("Another database answers now.")
    while (await session.fetch_one(_ALIVE, YesNo, pid=run.session.pid, backend_start=was.backend_start)).yes:  # noqa: ASYNC110 - the server sends no event
        await asyncio.sleep(_EVERY)
    if await is_done(run, step, session):
        return Outcome(committed=True, state=f"{step.label} was committed; the run stopped after it.")
    return Outcome(committed=False, state=await _left(run, step, session))


async def _left(run: Run, step: Step, session: Session) -> str:
    """What stays of a step that is not done."""
    if step.script.header.transaction:
        return f"{step.label} was rolled back; nothing of it was changed."
    entries = await journal.entries(session, run.id, step.version)
    return (
        f"{done_and_stay(done(entries), f'{len(step.script.statements)} statements of {step.label}')};"
        f" the next start decides about the one that was at work."
    )


async def is_done(run: Run, step: Step, session: Session) -> bool:
    """Whether the ledger says that this run has done the step."""
    rows = {row.version: row for row in await session.fetch(_RECORDED, Recorded)}
    row = rows.get(step.version)
    if isinstance(step, Up):
        return row is not None and row.run_id == run.id and row.state.startswith("applied")
    return row is None
