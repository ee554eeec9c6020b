"""The timeline on screen: the cells, and below them what the cursor points at."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from console.panes.storage.timeline import GAP, GLYPHS, TONES, Axis, axis, drawn, number, spans
from console.services.storage.chunks import Chunk
from console.services.storage.words import bound
from console.ui.columns import GUTTER, Tone
from console.ui.lines import Line, Piece
from console.ui.lineview import LineView
from console.ui.text import fit

POINTER = "▲"
"""Stands below the cells of the chunk under the cursor."""

_TONE_OF = {GLYPHS[look]: tone for look, tone in TONES.items()}


class Strip(LineView, can_focus=False):
    """All chunks of a table along time, or along its numbers."""

    DEFAULT_CSS = "Strip { height: 2; overflow: hidden; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._chunks: Sequence[Chunk] = ()
        self._current: Chunk | None = None
        self._cells = ""
        self._axis: Axis | None = None

    def show(self, chunks: Sequence[Chunk]) -> None:
        """Show all chunks; the oldest is at the left. The very same ones are not laid out again."""
        if chunks is not self._chunks:
            self._chunks = chunks
            self._lay_out()
            self.repaint()

    def point_at(self, chunk: Chunk | None) -> None:
        """Mark the chunk under the cursor."""
        self._current = chunk
        self.repaint()

    def on_resize(self) -> None:
        """More cells, or fewer."""
        self._lay_out()
        self.start_over()

    def line(self, y: int) -> Line:
        """The cells, or the pointer."""
        width = self.room.width
        pieces = (
            list(self._cell_pieces()) if y == 0 else [Piece(pointer(self._pointed(), self._current, width), Tone.MUTED)]
        )
        left = Piece(" " * GUTTER, Tone.PLAIN)
        rest = Piece(" " * max(0, width - GUTTER - sum(len(piece.text) for piece in pieces)), Tone.PLAIN)
        return Line("row", (left, *pieces, rest))

    def _lay_out(self) -> None:
        found = spans(self._chunks)
        self._axis = axis(found, self.room.width - 2 * GUTTER)
        self._cells = drawn(found, self._axis) if self._axis else ""

    def _pointed(self) -> range:
        chunk, scale = self._current, self._axis
        if chunk is None or scale is None or chunk.state == "default":
            return range(0)
        start, end = number(chunk.start), number(chunk.end)
        return range(0) if start is None or end is None else scale.cells_of(start, end)

    def _cell_pieces(self) -> Iterator[Piece]:
        pointed = self._pointed()
        toned = ((_TONE_OF.get(cell, Tone.PLAIN) if n not in pointed else "cursor", cell)
                 for n, cell in enumerate(self._cells))  # fmt: skip
        for tone, cells in groupby(toned, key=lambda each: each[0]):
            yield Piece("".join(cell for _, cell in cells), tone)


def pointer(pointed: range, chunk: Chunk | None, width: int) -> str:
    """The line below the cells: an arrow, and beside it the range that it means, where there is room.

    >>> pointer(range(0), None, 40)
    ''
    """
    if chunk is None or not pointed:
        return ""
    said = f"{bound(chunk.start)} to {bound(chunk.end)}"
    place, arrows = pointed.start, POINTER * len(pointed)
    if GUTTER + pointed.stop + 1 + len(said) <= width:
        return f"{GAP * place}{arrows} {said}"
    return fit(f"{said:>{max(0, place - 1)}} {arrows}", max(0, width - GUTTER))
