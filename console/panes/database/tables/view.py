"""The tables tab: one line a table, however many parts it has."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult

from console.errors import ConsoleError
from console.panes.database.measuring import SizedPane
from console.panes.database.tables import service
from console.panes.database.tables.models import Table, Tables, measured
from console.panes.database.tables.rows import COLUMNS, facts
from console.ui.listing import Listing
from console.ui.past import past_of
from console.ui.table import LineTable


class TablesPane(SizedPane[Tables]):
    """Sizes, rows, dead rows, when each table was last cleaned up, how it is read."""

    NAME: ClassVar = "tables"
    TITLE: ClassVar = "Tables"
    INTERVAL: ClassVar = 30.0

    def body(self) -> ComposeResult:
        """The tables."""
        yield Listing(COLUMNS, key=lambda t: t.relation.oid, as_json=Table.as_json)

    async def load(self) -> Tables:
        """Ask for them."""
        return await service.read_tables(self.database)

    def show(self, data: Tables) -> None:
        """Put them on screen, with the sizes that were measured."""
        self.query_one(Listing).show(measured(data.tables, self.sizes or {}))

    def nothing(self, data: Tables) -> str:
        """An empty database."""
        return "" if data.tables else "This database has no tables of its own."

    def remark(self, data: Tables) -> str:
        """What could not be told, and that there are more."""
        return data.remark

    async def measure(self) -> dict[int, int]:
        """Look at every file."""
        return await service.measure(self.database)

    @on(LineTable.RowSelected)
    def _open(self, event: LineTable.RowSelected) -> None:
        if event.row is not None:
            self._detail(event.row)

    @work(exclusive=True, group="detail", exit_on_error=False)
    async def _detail(self, table: Table) -> None:
        from console.ui.detail import DetailScreen, open_page

        try:
            more = await service.detail(self.database, table) if past_of(self.app) is None else None
        except ConsoleError as error:
            self.notify(error.sentence(), severity="error")
            return
        open_page(self, DetailScreen(f"table {table.label}", facts(table, more)))
