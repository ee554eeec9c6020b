"""How the storage pane changes things: asks once, carries out one after the other, tells what became of each."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from console.db.database import Database
from console.errors import ConsoleError
from console.services.storage_actions.performing import perform
from console.services.storage_actions.plan import Plan
from console.services.storage_actions.several import Several
from console.shared.acting import TOLD, agreed, carried_out
from console.ui.pane import Pane
from console.ui.screens import attended
from console.ui.value import ValueScreen
from console.ui.working import Outcome, Step, WorkScreen


async def change(pane: Pane[Database, Any], planning: Awaitable[Plan | Several]) -> bool:
    """Plan, ask, carry out; what stands in the way is told. Whether somebody has agreed."""
    try:
        made = await planning
    except ConsoleError as error:
        pane.notify(error.sentence(), severity="error", timeout=TOLD)
        return False
    several = made if isinstance(made, Several) else Several(made, [made])
    if not attended(pane):
        return False  # the person has gone elsewhere meanwhile
    why = await agreed(pane, several.question)
    if why is not None:
        await _all(pane, several, why)
    return why is not None


async def typed(
    pane: Pane[Database, Any], title: str, label: str, now: str, make: Callable[[str], Awaitable[Plan]]
) -> None:
    """Ask for a value first, then go on with the plan that is made of it."""
    value = await pane.app.push_screen_wait(ValueScreen(title, label, now))
    if value is not None:
        await change(pane, make(value))


async def _all(pane: Pane[Database, Any], several: Several, why: str) -> None:
    """One is told in passing; several have a screen, on which nothing is missed."""
    if len(several.plans) == 1:
        await carried_out(pane, several.plans[0], why)
        return
    steps = [Step(plan.label, partial(_one, pane.database, plan, why)) for plan in several.plans]
    await pane.app.push_screen_wait(WorkScreen(several.question.title, steps))
    pane.action_now()


async def _one(db: Database, plan: Plan, why: str) -> Outcome:
    async with db.act() as session:
        done = await perform(session, plan, why)
    beside = f" {done.kept.sentence}" if done.kept.why else ""
    return Outcome(f"{done.said.sentence}{beside}")
