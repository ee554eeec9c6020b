"""How the fleet pane looks, and what its keys do."""

from typing import Any

import pytest

from console.panes.fleet.view import FleetPane
from console.ui.detail import DetailScreen
from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes import fleet_looks, looks
from tests.panes.test_looks import SIZES, Compare, when
from tests.ui.waiting import until


@pytest.mark.parametrize("size", SIZES[:2])
def test_busy_fleet(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(looks.console(fleet_looks.fleet()), terminal_size=size, run_before=when(State.DATA, "j"))


def test_no_fleet(snap_compare: Compare) -> None:
    app = looks.console(fleet_looks.fleet(fleet_looks.empty))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.EMPTY))


def test_a_fleet_that_cannot_be_read(snap_compare: Compare) -> None:
    app = looks.console(fleet_looks.fleet(fleet_looks.unreadable))
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.UNAVAILABLE))


def test_one_server(snap_compare: Compare) -> None:
    app = looks.console(fleet_looks.fleet())
    assert snap_compare(app, terminal_size=(80, 24), run_before=when(State.DATA, "enter"))


async def test_it_says_how_to_open_a_server() -> None:
    async with looks.console(fleet_looks.fleet()).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(pilot.app.query(Pane)) and pilot.app.query(Pane).first().state is State.DATA)
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
        page: Any = pilot.app.screen
        assert [block.text for block in page._blocks] == ["emr-console --profile reports"]


@pytest.mark.parametrize(("wanted", "got"), [(None, 30.0), (2.0, 10.0), (60.0, 60.0)])
def test_it_is_never_asked_often(wanted: float | None, got: float) -> None:
    pane: Any = object.__new__(FleetPane)
    pane.interval = FleetPane.INTERVAL
    pane.prefer(wanted)
    assert pane.interval == got
