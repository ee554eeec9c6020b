"""A table that keeps its cursor on the same row from refresh to refresh and does not mind 100,000 rows."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events, work
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from console.ui.columns import Column, Slot, arrange, needed_widths, whole_widths
from console.ui.commands import TABLE, CommandTable, bindings
from console.ui.drawing import heading, row_line, sentence
from console.ui.json_lines import json_line
from console.ui.lines import Line
from console.ui.lineview import LineView
from console.ui.rows import Rows

R = TypeVar("R")

STEP = 4
"""Key presses that move a wide table sideways by a screen."""


class LineTable(LineView, Generic[R]):
    """Rows under a pinned heading."""

    COMMAND_TABLE: ClassVar[CommandTable] = TABLE
    BINDINGS: ClassVar = bindings(TABLE)

    wide: var[bool] = var(False)
    """Whether all columns are shown, and nothing in them is cut."""

    class RowHighlighted(Message):
        """Another row is under the cursor, or the row there has changed."""

        def __init__(self, table: "LineTable[Any]", row: Any) -> None:
            super().__init__()
            self.table = table
            """The table."""
            self.row = row
            """The row under the cursor; None in an empty table."""

        @property
        def control(self) -> "LineTable[Any]":
            """The table, for `@on` selectors."""
            return self.table

    class RowSelected(RowHighlighted):
        """A person opened a row."""

    class Sorted(Message):
        """The rows stand in another order."""

        def __init__(self, column: Column[Any] | None) -> None:
            super().__init__()
            self.column = column
            """What they are sorted by; None for the order in which they came."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], Hashable],
        empty: str = "",
        as_json: Callable[[R], Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__()
        self.columns = columns
        """All columns, also those for which there is no room."""
        self.empty = empty
        """What is said where there is no row to show."""
        self.rows: Rows[R] = Rows(key)
        """The rows, their order, marks and cursor."""
        self.sorted_by: Column[R] | None = None
        """The sort column; None for the order in which the rows came."""
        self.reverse = False
        """Whether the sort order is turned round."""
        self._as_json = as_json or self._values
        self._slots: tuple[Slot[R], ...] = ()
        self._laid_out_for = -1
        self._whole: dict[str, int] = {}
        self._needs: dict[str, int] = {}
        self._highlighted: R | None = None

    def watch_wide(self) -> None:
        """Lay the columns out again."""
        self._whole = {}
        self._lay_out()
        self.repaint()

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """The line at `y`; it may be asked for before anybody says that a scrollbar has come and the width is less."""
        if self._laid_out_for != self.room.width:
            self._lay_out()
        return super().render_line(y)

    def on_click(self, event: events.Click) -> None:
        """A title sorts by its column; a row takes the cursor, and opens at the second click."""
        at = event.get_content_offset(self)
        if at is None:
            return
        if at.y == 0:
            self._sort_at(at.x + round(self.scroll_x))
            return
        self._go(self.top + at.y - 1)
        if event.chain == 2:
            self.action_select()

    def line(self, y: int) -> Line:
        """The heading, a row, or what is below the rows."""
        width, position = self.virtual_size.width, self.top + y - 1
        if y == 0:
            return heading(self._slots, width, sorted_by=self.sorted_by, reverse=self.reverse)
        if position >= len(self.rows.shown):
            return sentence("" if self.rows.shown or y > 1 else self.empty, width)
        row = self.rows.shown[position]
        look = "cursor" if position == self.rows.cursor else "row"
        return row_line(self._slots, row, width, look=f"stale {look}" if self.stale else look, marked=self._marked(row))

    def action_move(self, step: int) -> None:
        """Move the cursor by rows."""
        self._go(self.rows.cursor + step)

    def action_page(self, step: int) -> None:
        """Move the cursor by screens."""
        self._go(self.rows.cursor + step * max(1, self.room.height - 2))

    def action_first(self) -> None:
        """Go to the first row, and stay at the top whatever comes there."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(len(self.rows.shown) - 1)

    def action_across(self, step: int) -> None:
        """Move a wide table sideways."""
        self.move_to(x=self.scroll_x + step * max(1, self.room.width // STEP))

    def action_wide(self) -> None:
        """All columns, none of them cut, or only those that fit."""
        self.wide = not self.wide

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self.rows.current is not None:
            self.post_message(self.RowSelected(self, self.rows.current))

    def action_mark(self) -> None:
        """Mark the row, or take its mark away, and go to the next."""
        self.rows.mark()
        self._go(self.rows.cursor + 1)

    def action_sort(self, step: int) -> None:
        """Sort by the next column, or the one before; after the last comes the order in which the rows came."""
        choices = [None, *(slot.column for slot in self._slots)]
        here = choices.index(self.sorted_by) if self.sorted_by in choices else 0
        self.sort(choices[(here + step) % len(choices)])

    def action_reverse(self) -> None:
        """Turn the sort order round."""
        self.sort(self.sorted_by, reverse=not self.reverse)

    def action_copy(self) -> None:
        """Copy the marked rows, or the one under the cursor: columns with tabs between them."""
        lines = ["\t".join(column.written(row) for column in self.columns) for row in self.rows.chosen()]
        self.app.copy_to_clipboard("\n".join(lines))

    def action_copy_json(self) -> None:
        """Copy the marked rows, or the one under the cursor, as one JSON object a line."""
        self.app.copy_to_clipboard("\n".join(json_line(self._as_json(row)) for row in self.rows.chosen()))

    def repaint(self) -> None:
        """Write what has changed, in columns that are wide enough for it."""
        if self.wide:
            self._widen()
        super().repaint()

    def show(self, rows: Sequence[R], kept: Sequence[R] | None = None) -> None:
        """Show the rows of a new refresh, or those of them that a filter kept; only cells that differ are written."""
        self._fit_to(rows)
        self._keeping_cursor(lambda: self.rows.replace(rows, kept))

    def aim(self, wanted: Callable[[R], bool]) -> None:
        """Put the cursor on the first row that is wanted, if it is on one that is not."""
        if self.rows.current is not None and not wanted(self.rows.current):
            first = next((n for n, row in enumerate(self.rows.shown) if wanted(row)), None)
            if first is not None:
                self._go(first)

    def sort(self, column: Column[R] | None, *, reverse: bool | None = None) -> None:
        """Sort by a column, the largest number first unless told otherwise; None for the order they came in."""
        self.sorted_by = column
        self.reverse = bool(column and column.right) if reverse is None else reverse
        order = column.value if column else None
        self._keeping_cursor(lambda: self.rows.sort(order, reverse=self.reverse))
        self.post_message(self.Sorted(column))

    def _keeping_cursor(self, change: Callable[[], None]) -> None:
        self._put(change)
        self.workers.cancel_group(self, "sort")
        if self.rows.slow:
            self._arrange()

    @work(group="sort", exit_on_error=False)
    async def _arrange(self) -> None:
        """Sort so many rows that it must not be done at once; until then the old order stands."""
        self._put(await self.rows.arrange())

    def _put(self, change: Callable[[], None]) -> None:
        seen = self._is_seen(self.rows.cursor)
        change()
        self._set_extent()
        if seen:  # a cursor that the person scrolled away from must not pull the view back
            self._bring_into_view(self.rows.cursor)
        self.repaint()
        self._announce()

    def _go(self, position: int) -> None:
        self.rows.move(position)
        self._bring_into_view(self.rows.cursor)
        self.repaint()
        self._announce()

    def _announce(self) -> None:
        if self.rows.current != self._highlighted:
            self._highlighted = self.rows.current
            self.post_message(self.RowHighlighted(self, self._highlighted))

    def _is_seen(self, position: int) -> bool:
        return self.top <= position < self.top + max(1, self.room.height - 1)

    def _bring_into_view(self, position: int) -> None:
        lowest = position - max(1, self.room.height - 1) + 1
        self.move_to(y=min(max(self.top, lowest), position))

    def _marked(self, row: R) -> bool:
        return bool(self.rows.marked) and self.rows.key(row) in self.rows.marked

    def _sort_at(self, x: int) -> None:
        for slot in self._slots:
            if slot.x <= x < slot.x + slot.width:
                self.sort(slot.column, reverse=not self.reverse if slot.column is self.sorted_by else None)

    def _values(self, row: R) -> dict[str, Any]:
        return {column.id: column.value(row) for column in self.columns}

    def _widen(self) -> None:
        """Give each column what the rows in sight need; none becomes narrower, so that nothing jumps to and fro."""
        seen = whole_widths(self.columns, self.rows.shown[self.top : self.top + max(1, self.room.height - 1)])
        whole = {name: max(cells, self._whole.get(name, 0)) for name, cells in seen.items()}
        if whole != self._whole:
            self._whole = whole
            self._lay_out()

    def _fit_to(self, rows: Sequence[R]) -> None:
        """Give each fitted column what it needs, also here without making one narrower again."""
        needed = needed_widths(self.columns, rows)
        needs = {name: max(cells, self._needs.get(name, 0)) for name, cells in needed.items()}
        if needs and needs != self._needs:
            self._needs = needs
            self._lay_out()

    def _lay_out(self) -> None:
        self._laid_out_for = self.room.width
        whole = self._whole if self.wide else None
        self._slots = arrange(self.columns, self._laid_out_for, needs=self._needs, whole=whole)
        self._set_extent()
        self.start_over()

    def _set_extent(self) -> None:
        last = self._slots[-1] if self._slots and self.wide else None
        width = max(self.room.width, last.x + last.width if last else 0)
        self.set_extent(Size(width, len(self.rows.shown) + 1))
