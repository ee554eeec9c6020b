"""A table with a filter below it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from console.errors import Defect
from console.ui.columns import Column
from console.ui.commands import FILTERING, LISTING, CommandTable, bindings
from console.ui.entry import Entry
from console.ui.fields import hint
from console.ui.filter import Filter, FilterError, parse_filter
from console.ui.narrowing import matching
from console.ui.patterns import TooSlow
from console.ui.table import LineTable
from console.ui.text import sanitise

R = TypeVar("R")


class FilterEntry(Entry):
    """The filter as it is typed."""

    COMMAND_TABLE: ClassVar[CommandTable] = FILTERING
    BINDINGS: ClassVar = bindings(FILTERING)

    def __init__(self, keep: Callable[[], None], clear: Callable[[], None]) -> None:
        super().__init__(placeholder="words, field:value, field~regex, age>30s")
        self._keep, self._clear = keep, clear

    async def action_submit(self) -> None:
        """Keep the filter."""
        self._keep()


class Listing(Vertical, Generic[R]):
    """Rows that a person can narrow down; some may be pinned, so that no filter hides them."""

    COMMAND_TABLE: ClassVar[CommandTable] = LISTING
    BINDINGS: ClassVar = bindings(LISTING)
    DEFAULT_CSS = """
    Listing {
        height: 1fr;
        & > .filter { height: auto; background: $surface; }
        & .line { height: 1; }
        & .slash { width: 3; color: $text-muted; }
        & .outcome { width: auto; max-width: 50%; padding: 0 2; color: $text-muted; }
        & .hint { display: none; height: auto; max-height: 4; padding: 0 3; color: $text-muted; }
        & > .-typing > .hint { display: block; }
        & .hint.-wrong { display: block; color: $text-error; }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], Hashable],
        pinned: Callable[[R], bool] | None = None,
        pinned_as: str = "pinned row",
        empty: str = "no row matches the filter",
        as_json: Callable[[R], Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__()
        self.table: LineTable[R] = LineTable(columns, key=key, empty=empty, as_json=as_json)
        """The rows."""
        self.entry = FilterEntry(self._keep, self.action_clear)
        """The filter as it is typed."""
        self._pinned = pinned or _nothing
        self._pinned_as = pinned_as
        self._rows: Sequence[R] = ()
        self._searched: Sequence[R] = ()
        self._wanted: Filter[R] | None = None
        self._narrowing: Worker[None] | None = None
        self._aim = False
        self._outcome = Static(classes="outcome", markup=False)
        self._hint = Static(classes="hint", markup=False)
        self._filter = Vertical(
            Horizontal(Static(" / ", classes="slash", markup=False), self.entry, self._outcome, classes="line"),
            self._hint,
            classes="filter",
        )
        self._filter.display = False

    def compose(self) -> ComposeResult:
        """The table, and the lines of the filter."""
        yield self.table
        yield self._filter

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to clear without a filter, so esc goes on to the pane."""
        return self._filter.display if action == "clear" else super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Type a filter, or go on with the one there is; the very next key is already part of it."""
        self._filter.display = True
        self._guide(self.entry.value)
        self.screen.set_focus(self.entry)

    def action_clear(self) -> None:
        """Take the filter away."""
        self.entry.value = ""
        self._leave()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _note_focus(self) -> None:
        self._filter.set_class(self.entry.has_focus, "-typing")

    def _keep(self) -> None:
        if not self._hint.has_class("-wrong"):  # else the sentence that says what is wrong would go
            self._leave()

    @on(Input.Changed)
    def _read(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value
        try:
            self._wanted = parse_filter(text, self.table.columns) if text.strip() else None
        except FilterError as error:
            self._complain(f"at {error.position + 1}: {error.message}")
        else:
            self._guide(text)
            self._aim = True
            self._narrow()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A defect of ours is said; the rows stay as they are."""
        if event.state is WorkerState.ERROR and event.worker.error:
            self._complain(Defect.of(event.worker.error).sentence())

    def show(self, rows: Sequence[R], *, searched: Sequence[R] | None = None) -> None:
        """Show the rows of a new refresh, through the filter that is set; it looks into all that is `searched`, where
        the rows sum some of that up.
        """
        self._rows, self._searched = rows, rows if searched is None else searched
        if self._narrowing is None or self._narrowing.is_finished:  # else it sees them when it is through
            self._narrow()

    def _narrow(self) -> None:
        if self._wanted is not None:
            self._narrowing = self._keep_only(self._wanted)
        else:
            self.workers.cancel_group(self, "narrow")
            self.table.show(self._rows)
            self._count(self._rows, self._rows, pinned=0)

    @work(exclusive=True, group="narrow", exit_on_error=False)
    async def _keep_only(self, wanted: Filter[R]) -> None:
        done, pinned = None, self._pinned
        while done is not self._searched:
            done = self._searched
            try:
                kept = await matching(done, lambda row: wanted(row) or pinned(row))
                self.table.show(done, kept)
                if self._aim:  # else a key would hit a row that only stands there because it must stay in sight
                    self.table.aim(wanted)
                self._count(kept, done, pinned=sum(pinned(row) and not wanted(row) for row in kept))
            except TooSlow as error:
                self._give_up(error)
                return
        self._aim = False

    def _give_up(self, error: TooSlow) -> None:
        self._wanted = None
        self._narrow()
        self._complain(f"{error.message} All rows are shown.")

    def _leave(self) -> None:
        self.screen.set_focus(self.table)
        self._filter.display = bool(self.entry.value.strip())
        self.refresh_bindings()

    def _count(self, kept: Sequence[R], among: Sequence[R], *, pinned: int) -> None:
        beside = f", {pinned:,} {self._pinned_as}{'s' if pinned > 1 else ''} kept" if pinned else ""
        _say(self._outcome, f"{len(kept) - pinned:,} of {len(among):,}{beside}")

    def _guide(self, text: str) -> None:
        self._hint.set_class(False, "-wrong")
        _say(self._hint, hint(text, self.table.columns))

    def _complain(self, text: str) -> None:
        self._hint.set_class(True, "-wrong")
        _say(self._hint, f"✖ {sanitise(text)}")


def _nothing(_: object) -> bool:
    return False


def _say(static: Static, text: str) -> None:
    if str(static.content) != text:
        static.update(text)
