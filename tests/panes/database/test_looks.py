"""How the database pane looks, and what its keys do."""

import asyncio
from typing import Any, ClassVar

from textual.pilot import Pilot

from console.panes.database.tables.view import TablesPane
from console.ui.detail import DetailScreen
from console.ui.notice import State
from console.ui.table import LineTable
from console.ui.tabs import TabbedPane
from tests.panes import looks
from tests.panes.database import looks as database_looks
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.panes.test_looks import when
from tests.ui.waiting import until


async def turned(pilot: Pilot[Any], tab: str, state: State = State.DATA) -> None:
    """Turn to a tab, and wait until it stands so."""
    pane = pilot.app.query_one(TabbedPane)
    await pane.action_show_tab(tab)
    await until(pilot, lambda: pane.state is state)


async def test_busy(picture: Picture) -> None:
    tabs = ["tables", "indexes", "replication", "progress"]
    async with opened(database_looks.database()) as pilot:
        await turned(pilot, "database")
        await pilot.press("j")
        await picture(pilot, "database", SMALL)
        await picture(pilot, "database", LARGE)
        await pilot.resize_terminal(*SMALL)
        for tab in tabs:
            await turned(pilot, tab)
            await pilot.press("j")
            await picture(pilot, tab, SMALL)
        await pilot.resize_terminal(*LARGE)
        for tab in tabs:
            await turned(pilot, tab)
            await picture(pilot, tab, LARGE)


async def test_other_moments(picture: Picture) -> None:
    replication, progress = Told(database_looks.on_a_standby), Told(database_looks.denied)
    pane = database_looks.database(database=database_looks.new_and_hidden, replication=replication, progress=progress)
    async with opened(pane) as pilot:
        await turned(pilot, "database")
        await picture(pilot, "new and hidden")
        await turned(pilot, "replication")
        await picture(pilot, "on a standby")
        await replication.now(pilot, database_looks.alone, State.EMPTY)
        await picture(pilot, "alone")
        await turned(pilot, "progress", State.UNAVAILABLE)
        await picture(pilot, "denied")
        await progress.now(pilot, database_looks.idle, State.EMPTY)
        await picture(pilot, "idle")


async def test_one_in_detail(picture: Picture) -> None:
    """A line that is judged shows what helps."""
    async with opened(database_looks.database()) as pilot:
        for tab, keys in (("indexes", ""), ("indexes", "jj"), ("replication", "")):
            await turned(pilot, tab)
            await pilot.press(*keys, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
            await picture(pilot, f"{tab} {keys}".strip())
            await pilot.press("escape")
        await turned(pilot, "database")
        await pilot.press("slash", *"cache", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
        page: Any = pilot.app.screen
        assert [block.text for block in page._blocks] == ["vacuum (analyze);"]
        await pilot.press("escape")
        await turned(pilot, "tables")
        await pilot.press("j", "j", "enter")
        await until(pilot, lambda: bool(pilot.app._notifications))
        await picture(pilot, "of a table, of which nobody tells")


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
