"""A line of titles to choose from, one of which is on screen."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events

from console.ui.bar import Bar
from console.ui.columns import Tone
from console.ui.lines import Piece


class Title(NamedTuple):
    """Something that can be shown."""

    name: str
    """As the code calls it."""
    text: str
    """As a person reads it."""


class Titles(Bar):
    """Titles side by side; the one on screen is reversed, a click on another leads there."""

    DEFAULT_CSS = "Titles { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.current = ""
        """The name of the one on screen."""

    def titles(self, width: int) -> Sequence[Title]:
        """What there is, from left to right, in a width."""
        raise NotImplementedError

    def gap(self, width: int) -> int:
        """Cells between two titles."""
        return 2

    async def choose(self, name: str) -> None:
        """Lead there."""
        raise NotImplementedError

    def pieces(self, width: int) -> list[Piece]:
        """Each title, and the gap after it."""
        pieces = [Piece(" ", Tone.PLAIN)]
        for name, text in self.titles(width):
            pieces.append(Piece(text, "cursor" if name == self.current else Tone.MUTED))
            pieces.append(Piece(" " * self.gap(width), Tone.PLAIN))
        return pieces

    def point_at(self, name: str) -> None:
        """Say which is on screen."""
        self.current = name
        self.repaint()

    async def on_click(self, event: events.Click) -> None:
        """Lead to the title under the mouse."""
        x, width = 0, self.room.width
        for position, piece in enumerate(self.pieces(width)):
            x += len(piece.text)
            if event.x < x:
                if position % 2 and position // 2 < len(self.titles(width)):
                    await self.choose(self.titles(width)[position // 2].name)
                return
