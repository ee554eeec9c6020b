"""The line of panes: which there are, by which key, and which is shown."""

from collections.abc import Sequence
from typing import Any

from console.ui.commands import Command
from console.ui.pane import Pane
from console.ui.place import Place, answer_of
from console.ui.titles import Title, Titles

SHORT_BELOW = 100
"""Cells below which panes go by their short names."""

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
        """Key and name of each."""
        short = width < SHORT_BELOW
        return [Title(pane.NAME, f"{pane.KEY} {pane.SHORT if short else pane.TITLE}") for pane in self._panes]

    def gap(self, width: int) -> int:
        """Closer together where the names are short."""
        return 1 if width < SHORT_BELOW else 2

    async def choose(self, name: str) -> None:
        """Show that pane."""
        await self.run_action(f"app.show_pane('{name}')")
