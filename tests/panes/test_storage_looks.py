"""How the storage pane looks, and how one goes down to the chunks and back."""

from typing import Any

import pytest
from textual.pilot import Pilot

from console.panes.storage.chunks import ChunksPane
from console.panes.storage.strip import Strip
from console.panes.storage.view import StoragePane
from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes import looks, storage_looks
from tests.panes.test_looks import SIZES, Compare, Run
from tests.ui.waiting import drawn, until


def on(tab: str, *keys: str, state: State = State.DATA) -> Run:
    """Turn to a tab, wait for a state, then press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: bool(pilot.app.query(StoragePane)))
        pane = pilot.app.query_one(StoragePane)
        await pane.action_show_tab(tab)
        await until(pilot, lambda: pane.state is state)
        await pilot.press(*keys)
        await drawn(pilot.app.screen)

    return run


async def into_chunks(pilot: Pilot[Any]) -> ChunksPane:
    """Open the chunks of audit_logs."""
    await on("hypertables", "j", "enter")(pilot)
    await until(pilot, lambda: bool(pilot.app.query(ChunksPane)))
    pane: ChunksPane = pilot.app.query_one(ChunksPane)
    await until(pilot, lambda: pane.state is State.DATA)
    return pane


def below(*keys: str) -> Run:
    """Open the chunks of audit_logs, then press keys."""

    async def run(pilot: Pilot[Any]) -> None:
        await into_chunks(pilot)
        await pilot.press(*keys)
        await drawn(pilot.app.screen)

    return run


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("tab", ["hypertables", "aggregates", "retention"])
def test_busy_storage(snap_compare: Compare, tab: str, size: tuple[int, int]) -> None:
    app = looks.console(storage_looks.storage())
    assert snap_compare(app, terminal_size=size, run_before=on(tab, "j"))


@pytest.mark.parametrize("size", SIZES[:2])
def test_chunks_on_their_timeline(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = looks.console(storage_looks.storage())
    assert snap_compare(app, terminal_size=size, run_before=below("j", "j", "j"))


def test_five_thousand_chunks(snap_compare: Compare) -> None:
    app = looks.console(storage_looks.storage(parts=storage_looks.many_chunks))
    assert snap_compare(app, terminal_size=(80, 24), run_before=below("G"))


def test_no_table_is_divided(snap_compare: Compare) -> None:
    app = looks.console(storage_looks.storage(storage_looks.idle))
    assert snap_compare(app, terminal_size=(80, 24), run_before=on("hypertables", state=State.EMPTY))


def test_storage_under_the_apache_licence(snap_compare: Compare) -> None:
    app = looks.console(storage_looks.storage(storage_looks.apache))
    assert snap_compare(app, terminal_size=(80, 24), run_before=on("hypertables"))


def test_aggregates_under_the_apache_licence(snap_compare: Compare) -> None:
    app = looks.console(storage_looks.storage(views=storage_looks.unlicensed))
    assert snap_compare(app, terminal_size=(80, 24), run_before=on("aggregates", state=State.UNAVAILABLE))


def test_denied_storage(snap_compare: Compare) -> None:
    app = looks.console(storage_looks.storage(storage_looks.denied))
    assert snap_compare(app, terminal_size=(80, 24), run_before=on("hypertables", state=State.UNAVAILABLE))


async def test_down_to_the_chunks_and_back() -> None:
    """Only the list on screen asks; the cursor of the tables is where it was; the strip follows that of the chunks."""
    async with looks.console(storage_looks.storage()).run_test(size=(80, 24)) as pilot:
        chunks = await into_chunks(pilot)
        storage = pilot.app.query_one(StoragePane)
        assert [pane.display for pane in storage.shown.query(Pane)] == [False, True]
        assert chunks.divided.table_name == "audit_logs"
        strip = chunks.query_one(Strip)
        first = strip.line(1)
        await pilot.press("G")
        await until(pilot, lambda: strip.line(1) != first)
        await pilot.press("t")
        assert storage.shown.NAME == "aggregates"
        await pilot.press("T", "escape")
        await until(pilot, lambda: not chunks.display)
        assert storage.shown.NAME == "hypertables"


async def test_a_filter_on_chunks_is_cleared_before_one_goes_back() -> None:
    async with looks.console(storage_looks.storage()).run_test(size=(80, 24)) as pilot:
        chunks = await into_chunks(pilot)
        await pilot.press(*"/state:partial", "enter", "escape")
        assert chunks.display
        await pilot.press("escape")
        await until(pilot, lambda: not chunks.display)
