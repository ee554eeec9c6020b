"""Columns of a table, and which of them fit into a width."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from rich.cells import cell_len

from console.sharing import shares
from console.ui.text import age, bytes_text, count, sanitise

R = TypeVar("R")

GAP = 1
"""Cells between two columns."""

GUTTER = 2
"""Cells before the first column: the mark, and a blank."""


WIDEST = 64
"""Cells of a column that does not grow, at the most: names in PostgreSQL have no more; a longer text hides the rest."""


class Tone(StrEnum):
    """What a colour means; the text says it too."""

    PLAIN = "plain"
    """Nothing special."""
    OK = "ok"
    """Well."""
    INFO = "info"
    """Worth a look."""
    WARNING = "warning"
    """Waiting, late, idle in a transaction."""
    ERROR = "error"
    """Failed, or the cause of others' trouble."""
    MUTED = "muted"
    """Idle, or of little interest."""


class Kind(StrEnum):
    """What a column's values are; decides how they are written, aligned and compared in a filter."""

    TEXT = "text"
    """Words."""
    NUMBER = "number"
    """A number."""
    SECONDS = "seconds"
    """A time span in seconds."""
    BYTES = "bytes"
    """A size in bytes."""


_FORMATS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: str,
    Kind.NUMBER: count,
    Kind.SECONDS: age,
    Kind.BYTES: bytes_text,
}


def plain(_: object) -> Tone:
    """The tone of what is nothing special."""
    return Tone.PLAIN


@dataclass(frozen=True, kw_only=True)  # with slots, Python 3.11 cannot call Column[Row](...)
class Column(Generic[R]):
    """One column: what it shows of a row, and how much room that needs."""

    id: str
    """Its name in filters, in copied rows and in the sort order."""
    title: str
    """Its heading."""
    value: Callable[[R], Any]
    """What is sorted, compared and copied; None where the row has nothing."""
    width: int
    """Cells, the least for a column that grows."""
    kind: Kind = Kind.TEXT
    """What the values are."""
    text: Callable[[Any], str] | None = None
    """How a value is written, if not in the manner of its kind."""
    drawn: Callable[[R], str] | None = None
    """How the row's cell is written, where more than its value is said there, such as a sign before a word."""
    tone: Callable[[R], Tone] = plain
    """What the cell's colour says of a row."""
    grows: bool = False
    """Whether it takes the room that is left over."""
    fitted: bool = False
    """Whether its room is what its rows need: none where no row has a value, more than its width where that is there.
    All rows are looked at for this, so that it is nothing for long lists."""
    priority: int = 1
    """1 is always shown; the higher the number, the sooner it goes when there is no room."""

    @property
    def right(self) -> bool:
        """Whether it is aligned to the right, as numbers are."""
        return self.kind is not Kind.TEXT

    def written(self, row: R) -> str:
        """The row's cell as one line of text that is safe to draw."""
        if self.drawn is not None:
            return sanitise(self.drawn(row))
        value = self.value(row)
        return "" if value is None else sanitise(self.worded(value))

    def worded(self, value: Any) -> str:
        """A value of this column as text, not yet safe to draw."""
        return (self.text or _FORMATS[self.kind])(value)


@dataclass(frozen=True)
class Slot(Generic[R]):
    """A column where it stands."""

    column: Column[R]
    """Which one."""
    x: int
    """Its first cell."""
    width: int
    """Its cells."""


def arrange(
    columns: Sequence[Column[R]],
    width: int,
    *,
    needs: Mapping[str, int] | None = None,
    whole: Mapping[str, int] | None = None,
) -> tuple[Slot[R], ...]:
    """The columns that fit into `width` cells, each at its place; all of them if `whole` says what each one needs.

    Those that are fitted get what they need, by their ids, as far as there is room.

    >>> pid = Column(id="pid", title="pid", value=int, width=6)
    >>> app = Column(id="app", title="app", value=str, width=10, priority=3)
    >>> sql = Column(id="sql", title="sql", value=str, width=20, priority=2, grows=True)
    >>> [(s.column.id, s.x, s.width) for s in arrange([pid, app, sql], 60)]
    [('pid', 2, 6), ('app', 9, 10), ('sql', 20, 40)]
    >>> [(s.column.id, s.x, s.width) for s in arrange([pid, app, sql], 34)]
    [('pid', 2, 6), ('sql', 9, 25)]
    >>> [(s.column.id, s.x, s.width) for s in arrange([pid, app, sql], 34, whole={"app": 14})]
    [('pid', 2, 6), ('app', 9, 14), ('sql', 24, 20)]
    >>> [(s.column.id, s.x, s.width) for s in arrange([pid, app, sql], 60, needs={"pid": 0, "app": 14})]
    [('app', 2, 14), ('sql', 17, 43)]
    """
    if whole is not None:
        return _placed(columns, [max(column.width, whole.get(column.id, 0)) for column in columns])
    needs = needs or {}
    least = {column.id: min(column.width, needs.get(column.id, column.width)) for column in columns}
    chosen = _fitting([column for column in columns if least[column.id]], least, width)
    cells = [least[column.id] for column in chosen]
    spare = max(0, width - _needed(cells))
    more = shares(spare, [max(0, needs.get(column.id, 0) - least[column.id]) for column in chosen])
    growing = max(1, sum(column.grows for column in chosen))
    rest = (spare - sum(more)) // growing
    return _placed(chosen, [a + b + rest * c.grows for a, b, c in zip(cells, more, chosen, strict=True)])


def needed_widths(columns: Sequence[Column[R]], rows: Sequence[R]) -> dict[str, int]:
    """The cells that each fitted column needs to show these rows, by its id; 0 where none has a value.

    >>> pid = Column(id="pid", title="pid", value=lambda _: None, width=6, fitted=True)
    >>> app = Column(id="app", title="app", value=str, width=10, fitted=True)
    >>> needed_widths([pid, app], ["psql", "emr"]), needed_widths([pid, app], [])
    ({'pid': 0, 'app': 4}, {})
    """
    fitted = [column for column in columns if column.fitted and rows]
    longest = {column.id: max(cell_len(column.written(row)) for row in rows) for column in fitted}
    return {c.id: longest[c.id] and max(cell_len(c.title) + 1, min(longest[c.id], WIDEST)) for c in fitted}


def whole_widths(columns: Sequence[Column[R]], rows: Iterable[R]) -> dict[str, int]:
    """The cells that each column needs so that its heading and these rows are not cut, by its id.

    >>> whole_widths([Column(id="sql", title="statement", value=str, width=6)], ["begin", "select 東京"])
    {'sql': 11}
    """
    widths = {column.id: cell_len(column.title) + 1 for column in columns}  # the arrow of the sort order
    for row in rows:
        for column in columns:
            needed = cell_len(column.written(row))
            widths[column.id] = max(widths[column.id], needed if column.grows else min(needed, WIDEST))
    return widths


def _fitting(columns: Sequence[Column[R]], cells: Mapping[str, int], width: int) -> list[Column[R]]:
    kept: list[Column[R]] = []
    for column in sorted(columns, key=lambda column: column.priority):
        if column.priority == 1 or _needed(cells[each.id] for each in (*kept, column)) <= width:
            kept.append(column)
    return [column for column in columns if column in kept]


def _needed(cells: Iterable[int]) -> int:
    return GUTTER - GAP + sum(each + GAP for each in cells)


def _placed(columns: Sequence[Column[R]], cells: Sequence[int]) -> tuple[Slot[R], ...]:
    slots, x = [], GUTTER
    for column, width in zip(columns, cells, strict=True):
        slots.append(Slot(column, x, width))
        x += width + GAP
    return tuple(slots)
