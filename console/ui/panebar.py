"""The line of panes: which there are, by which key, and which is shown."""

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len

from console.ui.commands import Command
from console.ui.pane import Pane
from console.ui.place import Place, answer_of
from console.ui.titles import Title, Titles

SHORT_BELOW = 100
"""Cells below which panes always go by their short names."""

Panes = Sequence[Place | type[Pane[Any, Any]]]
"""Panes, or their places, in the order of the bar."""


def pane_commands(panes: Panes) -> tuple[Command, ...]:
    """A command for each pane, which leads to it."""
    return tuple(
        Command(
            id=f"go.{pane.NAME}",
            keys=pane.KEY,
            title=pane.TITLE,
            action=f"show_pane('{pane.NAME}')",
            help=answer_of(pane),
            group="Panes",
        )
        for pane in panes
    )


class PaneBar(Titles):
    """Keys and names of the panes."""

    def __init__(self, panes: Panes) -> None:
        super().__init__()
        self._panes = panes

    def titles(self, width: int) -> list[Title]:
        """Key and name of each, as long as there is room for."""
        return self._layout(width)[0]

    def gap(self, width: int) -> int:
        """Closer together where there is no room."""
        return self._layout(width)[1]

    async def choose(self, name: str) -> None:
        """Show that pane."""
        await self.run_action(f"app.show_pane('{name}')")

    def _layout(self, width: int) -> tuple[list[Title], int]:
        """Whole names, short names, or the keys alone with the name of the one on screen."""
        whole = [Title(pane.NAME, f"{pane.KEY} {pane.TITLE}") for pane in self._panes]
        short = [Title(pane.NAME, f"{pane.KEY} {pane.SHORT}") for pane in self._panes]
        keys = [title if title.name == self.current else Title(title.name, title.text[:1]) for title in short]
        layouts = ((whole, 2), (whole, 1), (short, 1), (keys, 1))
        fitting = (layout for layout in layouts[0 if width >= SHORT_BELOW else 2 :] if _needed(*layout) <= width)
        return next(fitting, layouts[-1])


def _needed(titles: Sequence[Title], gap: int) -> int:
    return 1 + sum(cell_len(title.text) + gap for title in titles) - gap
