"""A single line at the edge of the screen, of which only the changed cells are written."""

from collections.abc import Sequence

from console.ui.lines import Line, Piece
from console.ui.lineview import LineView
from console.ui.text import sanitise


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
        return Line("row", tuple(Piece(sanitise(text), tone) for text, tone in self.pieces(self.room.width)))

    def on_resize(self) -> None:
        """Everything may be elsewhere."""
        self.start_over()
