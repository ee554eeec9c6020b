"""How a plan, a run and its end look, compared with pictures that were looked at and accepted."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.errors import ConsoleError, Exit
from console.migrate.plan.reports import Plan
from console.migrate.reports import Failure, Result
from console.panes.migrations.models import Goal
from tests.panes import looks
from tests.panes.migrations import plans
from tests.panes.pictures import LARGE, SMALL, Picture, opened

BACK = Goal(back=True)


async def planned(
    pilot: Pilot[Any], plan: Callable[[], Plan], *keys: str, goal: Goal = BACK, writable: bool = True
) -> None:
    """Open a plan, in the write window or not, and press keys."""
    await plans.open_plan(pilot, plan, goal, writable=writable)
    await pilot.press(*keys)


def failed() -> Result:
    """The way back of 005 came to its end, that of 004 did not."""
    message = "004_add_patients_table.down.sql, line 9: The locks it needs could not be taken in 24 tries."
    state, hint = "Its transaction was rolled back.", "Let that transaction end, or end it, then try again."
    error = ConsoleError(message, state=state, hint=hint, exit=Exit.LOCK_BUDGET)
    return Result(["005"], Failure("004", 3, "55P03", message, "004_add_patients_table.down.sql", 9), [], error)


async def test_a_plan(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/home/ana/state")
    async with opened(looks.migrations(), size=LARGE) as pilot:
        await planned(pilot, plans.patients, writable=False)
        await picture(pilot, "what a rollback would destroy", LARGE)
        await pilot.app.pop_screen()
        await pilot.resize_terminal(*SMALL)
        await planned(pilot, plans.patients, writable=False)
        await picture(pilot, "what a rollback would destroy", SMALL)
        await pilot.app.pop_screen()
        await planned(pilot, plans.patients, "enter", "0", "0", "4", "enter")
        await picture(pilot, "what has to be typed")
        await pilot.app.pop_screen()
        await planned(pilot, plans.patients, "B")
        await picture(pilot, "with a backup first")
        await pilot.app.pop_screen()
        await planned(pilot, plans.audited)
        await picture(pilot, "what must not be rolled back")
        await pilot.app.pop_screen()
        await planned(pilot, plans.pending, "enter", goal=Goal(back=False))
        await picture(pilot, "applying is asked")


async def test_a_run(picture: Picture) -> None:
    async with opened(looks.migrations()) as pilot:
        await plans.open_run(pilot, plans.waiting(), None)
        await picture(pilot, "waits")
        await pilot.app.pop_screen()
        await plans.open_run(pilot, plans.finished(), Result(["005", "004"]))
        await picture(pilot, "is done")
        await pilot.app.pop_screen()
        await plans.open_run(pilot, plans.waiting(), failed())
        await picture(pilot, "failed")


@pytest.mark.long
async def test_with_room(picture: Picture) -> None:
    async with opened(looks.migrations(), size=(200, 50)) as pilot:
        await planned(pilot, plans.patients, writable=False)
        await picture(pilot, "what a rollback would destroy")
        await pilot.app.pop_screen()
        await pilot.resize_terminal(*LARGE)
        await plans.open_run(pilot, plans.waiting(), None)
        await picture(pilot, "waits")
