"""The statements pane: what statements cost since the last reset or in the last interval, and what runs for long."""

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.iso import to_minute
from console.panes.statements import keys
from console.panes.statements.columns import COLUMNS, RUNNING
from console.panes.statements.models import Running, Snapshot, Statement
from console.panes.statements.service import ORDERS, Reader
from console.panes.statements.sums import StatementSums
from console.ui.commands import CommandTable, bindings
from console.ui.confirm import ConfirmScreen, Consent, Question
from console.ui.listing import Listing
from console.ui.pane import Pane
from console.ui.past import past_of
from console.ui.table import LineTable

PAST = "not all of them are known at an earlier moment"
"""Said of the counters that no list shows."""

NOTHING_RUNS = "nothing has run for more than a second"
"""Said where no statement is slow right now."""


class StillRunning(LineTable[Running]):
    """What runs for long; its cursor is drawn only while it has the keyboard."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Draw the cursor, or not."""
        self.update_node_styles(animate=False)


class StatementsPane(Pane[Database, Snapshot]):
    """What is slow, now and since the last reset."""

    NAME: ClassVar = "statements"
    TITLE: ClassVar = "Statements"
    SHORT: ClassVar = "Stmt"
    KEY: ClassVar = "4"
    INTERVAL: ClassVar = 5.0
    COMMAND_TABLE: ClassVar[CommandTable] = keys.PANE
    MORE: ClassVar[CommandTable] = keys.PAGE
    BINDINGS: ClassVar = bindings(keys.PANE)
    DEFAULT_CSS = """
    StatementsPane {
        & #running { height: 5; border-top: solid $panel; }
        & #running:blur > .line--cursor { color: $foreground; background: $background; text-style: none; }
        & .-alone > Listing { display: none; }
        & .-alone > #running { height: 1fr; border: none; }
    }
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.now = False
        """Whether the interval is shown, and not all since the last reset."""
        self._reader = Reader(database)
        self._listing: Listing[Statement] = Listing(
            COLUMNS, key=lambda s: s.key, as_json=Statement.as_json, empty="nothing to show yet, or nothing that fits"
        )
        self._still = StillRunning(RUNNING, key=lambda r: r.key, empty=NOTHING_RUNS, as_json=Running.as_json)
        self._still.id = "running"
        self._snapshot: Snapshot | None = None

    def head(self) -> ComposeResult:
        """What the figures stand for."""
        yield StatementSums()

    def body(self) -> ComposeResult:
        """The statements, and below them those that still run."""
        yield self._listing
        yield self._still

    async def load(self) -> Snapshot:
        """Ask for the dearest statements, by the column that the list is sorted by."""
        column = self._listing.table.sorted_by
        by = column.id if column is not None and column.id in ORDERS else "total"
        return await self._reader.read(by=by, now=self.now)

    def show(self, data: Snapshot) -> None:
        """Put them on screen."""
        before, self._snapshot = self._snapshot, data
        holds_keyboard = self.has_focus_within
        self.query_one(StatementSums).show(data)
        self._listing.disabled = bool(data.unavailable)
        self.query_one(".body").set_class(bool(data.unavailable), "-alone")
        self._still.empty = data.running_denied or NOTHING_RUNS
        self._still.show(data.running)
        self._listing.show(data.statements)
        if before is None or before.unavailable != data.unavailable:
            self.refresh_bindings()
            if holds_keyboard:
                self.take_focus()  # the list that had it has gone, or has come back

    def remark(self, data: Snapshot) -> str:
        """Why there are no statistics, or what is missing in them."""
        if data.unavailable:
            return data.unavailable
        if data.place is not None and data.place.track == "none":
            return "Nothing is counted: pg_stat_statements.track is none."
        if data.filling and data.place is not None:
            return (
                f"There is room for {data.place.largest:,} statements; what is thrown away is counted from zero when it"
                " comes back. Raise pg_stat_statements.max, and restart the server."
            )
        if data.totals is not None and data.totals.hidden and data.grant:
            return f"What others run is hidden from this role. A superuser can show it: {data.grant}"
        return ""

    def action_now(self) -> None:
        """Ask now, also since when is counted."""
        self._reader.forget()
        super().action_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without statistics there is neither an interval nor a statement to explain."""
        unavailable = self._snapshot is not None and bool(self._snapshot.unavailable)
        if unavailable and action in ("turn_view", "explain", "reset"):
            return False
        return super().check_action(action, parameters)

    def action_turn_view(self) -> None:
        """Show the interval, or everything since the last reset."""
        self.now = not self.now
        self.ask()

    def action_explain(self) -> None:
        """The plan of the statement under the cursor."""
        row = self._listing.table.rows.current
        if row is not None and self._listing.table.has_focus:
            self._open_statement(row, explained=True)

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if isinstance(event.row, Running):
            self._open_running(event.row)
        elif event.row is not None:
            self._open_statement(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _open_statement(self, row: Statement, *, explained: bool = False) -> None:
        from console.panes.statements.detail import page, plan_page, text_blocks, title
        from console.ui.detail import open_page

        if past_of(self.app) is not None:
            open_page(self, page(row, None, gone=PAST))
            return
        try:
            whole = await self._reader.whole(row)
            explain = partial(self._reader.plan, row, whole) if whole else None
            plan = await explain() if explained and explain else ""
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        told = plan_page(title(row), text_blocks(row, whole), plan) if plan else page(row, whole, explain)
        open_page(self, told)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _open_running(self, row: Running) -> None:
        from console.panes.statements.detail import running_page
        from console.services.activity import statement
        from console.ui.detail import open_page

        try:
            query = await statement(self.database, *row.key) if past_of(self.app) is None else row.query
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        open_page(self, running_page(row, query))

    def action_reset(self) -> None:
        """Ask whether all counters shall begin anew."""
        from console.panes.statements.reset import statement

        shown = self._snapshot
        if shown is None or shown.totals is None or shown.place is None or shown.place.schema_name is None:
            self.notify("There are no counters to reset.")
            return
        totals, schema = shown.totals, shown.place.schema_name
        question = Question(
            title="Reset pg_stat_statements",
            facts=[
                ("statements", f"{totals.entries:,}"),
                ("counted since", f"{to_minute(totals.reset)} UTC" if totals.reset else "the beginning"),
                ("sends", statement(schema)),
            ],
            consequence="The counters of all databases of this server begin again at zero, for everybody who reads"
            " them. What they said until now is gone.",
            verb="reset",
            reason=True,
        )

        def agreed(consent: Consent | None) -> None:
            still = self.still(consent)
            if still is not None:
                self._reset(schema, still.reason)

        self.app.push_screen(ConfirmScreen(question), agreed)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def _reset(self, schema: str, reason: str) -> None:
        from console.panes.statements.reset import reset

        try:
            kept = await reset(self.database, schema, reason)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", timeout=15)
            return
        self.notify(f"All counters begin anew. {kept.sentence}")
        self.action_now()
