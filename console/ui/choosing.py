"""A list on a page of its own, of which a person takes one row, or none."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from console.ui.columns import Column
from console.ui.commands import CHOOSING, CommandTable, bindings
from console.ui.footer import Footer
from console.ui.screens import Sheet
from console.ui.table import LineTable
from console.ui.text import sanitise
from console.ui.toosmall import TooSmall

R = TypeVar("R")


class ListScreen(Sheet[R | None], Generic[R]):
    """Answers with the row that was taken, or with None."""

    COMMAND_TABLE: ClassVar[CommandTable] = CHOOSING
    BINDINGS: ClassVar = bindings(CHOOSING)
    DEFAULT_CSS = """
    ListScreen > .title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    """

    def __init__(
        self, title: str, columns: Sequence[Column[R]], rows: Sequence[R], key: Callable[[R], Hashable], empty: str
    ) -> None:
        super().__init__()
        self._heading = sanitise(title)
        self._rows = rows
        self._table: LineTable[R] = LineTable(columns, key=key, empty=empty)

    def compose(self) -> ComposeResult:
        """The title, the rows, the keys."""
        yield Static(self._heading, classes="title", markup=False)
        yield self._table
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Show the rows."""
        self._table.show(self._rows)

    @on(LineTable.RowSelected)
    def _take(self, event: LineTable.RowSelected) -> None:
        self._close(event.row)

    def action_close(self) -> None:
        """None of them."""
        self._close(None)

    def _close(self, row: Any) -> None:
        if self.is_current:  # a second key may be on its way already
            self.dismiss(row)
