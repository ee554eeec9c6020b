"""A single line at the edge of the screen, of which only the changed cells are written."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from rich.cells import cell_len

from console.ui.lines import Line, Piece
from console.ui.lineview import LineView
from console.ui.text import fit, sanitise

D = TypeVar("D")


class Bar(LineView, can_focus=False):
    """One line of pieces."""

    DEFAULT_CSS = """
    Bar {
        height: 1;
        overflow: hidden;
        background: $panel;
        & > .line--info { color: $footer-key-foreground; text-style: bold; }
        & > .line--error { text-style: bold reverse; }
    }
    """

    def pieces(self, width: int) -> Sequence[Piece]:
        """What it shows in a width."""
        raise NotImplementedError

    def line(self, y: int) -> Line:
        """The one line, safe to draw whatever its pieces quote."""
        width = self.room.width
        return Line("row", tuple(cut((Piece(sanitise(text), tone) for text, tone in self.pieces(width)), width)))

    def on_resize(self) -> None:
        """Everything may be elsewhere."""
        self.start_over()


class DataBar(Bar, Generic[D]):
    """One line about one thing; blank before there is anything to tell."""

    DEFAULT_CSS = "DataBar { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.data: D | None = None
        """What is told of."""

    def told(self, data: D, width: int) -> Sequence[Piece]:
        """What is told of it in a width."""
        raise NotImplementedError

    def pieces(self, width: int) -> Sequence[Piece]:
        """That, or nothing."""
        return [] if self.data is None else self.told(self.data, width)

    def show(self, data: D | None) -> None:
        """Tell of this from now on."""
        self.data = data
        self.repaint()


def width_of(pieces: Iterable[Piece]) -> int:
    """Cells that pieces take side by side."""
    return sum(cell_len(piece.text) for piece in pieces)


def cut(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """As much of the pieces as fits; what is cut ends in an ellipsis.

    >>> [piece.text for piece in cut([Piece("connections 4", "plain"), Piece(" of 97", "plain")], 16)]
    ['connections 4', ' o…']
    """
    kept: list[Piece] = []
    for piece in pieces:
        room = width - width_of(kept)
        if cell_len(piece.text) > room:
            return [*kept, Piece(fit(piece.text, room), piece.tone)] if room else kept
        kept.append(piece)
    return kept
