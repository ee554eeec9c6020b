"""Filtering many rows without keeping a key waiting."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from console.ui.patterns import TooSlow
from console.ui.slices import Slices

R = TypeVar("R")

PATIENCE = 3.0
"""Seconds of work after which a filter is given up."""


async def matching(rows: Sequence[R], wanted: Callable[[R], bool]) -> list[R]:
    """The rows that `wanted` says yes to, worked out in slices; TooSlow if that takes more than PATIENCE."""
    found: list[R] = []
    slices = Slices()
    for row in rows:
        if wanted(row):
            found.append(row)
        if slices.over:
            await slices.rest()
            if slices.worked > PATIENCE:
                raise TooSlow(f"This filter takes too long on {len(rows):,} rows.")
    return found
