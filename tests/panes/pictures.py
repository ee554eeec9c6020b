"""Pictures of a console that somebody goes on using, compared with those that were looked at and accepted."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]  # it has no types
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from console.ui.notice import State
from console.ui.pane import Pane
from tests.panes import looks
from tests.ui.waiting import drawn, until

SMALL, LARGE = (80, 24), (120, 40)
"""The least terminal, and one with room."""


class Picture:
    """Compares what is on screen now with the accepted picture of that name; several of one console cost little."""

    def __init__(self, accepted: SnapshotAssertion, folder: Path) -> None:
        self._accepted = accepted.use_extension(SVGImageExtension)
        self._folder = folder

    async def __call__(self, pilot: Pilot[Any], name: str, size: tuple[int, int] | None = None) -> None:
        """Fail if it differs; with a size, on a terminal that is made that large and stays so."""
        if size is not None:
            if pilot.app.size != size:
                await pilot.resize_terminal(*size)
            name = f"{name} {size[0]}x{size[1]}"
        await drawn(pilot.app.screen)
        await pilot.pause()
        await pilot.wait_for_scheduled_animations()
        found = pilot.app.export_screenshot(title=pilot.app.title, simplify=True)
        if self._accepted(name=name) != found:
            now = self._folder / f"{name}.svg"
            now.write_text(found)
            pytest.fail(f"This differs from the picture that was accepted as {name!r}: {now}")


class Told:
    """What a pane is told, which a test changes while it is on screen.

    What fails comes first: after an answer the header tells how old that one is.
    """

    def __init__(self, answer: Callable[[], Any]) -> None:
        self._answer = answer

    def __call__(self) -> Any:
        return self._answer()

    async def now(self, pilot: Pilot[Any], answer: Callable[[], Any], state: State = State.DATA) -> None:
        """Tell something else from now on, let the pane ask for it, and wait until it stands so."""
        pane: Pane[Any, Any] = pilot.app.shown  # type: ignore[attr-defined]  # ConsoleApp's
        self._answer = answer
        await pilot.press("r")
        await until(pilot, lambda: pane.asked is None and pane.state is state)


@asynccontextmanager
async def opened(*panes: type[Pane[Any, Any]], size: tuple[int, int] = SMALL) -> AsyncIterator[Pilot[Any]]:
    """A console with these panes as a person sees it, once the first has an answer."""
    app = looks.console(*panes)
    async with app.run_test(size=size, tooltips=True, notifications=True) as pilot:
        await until(pilot, lambda: bool(app.query(Pane)) and app.shown.state is not State.LOADING)
        await pilot.pause()
        yield pilot


async def ready(pilot: Pilot[Any]) -> Pane[Any, Any]:
    """The pane, once it has rows."""
    await until(pilot, lambda: bool(pilot.app.query(Pane)) and pilot.app.query(Pane).first().state is State.DATA)
    return pilot.app.query(Pane).first()
