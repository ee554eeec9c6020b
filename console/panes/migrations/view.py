"""The migrations pane: one line a migration, who holds the lock, what others have changed; from here plans are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.db.database import Database
from console.errors import ConsoleError
from console.panes.migrations.keys import PANE, SCREENS
from console.panes.migrations.models import Goal
from console.panes.migrations.rows import COLUMNS
from console.panes.migrations.standing import MigrationStanding
from console.ui.commands import CommandTable, bindings
from console.ui.listing import Listing
from console.ui.notice import State
from console.ui.pane import Pane
from console.ui.table import LineTable

if TYPE_CHECKING:  # the engine is read when the pane is first shown, not when the console starts
    from console.migrate.reports import MigrationStatus, Status
    from console.panes.migrations.service import Past


class MigrationsPane(Pane[Database, "Status"]):
    """Where the schema stands."""

    NAME: ClassVar = "migrations"
    TITLE: ClassVar = "Migrations"
    SHORT: ClassVar = "Migr"
    KEY: ClassVar = "8"
    INTERVAL: ClassVar = 5.0
    COMMAND_TABLE: ClassVar[CommandTable] = PANE
    MORE: ClassVar[CommandTable] = SCREENS
    BINDINGS: ClassVar = bindings(PANE)

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._status: Status | None = None
        self._drift = ""

    def head(self) -> ComposeResult:
        """The sum."""
        yield MigrationStanding()

    def body(self) -> ComposeResult:
        """The migrations."""
        yield Listing(COLUMNS, key=lambda m: m.label)

    def on_show(self) -> None:
        """What others have changed is asked when the pane is opened, not at each refresh: it reads the catalogue."""
        self._look_for_drift()

    def action_now(self) -> None:
        """Ask now, also for what others have changed."""
        super().action_now()
        self._look_for_drift()

    async def load(self) -> Status:
        """Ask where everything stands."""
        from console.panes.migrations import service

        return await service.standing(self.database)

    def show(self, data: Status) -> None:
        """Put it on screen."""
        self._status = data
        self.query_one(MigrationStanding).show(data)
        self.query_one(Listing).show(data.rows)

    def nothing(self, data: Status) -> str:
        """No files and no ledger."""
        return "" if data.rows else "There is no migration, neither in the folder nor in the database."

    def remark(self, data: Status) -> str:
        """Why it is not known what was applied, or who is at work; or what others have changed since."""
        return data.note or data.lock_note or self._drift

    async def past(self, row: MigrationStatus) -> Past:
        """Ask what the ledger tells of one migration."""
        from console.panes.migrations import service

        return await service.past(self.database, row)

    def action_plan(self) -> None:
        """What it would do to apply up to the row under the cursor, or to roll it back."""
        from console.panes.migrations import service

        row = self.query_one(Listing).table.rows.current
        if row is not None and self._status is not None:
            self._open_plan(service.goal_of(row, self._status.rows))

    def action_plan_all(self) -> None:
        """What it would do to apply all that is pending."""
        self._open_plan(Goal(back=False))

    def action_plan_last(self) -> None:
        """What it would do to roll back the one applied last."""
        self._open_plan(Goal(back=True))

    def _open_plan(self, goal: Goal) -> None:
        from console.panes.migrations.ahead import nothing_to_plan
        from console.panes.migrations.plan_view import PlanScreen  # reads the planner

        said = nothing_to_plan(goal, self._status.rows) if self._status is not None else ""
        if said:
            self.notify(said)
        elif self.app.screen is self.screen:  # a second key may be on its way already
            self.app.push_screen(PlanScreen(self, goal), lambda _: self.action_now())

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, row: MigrationStatus) -> None:
        from console.panes.migrations import detail, service
        from console.ui.detail import open_page

        try:
            texts = detail.texts(row)
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error", markup=False)
            return
        try:
            past = await self.past(row)
        except ConsoleError as error:  # the files can be read all the same
            past = service.Past(trouble=error.sentence())
        open_page(self, detail.MigrationScreen(self, row, past, texts))

    @work(exclusive=True, group="drift", exit_on_error=False)
    async def _look_for_drift(self) -> None:
        from console.panes.migrations import service

        try:
            self._drift = await service.drift(self.database)
        except ConsoleError:  # the rows will say why nothing can be had
            return
        if self._status is not None and self.state is State.DATA:
            self.arrived(self._status)
