"""The screen of a run: what a person may do while it is at work, with runs that are told what to do."""

import asyncio

from console.migrate.reports import Event, Report, Result
from console.panes.migrations.course import Course
from console.panes.migrations.run_view import RunScreen
from tests.panes import looks
from tests.panes.pictures import opened, ready
from tests.ui.waiting import seen, until


class Stoppable:
    """A run that puts things in order when it is stopped, for as long as it is told to."""

    def __init__(self) -> None:
        self.stopped = asyncio.Event()
        self.in_order = asyncio.Event()
        self.ended = False

    async def __call__(self, tell: Report) -> Result:
        tell(Event("started", 0.0, versions=["005"]))
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.stopped.set()
            await self.in_order.wait()
            self.ended = True
            raise
        raise AssertionError("nothing else ends it")


async def test_a_run_is_stopped_once_and_comes_to_its_orderly_end() -> None:
    async with opened(looks.migrations()) as pilot:
        run, pane = Stoppable(), await ready(pilot)
        await pilot.app.push_screen(RunScreen(pane.database, run, "Applying 005", Course(["005_add_timescaledb"])))
        await pilot.press("C")
        await seen(pilot, "Stop: Applying 005?")
        await pilot.press("y")
        await run.stopped.wait()
        await until(pilot, lambda: "C" not in pilot.app.active_bindings)
        await pilot.press("C", "y", "ctrl+c", "y", "escape")
        await until(pilot, lambda: [note.message for note in pilot.app._notifications] == ["It is being stopped."])
        run.in_order.set()
        await seen(pilot, "005 was rolled back.")
        assert run.ended
