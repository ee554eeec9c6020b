"""All chunks of a table on one line: a cell for each, or for several, so that gaps can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.services.storage.chunks import Bound, Chunk
from console.ui.columns import Tone

GAP = " "
"""No chunk there."""

GLYPHS = {"empty": "▁", "compressed": "▂", "uncompressed": "█", "partial": "▅", "drop": "x"}
"""What stands for what, the least remarkable first; a cell of several chunks shows the most remarkable one."""

TONES = {"partial": Tone.WARNING, "drop": Tone.WARNING, "compressed": Tone.OK, "empty": Tone.MUTED}
"""Colours that say it once more."""

_ORDER = list(GLYPHS)


@dataclass(frozen=True, slots=True)
class Span:
    """A range with both bounds, as numbers."""

    start: float
    """Where it begins: seconds, or a number of the table's own."""
    end: float
    """Where it ends."""
    look: str
    """One of GLYPHS."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The line's scale."""

    start: float
    """Where its first cell begins."""
    width: float
    """What one cell stands for."""
    cells: int
    """How many there are."""

    def cells_of(self, start: float, end: float) -> range:
        """The cells that a range lies in; one that ends where a cell begins is not in it."""
        first = int((start - self.start) / self.width + 1e-9)
        last = -int(-((end - self.start) / self.width - 1e-9) // 1)
        return range(max(0, first), min(self.cells, max(first + 1, last)))


def look(chunk: Chunk) -> str:
    """What a chunk is shown as."""
    if chunk.next_to_drop:
        return "drop"
    if chunk.state == "uncompressed" and chunk.part.rows == 0:
        return "empty"
    return chunk.state


def number(bound: Bound) -> float | None:
    """A bound on the line's scale."""
    return bound if bound is None or isinstance(bound, int) else bound.timestamp()


def spans(chunks: Sequence[Chunk]) -> list[Span]:
    """The chunks that begin and end somewhere, in their order."""
    bounded = ((number(chunk.start), number(chunk.end), look(chunk)) for chunk in chunks if chunk.state != "default")
    return [Span(start, end, seen) for start, end, seen in bounded if start is not None and end is not None]


def axis(found: Sequence[Span], room: int) -> Axis | None:
    """The scale: a cell for each chunk of the usual length while they fit, else for several; None without any."""
    if not found or room < 1:
        return None
    first, last = min(span.start for span in found), max(span.end for span in found)
    lengths = sorted(span.end - span.start for span in found)
    usual = lengths[len(lengths) // 2]
    cells = max(1, min(room, round((last - first) / usual)))
    return Axis(first, (last - first) / cells, cells)


def drawn(found: Sequence[Span], scale: Axis) -> str:
    """The cells; one in which half a usual chunk or more is missing is a gap, whatever else is in it.

    >>> week = [Span(n, n + 1, "compressed") for n in (0, 1, 3)]
    >>> drawn(week, axis(week, 10)), drawn(week, axis(week, 2))
    ('▂▂ ▂', '▂ ')
    """
    looks, covered = [-1] * scale.cells, [0.0] * scale.cells
    reached = scale.start
    shortest = min(span.end - span.start for span in found)
    for span in sorted(found, key=lambda span: span.start):
        for cell in scale.cells_of(span.start, span.end):
            looks[cell] = max(looks[cell], _ORDER.index(span.look))
            begins = scale.start + cell * scale.width
            covered[cell] += max(0.0, min(span.end, begins + scale.width) - max(span.start, begins, reached))
        reached = max(reached, span.end)
    lacking = min(shortest, scale.width) / 2
    return "".join(
        GAP if seen < 0 or scale.width - share >= lacking else GLYPHS[_ORDER[seen]]
        for seen, share in zip(looks, covered, strict=True)
    )
