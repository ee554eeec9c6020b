"""Columns of a table for a person, and how they share the width of a terminal: the important ones stay whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from console.sharing import shares

GAP = 2
"""Cells between two columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, and what may become of it where there is no room."""

    title: str
    """Its heading."""
    priority: int = 1
    """1 is always shown; the higher the number, the sooner it goes."""
    right: bool = False
    """Whether it is aligned to the right, as numbers are."""
    least: int | None = None
    """Cells down to which it may be narrowed; None keeps its texts whole."""
    folds: bool = False
    """Whether a text that is too long for it goes on in the next line instead of being cut."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that is shown."""

    place: int
    """Which one, counted from 0."""
    width: int
    """Its cells."""


def fit(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[Slot]:
    """The columns that fit into `room` cells when their texts take up to `widths`, the most important ones first.

    A column without any text gives its room away. Those that must be shown may need more than there is.

    >>> columns = [Column("pid"), Column("client", 3), Column("statement", 2, least=10)]
    >>> [(slot.place, slot.width) for slot in fit(columns, [5, 9, 60], 40)]
    [(0, 5), (1, 9), (2, 22)]
    >>> [(slot.place, slot.width) for slot in fit(columns, [5, 9, 60], 25)]
    [(0, 5), (2, 18)]
    >>> [(slot.place, slot.width) for slot in fit(columns, [0, 9, 60], 40)]
    [(1, 9), (2, 29)]
    """
    heads = [max(len(column.title), width) for column, width in zip(columns, widths, strict=True)]
    least = [_least(column, head) for column, head in zip(columns, heads, strict=True)]
    kept: list[int] = []
    told = [place for place in range(len(columns)) if widths[place]] or range(len(columns))
    for place in sorted(told, key=lambda place: columns[place].priority):
        if columns[place].priority == 1 or needed([least[each] for each in (*kept, place)]) <= room:
            kept.append(place)
    kept.sort()
    more = shares(room - needed([least[place] for place in kept]), [heads[place] - least[place] for place in kept])
    return [Slot(place, least[place] + extra) for place, extra in zip(kept, more, strict=True)]


def _least(column: Column, natural: int) -> int:
    return natural if column.least is None else min(natural, max(len(column.title), column.least))


def needed(widths: Collection[int]) -> int:
    """Cells of columns side by side.

    >>> needed([5, 9])
    16
    """
    return sum(widths) + GAP * (len(widths) - 1)
