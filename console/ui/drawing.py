"""The lines of a table: its heading and its rows as text with tones, not yet as colours."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TypeVar

from rich.cells import cell_len

from console.ui.columns import GAP, GUTTER, Column, Kind, Slot, Tone
from console.ui.lines import Line, Piece
from console.ui.paragraphs import wrapped
from console.ui.text import fit
from console.units import rounded

R = TypeVar("R")

MARK = "•"
"""Stands before a marked row."""


def heading(slots: Sequence[Slot[R]], width: int, *, sorted_by: Column[R] | None, reverse: bool) -> Line:
    """The line of titles, an arrow at the one that is sorted by.

    >>> pid = Column(id="pid", title="pid", value=int, width=5)
    >>> [piece.text for piece in heading([Slot(pid, 2, 5)], 9, sorted_by=pid, reverse=True).pieces]
    ['  ', 'pid▼  ', ' ']
    """
    arrow = "▼" if reverse else "▲"
    titles = [_title(slot, slot.column.title + (arrow if slot.column is sorted_by else "")) for slot in slots]
    return _filled("header", [Piece(" " * GUTTER, Tone.PLAIN), *titles], width)


def row_line(slots: Sequence[Slot[R]], row: R, width: int, *, look: str, marked: bool) -> Line:
    """One row, each of its cells as broad as its slot."""
    pieces = [Piece(MARK + " " if marked else "  ", Tone.INFO if marked else Tone.PLAIN)]
    pieces += [_cell(slot, _written(slot, row), row) for slot in slots]
    return _filled(look, pieces, width)


def folded_row(slots: Sequence[Slot[R]], row: R, width: int) -> Iterator[Line]:
    """One row on as many lines as its cells need: what is printed for a person who reads all of it.

    >>> name = Column(id="name", title="name", value=str, width=9)
    >>> [line.pieces[1].text for line in folded_row([Slot(name, 2, 9)], "DROP TABLE t", 12)]
    ['DROP      ', 'TABLE t   ']
    """
    for texts in zip_longest(*(wrapped(slot.column.written(row), slot.width) for slot in slots), fillvalue=""):
        cells = [_cell(slot, text, row) for slot, text in zip(slots, texts, strict=True)]
        yield _filled("row", [Piece(" " * GUTTER, Tone.PLAIN), *cells], width)


def sentence(text: str, width: int) -> Line:
    """A line that is not a row."""
    return Line("row", (Piece(fit(" " * GUTTER + text, width), Tone.MUTED),))


def _title(slot: Slot[R], text: str) -> Piece:
    return Piece(fit(text, slot.width, right=slot.column.right) + " " * GAP, Tone.PLAIN)


def _written(slot: Slot[R], row: R) -> str:
    """A cell's text; a number for which there is no room is rounded, since one that is cut reads as a smaller one.

    >>> rows = Column(id="rows", title="rows", value=int, width=9, kind=Kind.NUMBER)
    >>> _written(Slot(rows, 2, 9), 9_999_999), _written(Slot(rows, 2, 9), 12_345_678)
    ('9,999,999', '≈12.3M')
    """
    text, column = slot.column.written(row), slot.column
    if len(text) > slot.width and column.kind is Kind.NUMBER and column.text is None and column.drawn is None:
        return rounded(column.value(row), slot.width)
    return text


def _cell(slot: Slot[R], text: str, row: R) -> Piece:
    return Piece(fit(text, slot.width, right=slot.column.right) + " " * GAP, slot.column.tone(row))


def _filled(look: str, pieces: list[Piece], width: int) -> Line:
    missing = width - sum(cell_len(piece.text) for piece in pieces)
    if missing > 0:
        pieces.append(Piece(" " * missing, Tone.PLAIN))
    return Line(look, tuple(pieces))
