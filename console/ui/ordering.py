"""Sorting rows by a value, those without one last; many of them without keeping a key waiting."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Any, TypeVar

from console.ui.slices import Slices

R = TypeVar("R")

AT_ONCE = 5_000
"""Rows that are sorted at once; it takes a few milliseconds."""

SOME = 200
"""Rows between two looks at the clock."""


def ordered(rows: Sequence[R], order: Callable[[R], Any], *, reverse: bool) -> list[R]:
    """The rows in their order, at once.

    >>> ordered([3, None, 7], lambda row: row, reverse=True)
    [7, 3, None]
    """
    values = [_comparable(order(row)) for row in rows]
    present = sorted(_present(values, 0, len(rows)), key=values.__getitem__, reverse=reverse)
    return [*(rows[n] for n in present), *_absent(rows, values)]


async def ordered_in_slices(rows: Sequence[R], order: Callable[[R], Any], *, reverse: bool) -> list[R]:
    """The same, worked out in slices: parts of the rows are sorted, and then merged."""
    slices = Slices()
    values: list[Any] = []
    parts: list[list[int]] = []
    for first in range(0, len(rows), SOME):
        values += [_comparable(order(row)) for row in rows[first : first + SOME]]
        if slices.over:
            await slices.rest()
    for first in range(0, len(rows), AT_ONCE):
        part = _present(values, first, min(first + AT_ONCE, len(rows)))
        parts.append(sorted(part, key=values.__getitem__, reverse=reverse))
        if slices.over:
            await slices.rest()
    while len(parts) > 1:
        pairs: list[tuple[list[int], list[int]]] = list(zip_longest(parts[::2], parts[1::2], fillvalue=[]))
        parts = []
        for one, other in pairs:  # what is in order already is only merged
            parts.append(sorted(one + other, key=values.__getitem__, reverse=reverse))
            await slices.rest()
    return [*(rows[n] for n in chain(*parts)), *_absent(rows, values)]


def _present(values: Sequence[Any], first: int, last: int) -> list[int]:
    return [n for n in range(first, last) if values[n] is not None]


def _absent(rows: Sequence[R], values: Sequence[Any]) -> Iterator[R]:
    return (row for row, value in zip(rows, values, strict=True) if value is None)


def _comparable(value: Any) -> Any:
    """A value to sort by: of words upper and lower case are alike."""
    return value.casefold() if isinstance(value, str) else value
