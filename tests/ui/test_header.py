"""What the header says of the data's age and of how often is asked."""

import re
from collections.abc import Sequence
from time import monotonic
from typing import Any

from textual.pilot import Pilot

from console.errors import ConnectionFailed
from console.ui.header import Header
from tests.ui.sample import OtherPane, Row, SampleConsole, SamplePane, Source, console, rows
from tests.ui.waiting import until


def said(app: SampleConsole) -> str:
    """The header's line."""
    return app.query(Header).first().render_line(0).text.strip()


async def shown(app: SampleConsole, pilot: Pilot[Any], ending: str) -> None:
    await until(pilot, lambda: said(app).endswith(ending))


def nobody() -> Sequence[Row]:
    """No answer."""
    raise ConnectionFailed("No server answers.")


def sample() -> SampleConsole:
    return console(Source(lambda: rows(3)))


async def test_a_dialog_freezes_and_the_header_says_so() -> None:
    app = sample()
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot, "live")
        await pilot.press("U")
        header = app.screen_stack[0].query_one(Header)
        header.refreshed(monotonic() - 60)  # a minute ago, while the person reads
        await until(pilot, lambda: header.render_line(0).text.strip().endswith("frozen"))
        await pilot.press("escape")
        await shown(app, pilot, "live")


async def test_it_says_how_often_is_asked_where_there_is_room() -> None:
    app = sample()
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot, "READ-ONLY  every 0.05 s  live")
        await pilot.press("+", "+")
        await shown(app, pilot, "READ-ONLY  every 1 s  live")
        await pilot.press("p")
        await shown(app, pilot, "READ-ONLY  paused")
        await pilot.resize_terminal(80, 24)
        await pilot.press("p")
        await shown(app, pilot, "READ-ONLY  live")


async def test_data_is_stale_from_the_first_failure_on() -> None:
    answers = iter([rows(3)])
    app = console(Source(lambda: next(answers, None) or nobody()))
    async with app.run_test(size=(120, 24)) as pilot:
        await until(pilot, lambda: re.search(r"stale \d+ m?s$", said(app)) is not None)


async def test_a_longer_interval_is_not_stale() -> None:
    app = sample()
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot, "live")
        pane = app.query(SamplePane).first()
        pane.interval = 10.0
        await pilot.press("+")
        header = app.query(Header).first()
        header.refreshed(monotonic() - 30)
        await shown(app, pilot, "READ-ONLY  every 30 s  live")


async def test_a_pane_that_was_not_away_keeps_its_age() -> None:
    """By its own key, or there and back before anything was drawn: it is not asked anew, so nothing else tells."""
    app = sample()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("8")
        await shown(app, pilot, "just now")
        await pilot.press("8")
        await shown(app, pilot, "just now")
        await app.action_show_pane("sessions")
        await app.action_show_pane("migrations")
        await shown(app, pilot, "just now")
        await pilot.press("2")
        await shown(app, pilot, "live")
        pane = app.query_one(OtherPane)
        pane.database.answer = nobody
        await pilot.press("8")
        await until(pilot, lambda: pane.error is not None)
        await pilot.press("8")
        await until(pilot, lambda: "stale" in said(app))


async def test_a_pane_that_was_left_says_how_old_its_rows_are_while_nobody_answers() -> None:
    """As soon as it is shown, and after each question in vain."""
    app = sample()
    async with app.run_test(size=(120, 24)) as pilot:
        await shown(app, pilot, "live")
        pane = app.query_one("#sessions", SamplePane)
        pane.database.answer = nobody
        await until(pilot, lambda: pane.error is not None)
        await pilot.press("8")
        await until(pilot, lambda: app.query_one(OtherPane).error is not None)
        assert said(app).endswith("READ-ONLY"), "it has no rows that could be old"
        pane.database.gate.clear()
        await pilot.press("2")
        await until(pilot, lambda: "stale" in said(app))
        header = app.query_one(Header)
        header.forget()
        pane.database.gate.set()
        await until(pilot, lambda: "stale" in said(app))
