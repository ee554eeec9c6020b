"""Lines of a table as they stand on the screen, and what must be written when one changes."""

from typing import NamedTuple

from rich.cells import cell_len

WORTH_A_MOVE = 10
"""Unchanged cells between two changes that are cheaper to write again than to jump over."""


class Piece(NamedTuple):
    """Text of one style."""

    text: str
    """Safe to draw."""
    tone: str
    """Name of its style."""


class Line(NamedTuple):
    """One line of the screen."""

    look: str
    """Name of the style below all of its pieces: header, cursor, stale, ..."""
    pieces: tuple[Piece, ...]
    """From left to right."""


class Span(NamedTuple):
    """Cells of one line."""

    start: int
    """The first of them."""
    end: int
    """The cell after the last."""


def changes(old: Line, new: Line) -> list[Span]:
    """The cells in which two lines differ; after a piece of another width that is everything.

    >>> def line(text, pid="42"):
    ...     return Line("row", (Piece(f"{pid:<20}", "plain"), Piece(text, "plain"), Piece("select 1", "plain")))
    >>> changes(line("  3 s "), line("  4 s "))
    [Span(start=22, end=23)]
    >>> changes(line("  3 s ", "42"), line("  4 s ", "43"))
    [Span(start=1, end=2), Span(start=22, end=23)]
    >>> changes(line("3 s"), line("13 s"))
    [Span(start=20, end=32)]
    >>> changes(line("3 s"), line("3 s"))
    []
    """
    if old.look != new.look or len(old.pieces) != len(new.pieces):
        return [Span(0, max(_width(old), _width(new)))]
    spans: list[Span] = []
    x = 0
    for before, after in zip(old.pieces, new.pieces, strict=True):
        width = cell_len(after.text)
        if width != cell_len(before.text):
            _append(spans, Span(x, max(_width(old), _width(new))))
            break
        if before != after:
            _append(spans, _narrowed(before, after, x, width))
        x += width
    return spans


def _width(line: Line) -> int:
    return sum(cell_len(piece.text) for piece in line.pieces)


def _append(spans: list[Span], span: Span) -> None:
    if spans and span.start - spans[-1].end < WORTH_A_MOVE:
        spans[-1] = Span(spans[-1].start, span.end)
    else:
        spans.append(span)


def _narrowed(before: Piece, after: Piece, x: int, width: int) -> Span:
    """The changed middle of two pieces; only of ASCII, where a character is a cell."""
    if before.tone != after.tone or not (before.text.isascii() and after.text.isascii()):
        return Span(x, x + width)
    differing = [n for n, pair in enumerate(zip(before.text, after.text, strict=False)) if pair[0] != pair[1]]
    if len(before.text) != len(after.text) or not differing:
        return Span(x, x + width)
    return Span(x + differing[0], x + differing[-1] + 1)
