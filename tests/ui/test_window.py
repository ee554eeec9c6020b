"""The write window: opened with a reason, closed by key, by the clock and by a lost connection."""

from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from console.errors import ConnectionLost
from console.ui import window
from console.ui.confirm import ConfirmScreen
from console.ui.entry import Entry
from console.ui.footer import Footer
from console.ui.frame import WITHOUT_SERVER
from console.ui.header import Header
from console.ui.notice import State
from tests.ui.consoles import pane, ready, sample, text
from tests.ui.sample import SampleConsole, Source, console, rows
from tests.ui.waiting import until


async def opened(app: SampleConsole, pilot: Pilot[Any]) -> None:
    """Open the write window."""
    await pilot.press("U")
    assert isinstance(app.screen, ConfirmScreen)
    app.screen.query_one(Entry).value = "disk is full"
    await pilot.press("enter", "enter")
    await until(pilot, lambda: app.window.is_open and pane(app).writable)


async def test_write_window_opens_with_a_reason_and_closes_by_key() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        assert "terminate" not in text(app, Footer)
        await pilot.press("U", "escape")
        assert not app.window.is_open, "without a reason it stays closed"
        await opened(app, pilot)
        assert "READ-WRITE 15:00" in text(app, Header) or "READ-WRITE 14:59" in text(app, Header)
        assert app.window.reason == "disk is full"
        await until(pilot, lambda: "K terminate" in text(app, Footer))
        await pilot.press("K")
        assert pane(app).terminated == 1
        await pilot.press("8")
        await ready(app, pilot)
        assert pane(app).writable, "a pane that is made later"
        await pilot.press("U")
        await until(pilot, lambda: not pane(app).writable)
        assert "READ-ONLY" in text(app, Header)
        assert "K" not in app.active_bindings


async def test_write_window_closes_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    app = sample()
    now = [1000.0]
    monkeypatch.setattr(window, "monotonic", lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await opened(app, pilot)
        now[0] += window.WINDOW_MINUTES * 60 + 1
        app.window._tick()
        await until(pilot, lambda: not pane(app).writable)
        assert not app.window.is_open


async def test_write_window_closes_when_the_connection_breaks() -> None:
    broken: list[Exception] = []

    def answer() -> list[Any]:
        if broken:
            raise broken[0]
        return rows(3)

    app = console(Source(answer))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        await opened(app, pilot)
        broken.append(ConnectionLost("The connection broke."))
        await until(pilot, lambda: pane(app).state is State.STALE)
        await until(pilot, lambda: not app.window.is_open and "READ-ONLY" in text(app, Header))
        await pilot.press("U")
        assert not isinstance(app.screen, ConfirmScreen)
        await until(pilot, lambda: WITHOUT_SERVER in {toast.message for toast in app._notifications})
        broken.clear()
        await pilot.press("r")
        await until(pilot, lambda: pane(app).state is State.DATA)
        await pilot.press("U")
        assert isinstance(app.screen, ConfirmScreen)


async def test_a_key_right_behind_the_reason_is_allowed() -> None:
    app = sample()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        for key in ["U", *"stuck 3x", "enter", "enter", "K", "U", "K"]:
            app.post_message(Key({" ": "space"}.get(key, key), key if len(key) == 1 else "\r"))
        await until(pilot, lambda: pane(app).terminated > 0)
        await until(pilot, lambda: not app.window.is_open and not pane(app).writable)
        assert pane(app).terminated == 1


async def test_a_key_that_changes_something_says_how_to_be_allowed_to() -> None:
    app = console(Source(lambda: rows(3)), keymap={"sessions.end": "X"})
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(app, pilot)
        await pilot.press("X")
        await until(pilot, lambda: len(app.screen.query("Toast")) == 1)
        assert "U opens the write window" in app.screen.query_one("Toast").render_line(0).text
        assert "terminate" not in text(app, Footer)
        await pilot.press("escape", "K")
        assert pane(app).terminated == 0
