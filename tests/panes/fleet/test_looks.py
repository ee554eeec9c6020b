"""How the fleet pane looks, and what its keys do."""

from typing import Any

import pytest

from console.panes.fleet.view import FleetPane
from console.ui.detail import DetailScreen
from console.ui.notice import State
from tests.panes.fleet import looks as fleet_looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.ui.waiting import until


async def test_a_fleet(picture: Picture) -> None:
    """It says how to open a server."""
    told = Told(fleet_looks.unreadable)
    async with opened(fleet_looks.fleet(told)) as pilot:
        await picture(pilot, "unreadable")
        await told.now(pilot, fleet_looks.empty, State.EMPTY)
        await picture(pilot, "empty")
        await told.now(pilot, fleet_looks.busy)
        await pilot.press("j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)
        await pilot.resize_terminal(*SMALL)
        await pilot.press("g", "enter")
        await picture(pilot, "one")
        await pilot.press("escape", "G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
        page: Any = pilot.app.screen
        assert [block.text for block in page._blocks] == ["emr-console --profile reports"]


@pytest.mark.parametrize(("wanted", "got"), [(None, 30.0), (2.0, 10.0), (60.0, 60.0)])
def test_it_is_never_asked_often(wanted: float | None, got: float) -> None:
    pane: Any = object.__new__(FleetPane)
    pane.interval = FleetPane.INTERVAL
    pane.prefer(wanted)
    assert pane.interval == got
