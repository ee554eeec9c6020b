"""How the database pane looks, and what its keys do."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot

from console.panes.database.tables.view import TablesPane
from console.ui.detail import DetailScreen
from console.ui.notice import State
from console.ui.table import LineTable
from console.ui.tabs import TabbedPane
from tests.panes import database_looks, looks
from tests.panes.test_looks import SIZES, Compare, Run, when
from tests.ui.waiting import drawn, until

TABS = ["database", "tables", "indexes", "replication", "progress"]


def on(tab: str, *keys: str, state: State = State.DATA) -> Run:
    """Turn to a tab, wait for a state, then press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await when(State.DATA)(pilot)
        pane = pilot.app.query_one(TabbedPane)
        await pane.action_show_tab(tab)
        await until(pilot, lambda: pane.state is state)
        await pilot.press(*keys)
        await drawn(pilot.app.screen)

    return run


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("size", SIZES[:2])
def test_busy(snap_compare: Compare, size: tuple[int, int], tab: str) -> None:
    app = looks.console(database_looks.database())
    assert snap_compare(app, terminal_size=size, run_before=on(tab, "j"))


@pytest.mark.parametrize(
    ("tab", "answer", "state"),
    [
        ("database", database_looks.new_and_hidden, State.DATA),
        ("replication", database_looks.on_a_standby, State.DATA),
        ("replication", database_looks.alone, State.EMPTY),
        ("progress", database_looks.idle, State.EMPTY),
        ("progress", database_looks.denied, State.UNAVAILABLE),
    ],
)
def test_other_moments(snap_compare: Compare, tab: str, answer: Callable[[], Any], state: State) -> None:
    app = looks.console(database_looks.database(**{tab: answer}))
    assert snap_compare(app, terminal_size=(80, 24), run_before=on(tab, state=state))


@pytest.mark.parametrize(("tab", "keys"), [("indexes", ""), ("indexes", "jj"), ("replication", ""), ("tables", "jj")])
def test_one_in_detail(snap_compare: Compare, tab: str, keys: str) -> None:
    app = looks.console(database_looks.database())
    assert snap_compare(app, terminal_size=(80, 24), run_before=on(tab, *keys, "enter"))


class Slow(TablesPane):
    """Measures until it is told to go on."""

    SHORT: ClassVar = "Tab"
    KEY: ClassVar = "5"
    gate: asyncio.Event
    stopped = False

    async def measure(self) -> dict[int, int]:
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return {3: 2**30}


async def test_m_measures_and_esc_stops_it() -> None:
    pane = looks.fed(Slow, database_looks.tables)
    app = looks.console(pane)
    async with app.run_test(size=(80, 24)) as pilot:
        await when(State.DATA)(pilot)
        shown = app.query_one(pane)
        shown.gate = asyncio.Event()  # type: ignore[attr-defined]  # of Slow
        await pilot.press("m", "escape")
        await until(pilot, lambda: bool(shown.stopped))  # type: ignore[attr-defined]  # of Slow
        assert not shown.paused, "esc stopped the measuring, not the polling"
        assert "~912 MB" in sizes(app.query_one(LineTable))
        await pilot.press("m")
        shown.gate.set()  # type: ignore[attr-defined]  # of Slow
        await until(pilot, lambda: "1.00 GB" in sizes(app.query_one(LineTable)))


async def test_m_before_there_is_anything_to_show() -> None:
    pane = looks.fed(Slow, database_looks.denied)
    app = looks.console(pane)
    async with app.run_test(size=(80, 24)) as pilot:
        await when(State.UNAVAILABLE)(pilot)
        shown = app.query_one(pane)
        shown.gate = asyncio.Event()  # type: ignore[attr-defined]  # of Slow
        shown.gate.set()  # type: ignore[attr-defined]  # of Slow
        await pilot.press("m")
        await until(pilot, lambda: shown.sizes == {3: 2**30})  # type: ignore[attr-defined]  # of Slow
        assert shown.state is State.UNAVAILABLE


def sizes(table: LineTable[Any]) -> list[str]:
    (column,) = [column for column in table.columns if column.id == "size"]
    return [column.written(row) for row in table.rows.shown]


async def test_a_line_that_is_judged_shows_what_helps() -> None:
    app = looks.console(database_looks.database())
    async with app.run_test(size=(80, 24)) as pilot:
        await on("database", "slash", *"cache", "enter", "enter")(pilot)
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        page = app.screen
        assert isinstance(page, DetailScreen)
        assert [block.text for block in page._blocks] == ["vacuum (analyze);"]
