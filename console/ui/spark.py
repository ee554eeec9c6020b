"""A curve in one line of text."""

from collections.abc import Sequence
from itertools import pairwise

BARS = "▁▂▃▄▅▆▇█"
"""From nothing to the greatest; a terminal without them gets ASCII in their place (console/ui/terminal.py)."""


def spark(values: Sequence[float | None], width: int) -> str:
    """The last cells of a curve that begins at zero, `width` wide; unknown is blank, and the latest is at the right.

    Of more values than cells each cell shows the greatest of its share: a peak of one moment must not go.

    >>> spark([0, 1, 2, None, 7], 6), spark([1, 1, 9, 1], 2), spark([0, 0], 2), spark([], 3)
    (' ▁▂▃ █', '▂█', '▁▁', '   ')
    """
    cells = [_greatest(share) for share in _shares(values, width)]
    top = max((value for value in cells if value is not None), default=0)
    return "".join(" " if value is None else _bar(value, top) for value in cells).rjust(width)


def _shares(values: Sequence[float | None], width: int) -> list[Sequence[float | None]]:
    """The values in at most `width` shares of nearly one size.

    >>> _shares([1, 2, 3, 4, 5], 2), _shares([1, 2], 4)
    ([[1, 2], [3, 4, 5]], [[1], [2]])
    """
    cells = min(width, len(values))
    return [values[a:b] for a, b in pairwise(len(values) * cell // cells for cell in range(cells + 1))] if cells else []


def _greatest(share: Sequence[float | None]) -> float | None:
    return max((value for value in share if value is not None), default=None)


def _bar(value: float, top: float) -> str:
    return BARS[round(value / top * (len(BARS) - 1))] if top > 0 else BARS[0]
