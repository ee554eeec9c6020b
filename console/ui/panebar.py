"""The line of panes: which there are, by which key, and which is shown."""

from collections.abc import Sequence
from typing import Any

from textual import events

from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.commands import Command
from console.ui.lines import Piece
from console.ui.pane import Pane

SHORT_BELOW = 100
"""Cells below which panes go by their short names."""

Panes = Sequence[type[Pane[Any, Any]]]
"""Kinds of panes, in the order of the bar."""


def pane_commands(panes: Panes) -> tuple[Command, ...]:
    """A command for each pane, which leads to it."""
    return tuple(
        Command(
            id=f"go.{pane.NAME}",
            keys=pane.KEY,
            title=pane.TITLE,
            action=f"show_pane('{pane.NAME}')",
            help=(pane.__doc__ or "").partition("\n")[0],
            group="Panes",
        )
        for pane in panes
    )


class PaneBar(Bar):
    """Keys and names of the panes."""

    DEFAULT_CSS = "PaneBar { background: $surface; }"

    def __init__(self, panes: Panes) -> None:
        super().__init__()
        self._panes = panes
        self._current = ""

    def pieces(self, width: int) -> list[Piece]:
        """Key and name of each; the one on screen is reversed."""
        pieces = [Piece(" ", Tone.PLAIN)]
        for pane in self._panes:
            name = pane.SHORT if width < SHORT_BELOW else pane.TITLE
            pieces.append(Piece(f"{pane.KEY} {name}", "cursor" if self._current == pane.NAME else Tone.MUTED))
            pieces.append(Piece("  " if width >= SHORT_BELOW else " ", Tone.PLAIN))
        return pieces

    def point_at(self, name: str) -> None:
        """Say which pane is shown."""
        self._current = name
        self.repaint()

    async def on_click(self, event: events.Click) -> None:
        """Show the pane under the mouse."""
        x = 0
        for position, piece in enumerate(self.pieces(self.room.width)):
            x += len(piece.text)
            if event.x < x:
                if position % 2:
                    await self.run_action(f"app.show_pane('{self._panes[position // 2].NAME}')")
                return
