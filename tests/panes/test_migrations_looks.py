"""How a plan, a run and its end look, compared with pictures that were looked at and accepted."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from console.errors import ConsoleError, Exit
from console.migrate.plan.reports import Plan
from console.migrate.reports import Event, Failure, Result
from console.panes.migrations.models import Goal
from tests.panes import looks, plans
from tests.panes.test_looks import OTHER_SIZES, SIZES, Compare, Run
from tests.ui.waiting import drawn

BACK = Goal(back=True)


def planned(plan: Callable[[], Plan], *keys: str, goal: Goal = BACK, writable: bool = False) -> Run:
    """Open a plan, in the write window or not, and press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await plans.open_plan(pilot, plan, goal, writable=writable)
        await pilot.press(*keys)
        await drawn(pilot.app.screen)

    return run


def ran(result: Result | None, events: list[Event] | None = None) -> Run:
    """Open a run that tells of its course at once."""

    async def run(pilot: Pilot[Any]) -> None:
        await plans.open_run(pilot, events or plans.waiting(), result)
        await drawn(pilot.app.screen)

    return run


@pytest.mark.parametrize("size", SIZES)
def test_what_a_rollback_would_destroy(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=size, run_before=planned(plans.patients))


def test_what_has_to_be_typed(snap_compare: Compare) -> None:
    app = looks.console(looks.migrations())
    run = planned(plans.patients, "enter", "0", "0", "4", "enter", writable=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


def test_with_a_backup_first(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/home/ana/state")
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=(80, 24), run_before=planned(plans.patients, "B", writable=True))


def test_what_must_not_be_rolled_back(snap_compare: Compare) -> None:
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=(80, 24), run_before=planned(plans.audited, writable=True))


def test_applying_is_asked(snap_compare: Compare) -> None:
    app = looks.console(looks.migrations())
    run = planned(plans.pending, "enter", goal=Goal(back=False), writable=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize("size", OTHER_SIZES)
def test_a_run_that_waits(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=size, run_before=ran(None))


def test_a_run_that_is_done(snap_compare: Compare) -> None:
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=(80, 24), run_before=ran(Result(["005", "004"]), plans.finished()))


def test_a_run_that_failed(snap_compare: Compare) -> None:
    message = "004_add_patients_table.down.sql, line 9: Its locks were not to be had in 24 tries."
    state, hint = "Its transaction was rolled back.", "Let that transaction end, or end it, then try again."
    error = ConsoleError(message, state=state, hint=hint, exit=Exit.LOCK_BUDGET)
    failed = Failure("004", 3, "55P03", message, "004_add_patients_table.down.sql", 9)
    app = looks.console(looks.migrations())
    assert snap_compare(app, terminal_size=(80, 24), run_before=ran(Result(["005"], failed, [], error)))
