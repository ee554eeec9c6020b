"""Placing and releasing a legal hold from the console: named, asked about with a reason, told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from console.db.database import Database
from console.db.session import Session
from console.errors import ConsoleError
from console.services.retention import holding
from console.services.retention.models import Change, Hold
from console.services.storage_actions.partitions import spelled
from console.services.storage_actions.plan import Plan
from console.shared.acting import TOLD, question
from console.ui.confirm import ConfirmScreen
from console.ui.pane import Pane
from console.ui.value import ValueScreen


async def hold(pane: Pane[Database, Any], schema: str, table: str) -> None:
    """Hold a table, after its hold has a name and a reason."""
    title = f"Hold {schema}.{table}"
    name = await pane.app.push_screen_wait(ValueScreen(title, "What the hold is called:", holding.NAME))
    if name is None:
        return
    timescale = pane.database.known is not None and pane.database.known.flavour == "timescale"
    pausing = ("select alter_job(its retention job, scheduled => false)",) if timescale else ()
    plan = Plan(
        kind="retention.hold",
        target=f"{schema}.{table}",
        title=title,
        facts=(("hold", name),),
        statements=("insert into emr_console.hold ...", *pausing),
        consequence="While it stands, nothing here drops rows of the table, and its retention policy pauses.",
        verb="hold",
    )
    await _agreed(pane, plan, lambda session, why: holding.place(session, spelled(schema, table), name, why))


async def release(pane: Pane[Database, Any], holds: Sequence[Hold]) -> None:
    """Release a hold; of several a person says which."""
    first = holds[0]
    name: str | None = first.name
    if len(holds) > 1:
        label = f"Which one: {', '.join(each.name for each in holds)}"
        name = await pane.app.push_screen_wait(ValueScreen(f"Release a hold of {first.table}", label, first.name))
    chosen = next((each for each in holds if each.name == name), None)
    if chosen is None:
        return
    plan = Plan(
        kind="retention.release",
        target=chosen.table,
        title=f"Release the hold on {chosen.table}",
        facts=(("hold", chosen.told),),
        statements=("update emr_console.hold set released_at = ...",),
        consequence="After the last hold of a table its retention policy goes on, and drops what is old.",
        verb="release",
        typed=chosen.name,
    )
    table = spelled(chosen.table_schema, chosen.table_name)
    await _agreed(pane, plan, lambda session, why: holding.release(session, table, chosen.name, why))


async def _agreed(pane: Pane[Database, Any], plan: Plan, work: Callable[[Session, str], Awaitable[Change]]) -> None:
    """Ask, with a reason; do it; tell what became of it."""
    asking = ConfirmScreen(replace(question(pane.database, plan), reason=True))
    consent = pane.still(await pane.app.push_screen_wait(asking))
    if consent is None:
        return
    try:
        async with pane.database.act() as session:
            done = await work(session, consent.reason)
    except ConsoleError as error:
        pane.notify(error.sentence(), severity="error", timeout=TOLD)
        return
    finally:
        pane.action_now()
    pane.notify(f"{_told(plan.verb, done)} {done.where}", timeout=TOLD)


def _told(verb: str, done: Change) -> str:
    """What it has come to.

    >>> from datetime import UTC, datetime
    >>> hold = Hold(id=1, table_schema="public", table_name="t", name="case 17", reason="", placed_by="",
    ...             placed_at=datetime(2026, 1, 1, tzinfo=UTC), paused_jobs=[])
    >>> _told("hold", Change(hold, [1001], [], [], ""))
    'public.t: the hold "case 17" stands. Paused: job 1001.'
    """
    placed = verb == "hold"
    said = f'{done.hold.table}: the hold "{done.hold.name}" {"stands" if placed else "is released"}.'
    jobs = ", ".join(map(str, done.jobs))
    policy = f" {'Paused' if placed else 'Resumed'}: job {jobs}." if jobs else ""
    running = f" Job {', '.join(map(str, done.running))} is at work now and may finish." if done.running else ""
    others = f" Still held by {', '.join(done.others)}." if done.others else ""
    return f"{said}{policy}{running}{others}"
