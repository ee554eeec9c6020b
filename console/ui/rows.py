"""The rows of a table: filtered, sorted, marked, with a cursor that stays on the row a person put it on."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from console.ui.ordering import AT_ONCE, ordered, ordered_in_slices

R = TypeVar("R")


class Rows(Generic[R]):
    """Rows by identity. Nothing here looks at every row unless a sort order, marks or a lost cursor ask for it."""

    def __init__(self, key: Callable[[R], Hashable]) -> None:
        self.key = key
        """A row's identity, the same from one refresh to the next."""
        self.all: Sequence[R] = ()
        """Every row, in the order in which they came."""
        self.shown: Sequence[R] = ()
        """Those that the filter lets through, in the order of the table."""
        self.cursor = 0
        """Position of the cursor among the shown rows."""
        self.marked: set[Hashable] = set()
        """Identities of the marked rows."""
        self._kept: Sequence[R] = ()
        self._order: Callable[[R], Any] | None = None
        self._reverse = False
        self._held: Hashable | None = None  # the row a person chose; None while the cursor follows the top

    @property
    def current(self) -> R | None:
        """The row under the cursor."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else None

    @property
    def slow(self) -> bool:
        """Whether there are so many rows to sort that a key would have to wait for it."""
        return self._order is not None and len(self._kept) > AT_ONCE

    def replace(self, rows: Sequence[R], kept: Sequence[R] | None = None) -> None:
        """Take the rows of a new refresh, and those of them that the filter lets through; None: all.

        Of rows that are `slow` to sort nothing else is seen before `arrange` is through.

        >>> rows = Rows(key=str)
        >>> rows.replace(["a", "b", "c"])
        >>> rows.move(1)
        >>> rows.replace(["c", "x", "b", "a"])
        >>> rows.current
        'b'
        """
        self.all, self._kept = rows, rows if kept is None else kept
        if self.marked:
            self.marked &= {self.key(row) for row in rows}
        if not self.slow:
            self._settle(self._sorted())

    def sort(self, order: Callable[[R], Any] | None, *, reverse: bool = False) -> None:
        """Sort by a value, rows without one last; None keeps the order in which they came. `replace` says the rest.

        >>> rows = Rows(key=str)
        >>> rows.replace([3, None, 7])
        >>> rows.sort(lambda row: row, reverse=True)
        >>> rows.shown
        [7, 3, None]
        """
        self._order, self._reverse = order, reverse
        if not self.slow:
            self._settle(self._sorted())

    async def arrange(self) -> Callable[[], None]:
        """Sort in slices; what is answered puts the order in place."""
        if self._order is None:
            return lambda: self._settle(self._kept)
        shown = await ordered_in_slices(self._kept, self._order, reverse=self._reverse)
        return lambda: self._settle(shown)

    def move(self, position: int) -> None:
        """Put the cursor on a position; the first one lets it follow the top again."""
        self.cursor = min(max(0, position), max(0, len(self.shown) - 1))
        self._hold()

    def mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        if self.current is not None:
            self.marked ^= {self.key(self.current)}

    def chosen(self) -> list[R]:
        """The marked rows, or else the one under the cursor."""
        if self.marked:
            return [row for row in self.all if self.key(row) in self.marked]
        return [] if self.current is None else [self.current]

    def _settle(self, shown: Sequence[R]) -> None:
        self.shown = shown
        if self._held is not None and not self._still_here():
            self.cursor = next((n for n, row in enumerate(self.shown) if self.key(row) == self._held), self.cursor)
        self.cursor = min(self.cursor, max(0, len(self.shown) - 1))
        if self._held is not None:
            self._held = None if self.current is None else self.key(self.current)

    def _hold(self) -> None:
        self._held = self.key(self.current) if self.cursor and self.current is not None else None

    def _still_here(self) -> bool:
        return self.current is not None and self.key(self.current) == self._held

    def _sorted(self) -> Sequence[R]:
        return self._kept if self._order is None else ordered(self._kept, self._order, reverse=self._reverse)
