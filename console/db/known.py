"""Rows that are as they were in the last answer: they are not made anew, which takes most of a long answer's time."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

M = TypeVar("M")

Maker = Callable[[Sequence[Any]], M]
"""Makes a row of the values that the server sent."""


class Known(Generic[M]):
    """The rows of the last answer by their values, which have to be plain ones.

    >>> known = Known()
    >>> [first], [again, other] = (list(map(known.reusing(list), sent)) for sent in ([(1, 2)], [(1, 2), (3, 4)]))
    >>> first is again, other
    (True, [3, 4])
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[Any, ...], M] = {}

    def reusing(self, make: Maker[M]) -> Maker[M]:
        """What makes the rows of the next answer: only those that the last one had not."""
        before, self._rows = self._rows, {}

        def made_once(values: Sequence[Any]) -> M:
            sent = tuple(values)
            row = before.get(sent)
            self._rows[sent] = row = make(values) if row is None else row
            return row

        return made_once
