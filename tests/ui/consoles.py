"""The sample's console as a person uses it, and what its bars say."""

from typing import Any

from textual.pilot import Pilot

from console.app import ConsoleApp
from console.ui.footer import Footer
from console.ui.header import Header
from console.ui.notice import State
from console.ui.panebar import PaneBar
from tests.ui.sample import SampleConsole, SamplePane, Source, console, rows
from tests.ui.waiting import until


def text(app: ConsoleApp, bar: type[Header] | type[PaneBar] | type[Footer]) -> str:
    """What one of the bars shows."""
    return app.query_one(bar).render_line(0).text.strip()


def pane(app: ConsoleApp) -> SamplePane:
    """The pane that is shown."""
    shown = app._switcher.visible_content
    assert isinstance(shown, SamplePane)
    return shown


def sample(count: int = 30) -> SampleConsole:
    return console(Source(lambda: rows(count)))


async def ready(app: ConsoleApp, pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: pane(app).state is State.DATA and app.focused is pane(app).table)
    await until(pilot, lambda: pane(app).table.is_on_screen)
