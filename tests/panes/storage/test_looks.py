"""How the storage pane looks, and how one goes down to the chunks and back."""

from typing import Any

from textual.pilot import Pilot

from console.panes.storage.chunks import ChunksPane
from console.panes.storage.strip import Strip
from console.panes.storage.view import StoragePane
from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes.pictures import LARGE, SMALL, Picture, Told, opened
from tests.panes.storage import looks as storage_looks
from tests.ui.waiting import until


async def turned(pilot: Pilot[Any], tab: str, state: State = State.DATA) -> None:
    """Turn to a tab, and wait until it stands so."""
    pane = pilot.app.query_one(StoragePane)
    await pane.action_show_tab(tab)
    await until(pilot, lambda: pane.state is state)


async def into_chunks(pilot: Pilot[Any]) -> ChunksPane:
    """Open the chunks of audit_logs."""
    await pilot.press("j", "enter")
    await until(pilot, lambda: bool(pilot.app.query(ChunksPane)))
    pane: ChunksPane = pilot.app.query_one(ChunksPane)
    await until(pilot, lambda: pane.state is State.DATA)
    return pane


async def test_hypertables(picture: Picture) -> None:
    told = Told(storage_looks.denied)
    async with opened(storage_looks.storage(told)) as pilot:
        await picture(pilot, "denied")
        await told.now(pilot, storage_looks.idle, State.EMPTY)
        await picture(pilot, "no table is divided")
        await told.now(pilot, storage_looks.apache)
        await picture(pilot, "under the apache licence")
        await told.now(pilot, storage_looks.busy)
        await pilot.press("g", "j")
        await picture(pilot, "busy", SMALL)
        await picture(pilot, "busy", LARGE)


async def test_aggregates_and_retention(picture: Picture) -> None:
    told = Told(storage_looks.unlicensed)
    async with opened(storage_looks.storage(views=told)) as pilot:
        await turned(pilot, "aggregates", State.UNAVAILABLE)
        await picture(pilot, "aggregates under the apache licence")
        await told.now(pilot, storage_looks.aggregates)
        await pilot.press("j")
        await picture(pilot, "aggregates", SMALL)
        await turned(pilot, "retention")
        await pilot.press("j")
        await picture(pilot, "retention", SMALL)
        await picture(pilot, "retention", LARGE)
        await turned(pilot, "aggregates")
        await picture(pilot, "aggregates", LARGE)


async def test_down_to_the_chunks_and_back(picture: Picture) -> None:
    """Only the list on screen asks; the cursor of the tables is where it was; the strip follows that of the chunks."""
    told = Told(storage_looks.chunks)
    async with opened(storage_looks.storage(parts=told)) as pilot:
        chunks = await into_chunks(pilot)
        await pilot.press("j", "j", "j")
        await picture(pilot, "chunks on their timeline", SMALL)
        await picture(pilot, "chunks on their timeline", LARGE)
        await pilot.resize_terminal(*SMALL)
        storage = pilot.app.query_one(StoragePane)
        assert [pane.display for pane in storage.shown.query(Pane)] == [False, True]
        assert chunks.divided.table_name == "audit_logs"
        strip = chunks.query_one(Strip)
        first = strip.line(1)
        await pilot.press("G")
        await until(pilot, lambda: strip.line(1) != first)
        await pilot.press("t")
        assert storage.shown.NAME == "aggregates"
        await pilot.press("T", *"/state:partial", "enter", "escape")
        assert chunks.display, "a filter on chunks is cleared before one goes back"
        await told.now(pilot, storage_looks.many_chunks)
        await pilot.press("G")
        await picture(pilot, "five thousand chunks")
        await pilot.press("escape")
        await until(pilot, lambda: not chunks.display)
        assert storage.shown.NAME == "hypertables"
