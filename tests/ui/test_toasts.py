"""What the console says for a while, above the footer."""

from time import monotonic
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from console.ui import shell
from console.ui.text import sanitise
from tests.ui.sample import HOSTILE, SampleConsole, Source, console, rows
from tests.ui.waiting import until

LONG = (
    "The session 4711 of emr_app on staging was not ended: it has gone by itself, and another one has its process "
    "number now, which began at 2026-03-14 03:07:00 UTC and belongs to hl7-gateway; nothing was changed on the server, "
    "look at the list again, choose the session that you mean, and press K once more if you still want to end it."
)


def seen(app: SampleConsole) -> list[Widget]:
    """The notes that are on the screen."""
    return [toast for toast in app.screen.query("Toast") if toast.is_on_screen and toast.region]


async def said(app: SampleConsole, pilot: Pilot[Any], *notes: str) -> Widget:
    """Say so, and wait until the last is what is seen."""
    for note in notes:
        app.notify(note)
    await until(pilot, lambda: [drawn(toast)[:9] for toast in seen(app)] == [sanitise(notes[-1])[:9]])
    return seen(app)[0]


def drawn(toast: Widget) -> str:
    """The words of a note as they stand on the screen."""
    lines = [toast.render_line(y).text.strip(" ▌│┌┐└┘─") for y in range(toast.size.height)]
    return " ".join(line for line in lines if line)


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_a_long_sentence_is_wholly_readable_between_the_lines_around(size: tuple[int, int]) -> None:
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=size, notifications=True) as pilot:
        toast = await said(app, pilot, LONG)
        await until(pilot, lambda: toast.size.height > 1)
        assert drawn(toast) == LONG
        assert toast.region.y >= 2
        assert toast.region.bottom <= size[1] - 1
        assert toast.region.right <= size[0]


async def test_one_at_a_time_the_newest() -> None:
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        toast = await said(app, pilot, "first", "second", "third")
        assert drawn(toast) == "third"


async def test_what_a_server_wrote_is_spelled_out_and_never_too_long() -> None:
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        toast = await said(app, pilot, HOSTILE * 100 + "\n" * 100)
        assert toast.region.y >= 2
        assert drawn(toast).startswith(r"\x1b]52;c;aGk=\x07 [/] [@click=app.quit]x")
        assert app.screen.query_one("ToastRack").region.bottom <= 23


async def test_it_goes_with_the_page_it_was_said_on_and_with_esc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "OWN", 0.001)
    monkeypatch.setattr(shell, "reading_seconds", lambda note: 60.0)  # not by itself meanwhile
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for key in ("escape", "8", "U"):
            await said(app, pilot, "note")
            await pilot.press(key)
            await until(pilot, lambda: not any(screen.query("Toast") for screen in app.screen_stack))


async def test_what_is_said_because_the_page_changes_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "OWN", 60.0)
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.notify("note")
        await pilot.press("U")
        await until(pilot, lambda: len(seen(app)) == 1)


async def test_what_esc_takes_away_is_wiped_off_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "OWN", 0.05)
    monkeypatch.setattr(shell, "reading_seconds", lambda note: 0.5)
    wiped, over = [], []
    monkeypatch.setattr(SampleConsole, "_wipe", lambda app: wiped.append(app))
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for note in ("first", "second", "third"):
            app.notify(note)
        await until(pilot, lambda: monotonic() - app._noted > 0.05)
        await pilot.press("escape")
        app.set_timer(0.6, lambda: over.append(app))  # when each would have gone by itself
        await until(pilot, lambda: bool(over))
        assert len(wiped) == 1


async def test_a_note_that_outlives_the_console_does_no_harm() -> None:
    app = console(Source(lambda: rows(50)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await said(app, pilot, "note")
    assert not app.screen_stack
    app._wipe()
