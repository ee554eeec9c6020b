"""A table with a filter below it."""

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from console.ui.columns import Column
from console.ui.commands import LISTING, CommandTable, bindings
from console.ui.entry import Entry
from console.ui.filter import FilterError, parse_filter
from console.ui.table import LineTable

R = TypeVar("R")


class Listing(Vertical, Generic[R]):
    """Rows that a person can narrow down; some may be pinned, so that no filter hides them."""

    COMMAND_TABLE: ClassVar[CommandTable] = LISTING
    BINDINGS: ClassVar = bindings(LISTING)
    DEFAULT_CSS = """
    Listing {
        height: 1fr;
        & > .filter { height: 1; background: $surface; }
        & .slash { width: 3; color: $text-muted; }
        & .outcome { width: auto; max-width: 50%; padding: 0 2; color: $text-muted; }
        & .outcome.-wrong { color: $text-error; }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], Hashable],
        pinned: Callable[[R], bool] | None = None,
        empty: str = "no row matches the filter",
    ) -> None:
        super().__init__()
        self.table: LineTable[R] = LineTable(columns, key=key, empty=empty)
        """The rows."""
        self.entry = Entry(placeholder="words, field:value, field~regex, age>30s; enter keeps it")
        """The filter as it is typed."""
        self._pinned = pinned
        self._outcome = Static(classes="outcome", markup=False)
        self._line = Horizontal(Static(" / ", classes="slash"), self.entry, self._outcome, classes="filter")
        self._line.display = False

    def compose(self) -> ComposeResult:
        """The table, and the line of the filter."""
        yield self.table
        yield self._line

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to clear without a filter, so esc goes on to the pane."""
        return self._line.display if action == "clear" else super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Type a filter, or go on with the one there is; the very next key is already part of it."""
        self._line.display = True
        self.screen.set_focus(self.entry)

    def action_clear(self) -> None:
        """Take the filter away."""
        self.entry.value = ""
        self._leave()

    @on(Input.Submitted)
    def _keep(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        try:
            self.table.keep_only(self._wanted(event.value))
        except FilterError as error:
            self._say(f"{error.position + 1}: {error.message}", wrong=True)
        else:
            self._count()

    def show(self, rows: Sequence[R]) -> None:
        """Show the rows of a new refresh, through the filter that is set."""
        self.table.show(rows)
        if not self._outcome.has_class("-wrong"):
            self._count()

    def _leave(self) -> None:
        self.screen.set_focus(self.table)
        self._line.display = bool(self.entry.value.strip())
        self.refresh_bindings()

    def _wanted(self, text: str) -> Callable[[R], bool] | None:
        if not text.strip():
            return None
        wanted, pinned = parse_filter(text, self.table.columns), self._pinned
        return wanted if pinned is None else lambda row: pinned(row) or wanted(row)

    def _count(self) -> None:
        rows = self.table.rows
        self._say(f"{len(rows.shown):,} of {len(rows.all):,}")

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._outcome.set_class(wrong, "-wrong")
        if str(self._outcome.content) != text:
            self._outcome.update(text)
